import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  MENTIONS_MAX,
  mentionsIn,
  NOTE_MAX_LENGTH,
  noteParts,
  noteText,
} from '../../server/domain/order-note.ts'
import { nameBeingTyped, withName } from '../../client/features/orders/note-names.ts'

const people = [
  { id: 'u1', name: 'Asha' },
  { id: 'u2', name: 'Asha Menon' },
  { id: 'u3', name: 'रोहन दास' },
]

describe('whom a note names', () => {
  test.each([
    ['@Asha Menon look', ['u2']],
    ['ask @asha, then @ASHA MENON', ['u1', 'u2']],
    ['@Ashamed is no name, nor is mail@Asha', []],
    ['(@रोहन दास)', ['u3']],
    ['@रोहन दासी', []],
    ['@Asha @Asha', ['u1']],
    ['@@Asha', ['u1']],
    ['@', []],
  ])('%s', (text, ids) => {
    expect(mentionsIn(text, people)).toEqual(ids)
  })

  test('the parts are the text, whatever it is', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom('@', '@Asha', '@Asha Menon', ' ', '@रोहन दास'))
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join('')
        expect(
          noteParts(text, people)
            .map((part) => part.text)
            .join(''),
        ).toBe(text)
      }),
    )
  })

  test('at most twenty', () => {
    const many = Array.from({ length: MENTIONS_MAX + 1 }, (_, i) => ({ id: `p${i}`, name: `Person${i}x` }))
    expect(() => mentionsIn(many.map(({ name }) => `@${name}`).join(' '), many)).toThrow(/at most 20/)
  })
})

test('the text has no edges and a length', () => {
  expect(noteText('  a\r\nb ')).toBe('a\nb')
  expect(() => noteText(' \n ')).toThrow()
  expect(noteText('x'.repeat(NOTE_MAX_LENGTH))).toHaveLength(NOTE_MAX_LENGTH)
  expect(() => noteText('x'.repeat(NOTE_MAX_LENGTH + 1))).toThrow(/2,000/)
})

test('a name is offered while it is typed, and put in its place', () => {
  expect(nameBeingTyped('see @As')).toBe('As')
  expect(nameBeingTyped('@')).toBe('')
  expect(nameBeingTyped('mail@As')).toBeNull()
  expect(nameBeingTyped('no name')).toBeNull()
  expect(withName('see @As', 'Asha Menon')).toBe('see @Asha Menon ')
})
