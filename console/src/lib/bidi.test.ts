import { expect, test } from 'vitest'
import { shownDirections } from './bidi'

test('characters that turn directions are shown by their numbers, letters of any direction as they are', () => {
  expect(shownDirections('user\u202etxt.exe')).toBe('user⟦U+202E⟧txt.exe')
  expect(shownDirections('\u2066a\u2069\u200f')).toBe('⟦U+2066⟧a⟦U+2069⟧⟦U+200F⟧')
  expect(shownDirections('שלום مرحبا')).toBe('שלום مرحبا')
})
