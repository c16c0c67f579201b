import { expect, test } from 'vitest'
import { NumberText } from './exact'
import { columnFormat } from './numbers'

test('numbers stand under each other by their points', () => {
  const format = columnFormat([1, 2.5, null, 10.125, { $float: 'NaN' }])
  expect(format.numbers).toBe(true)
  expect([1, 2.5, 10.125].map(format.text)).toEqual(['1    ', '2.5  ', '10.125'])
  expect(format.text(null)).toBe('')
  expect(columnFormat([new NumberText('9007199254740993'), 1.5]).text(new NumberText('9007199254740993'))).toBe('9007199254740993  ')
})

test('a column with anything else is text', () => {
  expect(columnFormat([1, 'x']).numbers).toBe(false)
  expect(columnFormat([null]).numbers).toBe(false)
  expect(columnFormat(['NaN']).numbers).toBe(false)
})
