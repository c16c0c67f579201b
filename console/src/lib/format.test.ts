import { expect, test } from 'vitest'
import { agoText, bytesText, clockText, counted, durationText, timeText } from './format'

test('durations have a unit that fits', () => {
  expect(durationText(0.0015)).toBe('1.5 ms')
  expect(durationText(0.08)).toBe('80 ms')
  expect(durationText(0.18)).toBe('0.18 s')
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
  const ago = (until: string) => agoText('2026-11-26T10:00:00Z', Date.parse(until))
  expect(ago('2026-11-26T10:00:40Z')).toBe('40 s ago')
  expect(ago('2026-11-26T13:59:00Z')).toBe('3 h ago')
  expect(ago('2026-12-01T10:00:00Z')).toBe('5 d ago')
  expect(ago('2026-11-26T09:59:00Z')).toBe('now')
})

test('times are shown in the zone that is asked for', () => {
  expect(clockText('2026-11-26T10:00:40Z', 'UTC')).toBe('10:00:40')
  expect(clockText('2026-11-26T10:00:40Z', 'Asia/Kolkata')).toBe('15:30:40')
  const now = new Date('2027-01-01T03:00:00Z')
  expect(timeText('2026-12-31T23:30:00Z', 'America/New_York', now)).toMatch(/18:30:00$/)
  expect(timeText('2026-12-31T23:30:00Z', 'America/New_York', now)).not.toMatch(/2026/) // there it is the same year
  expect(timeText('2026-12-31T23:30:00Z', 'UTC', now)).toMatch(/2026/)
})
