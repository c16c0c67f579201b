// Colours that programs write for a terminal (ECMA-48 SGR), as pieces of text with a look.
export interface Look {
  color?: string // "c1" to "c15" of the palette, or "#rrggbb"
  background?: string
  bold?: boolean
  dim?: boolean
  italic?: boolean
  underline?: boolean
}
export interface Piece extends Look {
  text: string
}

const SEQUENCE = /\x1b\[([0-9;:]*)([@-~])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[@-Z\\-_]/g

/** `look` is that at the end of the line before; what is no colour is left out. */
export function piecesOf(line: string, look: Look = {}): { pieces: Piece[]; look: Look } {
  const pieces: Piece[] = []
  let at = 0
  const add = (text: string) => {
    if (text) pieces.push({ text, ...look })
  }
  for (const match of line.matchAll(SEQUENCE)) {
    add(line.slice(at, match.index))
    at = match.index + match[0].length
    if (match[2] === 'm') look = changed(look, match[1].split(/[;:]/).map(Number))
  }
  add(line.slice(at))
  return { pieces, look }
}

function changed(look: Look, codes: number[]): Look {
  let next = { ...look }
  for (let i = 0; i < codes.length; ++i) {
    const code = codes[i]
    if (code === 0) next = {}
    else if (code === 1) next.bold = true
    else if (code === 2) next.dim = true
    else if (code === 3) next.italic = true
    else if (code === 4) next.underline = true
    else if (code === 22) next = { ...next, bold: undefined, dim: undefined }
    else if (code === 23) next.italic = undefined
    else if (code === 24) next.underline = undefined
    else if (code >= 30 && code <= 37) next.color = `c${code - 30}`
    else if (code >= 90 && code <= 97) next.color = `c${code - 82}`
    else if (code >= 40 && code <= 47) next.background = `c${code - 40}`
    else if (code >= 100 && code <= 107) next.background = `c${code - 92}`
    else if (code === 39) next.color = undefined
    else if (code === 49) next.background = undefined
    else if (code === 38 || code === 48) {
      const [color, used] = extended(codes.slice(i + 1))
      if (code === 38) next.color = color
      else next.background = color
      i += used
    }
  }
  return next
}

/** What follows 38 or 48: "5;n" of 256 colours, or "2;r;g;b". */
function extended(codes: number[]): [string | undefined, number] {
  if (codes[0] === 2) return [hex(codes[1], codes[2], codes[3]), 4]
  if (codes[0] !== 5) return [undefined, 1]
  const n = codes[1]
  if (n < 16) return [`c${n}`, 2]
  if (n >= 232) return [hex(8 + 10 * (n - 232), 8 + 10 * (n - 232), 8 + 10 * (n - 232)), 2]
  const level = (x: number) => (x ? 55 + 40 * x : 0)
  return [hex(level(Math.floor((n - 16) / 36)), level(Math.floor((n - 16) / 6) % 6), level((n - 16) % 6)), 2]
}

function hex(...rgb: number[]): string {
  return '#' + rgb.map((x) => Math.min(255, Math.max(0, x || 0)).toString(16).padStart(2, '0')).join('')
}

/** What a progress bar that redraws its line has left standing. */
export function afterReturns(line: string): string {
  const end = line.endsWith('\r') ? line.slice(0, -1) : line
  return end.slice(end.lastIndexOf('\r') + 1)
}
