import { expect, test } from 'vitest'
import { isNumeric, NumberText, parseAnswer, parseExact, parseValues, tagged, valueText } from './exact'

test('values keep their digits', () => {
  const texts = ['9007199254740993', '12345678901234567890', '-9223372036854775808', '1.0', '-0.0', '1e+300', '0.1', '0', '17', '-3']
  for (const text of texts) expect(valueText(parseExact(text))).toBe(text)
  expect(valueText(parseExact('[9007199254740993, {"a": -0.0}]'))).toBe('[9007199254740993, {"a": -0.0}]')
})

test('what JSON has no numbers for is no text, and a text is none of them', () => {
  const shown = (value: unknown) => valueText(parseExact(JSON.stringify(value)))
  expect(shown({ $float: 'NaN' })).toBe('NaN')
  expect(shown('NaN')).toBe('"NaN"')
  expect(shown([{ $float: '-Infinity' }, { $int: '123456789012345678901234567890' }])).toBe('[-Infinity, 123456789012345678901234567890]')
  expect(shown({ $complex: [1.5, -2] })).toBe('1.5-2i')
  expect(shown({ $complex: [{ $float: 'NaN' }, 0] })).toBe('NaN+0i')
  expect(shown({ $bytes: btoa('a"\0') })).toBe('b"a\\x22\\x00"')
  expect(shown({ $map: [['$float', 'NaN'], [7, [1]]] })).toBe('{"$float": "NaN", 7: [1]}')
  expect(isNumeric({ $float: 'NaN' })).toBe(true)
  expect(isNumeric('NaN')).toBe(false)
  expect(tagged({ $float: 'NaN', more: 1 })).toBe(undefined)
})

test('answers are plain numbers but for integers beyond 2^53', () => {
  const answer = parseAnswer('{"run": 9007199254740993, "tasks": 3, "seconds": 1.0, "created": "2026"}') as Record<string, unknown>
  expect(answer.run).toBeInstanceOf(NumberText)
  expect(String(answer.run)).toBe('9007199254740993')
  expect([answer.tasks, answer.seconds]).toEqual([3, 1])
  expect(parseAnswer('{"run": 1763829152123456, "x": [12345678901234567, 0.12345678901234567]}')).toMatchObject({ run: 1763829152123456 })
  expect(String((parseAnswer('[12345678901234567890]') as unknown[])[0])).toBe('12345678901234567890')
  expect((parseAnswer('[12345678901234567.5, 9007199254740993]') as unknown[])[0]).toBe(12345678901234568)
})

test('in an answer with values only those stay as they were written', () => {
  const answer = parseValues('{"seconds": 1.0, "preview": {"value": [1.0, 2]}, "rows": [[-0.0]]}') as never as { seconds: number; preview: { value: unknown }; rows: unknown }
  expect(answer.seconds).toBe(1)
  expect([valueText(answer.preview.value), valueText(answer.rows)]).toEqual(['[1.0, 2]', '[[-0.0]]'])
})
