// Numbers in a column stand under each other by their points: shorter fractions are filled up with spaces as wide as a
// figure. No digit is added or taken away.
import { isNumeric, valueText } from './exact'

export interface ColumnFormat {
  numbers: boolean // whether the column holds nothing else
  text: (value: unknown) => string
}

const tailOf = (text: string) => {
  const point = text.search(/[.eE]/)
  return point < 0 ? 0 : text.length - point
}

export function columnFormat(values: readonly unknown[]): ColumnFormat {
  const known = values.filter((value) => value !== null && value !== undefined && value !== '')
  if (!known.length || !known.every(isNumeric)) return { numbers: false, text: valueText }
  const longest = Math.max(...known.map((value) => tailOf(valueText(value))))
  return {
    numbers: true,
    text: (value) => {
      if (value === null || value === undefined || value === '') return ''
      const text = valueText(value)
      return text + ' '.repeat(longest - tailOf(text))
    },
  }
}
