// Numbers in a column stand under each other by their points: shorter fractions are filled up with spaces as wide as a
// figure. No digit is added or taken away.
export interface ColumnFormat {
  numbers: boolean // whether the column holds nothing else
  text: (value: unknown) => string
}

const isNumber = (value: unknown) => typeof value === 'number' || typeof value === 'bigint'
const NOT_FINITE = new Set(['NaN', 'Infinity', '-Infinity'])
const tailOf = (text: string) => {
  const point = text.search(/[.eE]/)
  return point < 0 ? 0 : text.length - point
}

export function columnFormat(values: readonly unknown[]): ColumnFormat {
  const known = values.filter((value) => value !== null && value !== undefined && value !== '')
  const numbers = known.length > 0 && known.every((value) => isNumber(value) || NOT_FINITE.has(String(value)))
  if (!numbers || !known.some(isNumber)) return { numbers: false, text: String }
  const longest = Math.max(...known.map((value) => tailOf(String(value))))
  return {
    numbers,
    text: (value) => {
      if (value === null || value === undefined || value === '') return ''
      const text = String(value)
      return text + ' '.repeat(longest - tailOf(text))
    },
  }
}
