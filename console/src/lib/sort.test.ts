import { expect, test } from 'vitest'
import { nextSorting, sorted } from './sort'

test('a head goes through its orders', () => {
  expect(nextSorting(undefined, 'took', true)).toBe('-took')
  expect(nextSorting('-took', 'took', true)).toBe('took')
  expect(nextSorting('took', 'took', true)).toBe(undefined)
  expect(nextSorting('-took', 'name', false)).toBe('name')
})

test('what is not known comes last, and what is alike keeps its order', () => {
  const list = [{ n: 'a', x: 2 }, { n: 'b' }, { n: 'c', x: 10 }, { n: 'd', x: 2 }] as { n: string; x?: number }[]
  const names = (text?: string) => sorted(list, text, { x: (i) => i.x, n: (i) => i.n }).map((i) => i.n).join('')
  expect(names('x')).toBe('adcb')
  expect(names('-x')).toBe('cadb')
  expect(names('-n')).toBe('dcba')
  expect(names('nothing')).toBe('abcd')
  expect(sorted(['s10', 's9'], 'x', { x: (s) => s })).toEqual(['s9', 's10'])
})
