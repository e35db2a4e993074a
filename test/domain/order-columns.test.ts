import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { copyName, VIEW_NAME_MAX } from '../../server/domain/list-view.ts'
import {
  arrangeColumns,
  ORDER_COLUMNS,
  readColumns,
  USUAL_COLUMNS,
  writeColumns,
} from '../../server/domain/order-columns.ts'

const anyIds = fc.uniqueArray(fc.constantFrom(...ORDER_COLUMNS.map(({ id }) => id)))

describe('the columns of an address', () => {
  test('nothing is the usual columns, and the usual columns are nothing', () => {
    expect(readColumns(undefined).ids).toEqual(USUAL_COLUMNS)
    expect(writeColumns(USUAL_COLUMNS)).toBeUndefined()
  })

  test('a word that names no column is told and left out', () => {
    expect(readColumns('order,foo,amount,bar,status,foo')).toEqual({
      ids: ['order', 'amount', 'status'],
      unknown: ['foo', 'bar'],
    })
  })

  test('whatever is chosen, order, amount and status are there, pinned ones first, each once', () => {
    fc.assert(
      fc.property(anyIds, (ids) => {
        const shown = arrangeColumns(ids)
        expect(shown).toEqual(expect.arrayContaining(['order', 'amount', 'status', ...ids]))
        expect(new Set(shown).size).toBe(shown.length)
        const pinned = shown.map((id) => ORDER_COLUMNS.find((column) => column.id === id)?.pinned === true)
        expect(pinned).toEqual([...pinned].sort((a, b) => Number(b) - Number(a)))
      }),
    )
  })

  test('what is written is read back the same', () => {
    fc.assert(
      fc.property(anyIds, (ids) => {
        const shown = arrangeColumns(ids)
        expect(readColumns(writeColumns(shown))).toEqual({ ids: shown, unknown: [] })
      }),
    )
  })

  test('columns that can be moved keep the order they were given', () => {
    expect(readColumns('error,amount,status,method').ids).toEqual([
      'order',
      'error',
      'amount',
      'status',
      'method',
    ])
  })
})

test('the name of a copy is free and not too long', () => {
  const names = fc.string({ minLength: 1, maxLength: VIEW_NAME_MAX })
  fc.assert(
    fc.property(names, fc.nat({ max: 5 }), (name, copies) => {
      const taken = new Set([name])
      for (let i = 0; i < copies; i += 1) taken.add(copyName(name, taken))
      const next = copyName(name, taken)
      expect(taken.has(next)).toBe(false)
      expect(next.length).toBeLessThanOrEqual(VIEW_NAME_MAX)
    }),
  )
})
