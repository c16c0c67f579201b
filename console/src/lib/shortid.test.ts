import { expect, test } from 'vitest'
import { digitsFor, shortId, shortPathspec } from './shortid'

test('an id is cut to what tells it apart', () => {
  expect(shortId(1763829152123456)).toBe('…123456')
  expect(shortId(17)).toBe('17')
  expect(shortId('last')).toBe('last')
  expect(shortPathspec('Flow/1763829152123456/compute/17')).toBe('Flow/…123456/compute/17')
  const ids = [1763829152000000, 1763829212000000]
  expect(digitsFor([1763829152123456, 1763829152123457])).toBe(6)
  expect(new Set(ids.map((id) => shortId(id, digitsFor(ids)))).size).toBe(2)
})
