import { expect, test } from 'vitest'
import { afterReturns, piecesOf } from './ansi'

test('colours become looks, other sequences vanish', () => {
  const { pieces, look } = piecesOf('a\x1b[1;31mred\x1b[0m b\x1b[2K\x1b]0;title\x07c')
  expect(pieces).toEqual([{ text: 'a' }, { text: 'red', bold: true, color: 'c1' }, { text: ' b' }, { text: 'c' }])
  expect(look).toEqual({})
})

test('256 colours and true colours', () => {
  expect(piecesOf('\x1b[38;5;196mx').pieces[0].color).toBe('#ff0000')
  expect(piecesOf('\x1b[48;2;1;2;3mx').pieces[0].background).toBe('#010203')
  expect(piecesOf('\x1b[38;5;9mx').pieces[0].color).toBe('c9')
})

test('a look goes on in the next line', () => {
  const first = piecesOf('\x1b[32mgreen')
  expect(piecesOf('still', first.look).pieces).toEqual([{ text: 'still', color: 'c2' }])
})

test('markup is text', () => {
  expect(piecesOf('<b onclick=x>').pieces).toEqual([{ text: '<b onclick=x>' }])
})

test('of a redrawn line the last stands', () => {
  expect(afterReturns('10 %\r50 %\r100 %')).toBe('100 %')
  expect(afterReturns('dos\r')).toBe('dos')
})
