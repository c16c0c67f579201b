import { expect, test } from 'vitest'
import { agoText, bytesText, counted, durationText } from './format'

test('durations have a unit that fits', () => {
  expect(durationText(0.0015)).toBe('1.5 ms')
  expect(durationText(0.08)).toBe('0.08 s')
  expect(durationText(59.6)).toBe('1 m 0 s')
  expect(durationText(3600 * 5 + 60 * 12)).toBe('5 h 12 m')
  expect(durationText(86400 * 3 + 3600 * 4)).toBe('3 d 4 h')
  expect(durationText(undefined)).toBe('')
})

test('sizes and counts', () => {
  expect(bytesText(512)).toBe('512 B')
  expect(bytesText(1536)).toBe('1.5 KiB')
  expect(bytesText(200 * 1024 * 1024)).toBe('200 MiB')
  expect(counted(1, 'run')).toBe('1 run')
  expect(counted(100000, 'task')).toBe('100\u202f000 tasks')
})

test('how long ago', () => {
  expect(agoText('2026-11-26T10:00:00Z', Date.parse('2026-11-26T10:00:40Z'))).toBe('40 s ago')
})
