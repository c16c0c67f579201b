// Values as they are: JSON without loss, and what JSON has no form for, which the server tags (docs/formats/values.md).
import { parse } from 'lossless-json'

/** A number whose digits a JavaScript number would change: 9007199254740993, 1.0, -0.0. */
export class NumberText {
  constructor(readonly text: string) {}
  toString() {
    return this.text
  }
}

/** Each number keeps its text where JavaScript would write another. */
export function parseExact(text: string): unknown {
  return parse(text, undefined, (digits) => (String(Number(digits)) === digits ? Number(digits) : new NumberText(digits)))
}

// Integers that may lie beyond 2^53.
const LARGE = /[:,[\s-](?:9\d{15}|\d{17,})(?![\d.eE])/

/** An answer: its counts and times are plain numbers, integers beyond 2^53 keep their digits. */
export function parseAnswer(text: string): unknown {
  return LARGE.test(text) ? settled(parseExact(text), []) : JSON.parse(text)
}

/** An answer that holds values of people's, which stay exact. */
export function parseValues(text: string): unknown {
  return settled(parseExact(text), ['value', 'first', 'rows', 'min', 'max'])
}

function settled(value: unknown, exact: string[]): unknown {
  if (value instanceof NumberText) return /^-?\d+$/.test(value.text) && !Number.isSafeInteger(Number(value.text)) ? value : Number(value.text)
  if (Array.isArray(value)) return value.map((inside) => settled(inside, exact))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inside]) => [key, exact.includes(key) ? inside : settled(inside, exact)]))
}

type Tagged =
  | { kind: 'number'; text: string } // also NaN, infinities, integers of any size, complex numbers
  | { kind: 'bytes'; text: string; size: number }
  | { kind: 'pairs'; pairs: [unknown, unknown][] }

/** What is a value of its own though JSON holds it as an object; undefined: it is what it looks like. */
export function tagged(value: unknown): Tagged | undefined {
  if (value instanceof NumberText) return { kind: 'number', text: value.text }
  if (typeof value === 'number') return { kind: 'number', text: String(value) }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const [[tag, inside] = [], another] = Object.entries(value)
  if (another || tag === undefined) return undefined
  if (tag === '$float') return { kind: 'number', text: String(inside) }
  if (tag === '$int') return { kind: 'number', text: String(inside) }
  if (tag === '$complex') return { kind: 'number', text: complexText(inside as unknown[]) }
  if (tag === '$bytes') return bytesOf(String(inside))
  if (tag === '$map') return { kind: 'pairs', pairs: inside as [unknown, unknown][] }
  return undefined
}

function complexText(parts: unknown[]): string {
  const [re, im] = parts.map(valueText)
  return `${re}${im.startsWith('-') ? '' : '+'}${im}i`
}

/** Bytes as C and Python write them: letters as they are, the rest as \x7f. */
function bytesOf(base64: string): Tagged & { kind: 'bytes' } {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))
  const letter = (byte: number) => (byte >= 32 && byte < 127 && byte !== 34 && byte !== 92 ? String.fromCharCode(byte) : '\\x' + byte.toString(16).padStart(2, '0'))
  return { kind: 'bytes', text: `b"${Array.from(bytes, letter).join('')}"`, size: bytes.length }
}

export function isNumeric(value: unknown): boolean {
  return tagged(value)?.kind === 'number'
}

/** A value on one line, as one would write it: of JSON its text, besides NaN, b"\x00", 1+2i. */
export function valueText(value: unknown): string {
  const told = tagged(value)
  if (told?.kind === 'pairs') return `{${told.pairs.map(([key, inside]) => `${valueText(key)}: ${valueText(inside)}`).join(', ')}}`
  if (told) return told.text
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? ''
  return `{${Object.entries(value).map(([key, inside]) => `${JSON.stringify(key)}: ${valueText(inside)}`).join(', ')}}`
}
