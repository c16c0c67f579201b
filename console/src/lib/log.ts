// Lines of a log as they grow, and what is found in them.
import type { LogLine } from '../api/types'
import { afterReturns, type Piece } from './ansi'

/**
 * The lines of two windows, of which `later` begins where the other ended: a line that had no newline yet goes on with
 * the first one of its stream. So a log that was watched has the lines of one that is read.
 */
export function joined(lines: LogLine[], later: LogLine[]): LogLine[] {
  const all = [...lines]
  const seen = new Set<string>()
  const added: LogLine[] = []
  for (const line of later) {
    const of = line.attempt + line.stream
    const first = !seen.has(of)
    seen.add(of)
    const at = first ? all.map((l) => (l.left_out ? '' : l.attempt + l.stream)).lastIndexOf(of) : -1
    const before = all[at]
    if (!before?.open) added.push(line)
    else if (line.left_out) {
      added.push(line)
      all[at] = { ...before, open: undefined }
    } else all[at] = { ...line, text: redrawn(before.text + line.text), position: before.position, time: before.time, cut: line.cut }
  }
  return [...all, ...added].sort((a, b) => a.position - b.position)
}

/** As the server keeps a line that is drawn anew; a return at its very end may still be followed by what replaces it. */
function redrawn(text: string): string {
  return afterReturns(text) + (text.endsWith('\r') ? '\r' : '')
}

/** Where words stand in a text, whatever the case: [begin, end) pairs. */
export function places(text: string, words: string): [number, number][] {
  const low = lower(text)
  const wanted = lower(words)
  const found: [number, number][] = []
  if (!wanted) return found
  for (let at = low.indexOf(wanted); at >= 0; at = low.indexOf(wanted, at + wanted.length)) found.push([at, at + wanted.length])
  return found
}

/** Letter for letter, so that places in it are places in the text. */
function lower(text: string): string {
  return Array.from(text, (letter) => (letter.toLowerCase().length === letter.length ? letter.toLowerCase() : letter)).join('')
}

/** Pieces of a line, cut so that each is within a hit or outside of all. */
export function withHits(pieces: Piece[], words: string): (Piece & { hit?: boolean })[] {
  const hits = places(pieces.map((piece) => piece.text).join(''), words)
  if (!hits.length) return pieces
  const cut: (Piece & { hit?: boolean })[] = []
  let at = 0
  for (const piece of pieces) {
    const end = at + piece.text.length
    let from = at
    for (const [begin, over] of hits) {
      if (over <= from || begin >= end) continue
      if (begin > from) cut.push({ ...piece, text: piece.text.slice(from - at, begin - at) })
      cut.push({ ...piece, text: piece.text.slice(Math.max(begin, from) - at, Math.min(over, end) - at), hit: true })
      from = Math.min(over, end)
    }
    if (from < end) cut.push({ ...piece, text: piece.text.slice(from - at) })
    at = end
  }
  return cut
}
