import { expect, test } from 'vitest'
import type { LogLine } from '../api/types'
import { joined, places, withHits } from './log'

const line = (position: number, text: string, more: Partial<LogLine> = {}): LogLine => ({ position, text, time: '', stream: 'out', attempt: 0, ...more })

test('a line that goes on is one line', () => {
  const first = [line(1, 'a'), line(2, 'hel', { open: true }), line(3, 'oops', { stream: 'err' })]
  const all = joined(first, [line(9, 'lo'), line(10, 'next', { open: true })])
  expect(all.map((l) => [l.position, l.text])).toEqual([[1, 'a'], [2, 'hello'], [3, 'oops'], [10, 'next']])
  expect(joined(all, [line(11, '')]).map((l) => l.text)).toEqual(['a', 'hello', 'oops', 'next'])
  expect(joined(first, [line(9, 'new', { attempt: 1 })]).map((l) => l.text)).toEqual(['a', 'hel', 'oops', 'new'])
})

test('a progress bar stands as it was drawn last', () => {
  let lines = [line(1, '10%', { open: true })]
  lines = joined(lines, [line(2, '\r20%\r', { open: true })])
  lines = joined(lines, [line(3, '30%', { open: true })])
  expect(lines.map((l) => l.text)).toEqual(['30%'])
  expect(joined(lines, [line(4, ''), line(5, 'done')]).map((l) => l.text)).toEqual(['30%', 'done'])
})

test('a gap ends the line before it', () => {
  const gap = line(5, '[left out]', { left_out: { bytes: 3, lines: 1 } })
  expect(joined([line(1, 'a', { open: true })], [gap, line(6, 'b')]).map((l) => l.text)).toEqual(['a', '[left out]', 'b'])
})

test('hits are found whatever the case, and across colours', () => {
  expect(places('Ärger ärgert ÄRGER', 'ärger')).toEqual([[0, 5], [6, 11], [13, 18]])
  expect(places('İstanbul', 'ist')).toEqual([])
  expect(places('x', '')).toEqual([])
  const pieces = withHits([{ text: 'ab', color: 'c1' }, { text: 'cd' }], 'BC')
  expect(pieces).toEqual([{ text: 'a', color: 'c1' }, { text: 'b', color: 'c1', hit: true }, { text: 'c', hit: true }, { text: 'd' }])
})
