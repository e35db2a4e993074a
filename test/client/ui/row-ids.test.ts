import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rememberIds } from '../../../client/ui/use-row-ids.ts'

type Row = { id: string }
const idOf = ({ id }: Row): string => id

test('are those of the rows, whatever came, went, moved or was put in the place of another', () => {
  const lists = fc.array(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 12 }), { maxLength: 10 })
  const rows = Array.from({ length: 21 }, (_, n): Row => ({ id: `ord_${n}` }))
  fc.assert(
    fc.property(lists, (drawings) => {
      const idsOf = rememberIds<Row>()
      for (const drawing of drawings) {
        const drawn = drawing.flatMap((n) => rows[n] ?? [])
        expect(idsOf(drawn, idOf)).toEqual(drawn.map(idOf))
      }
    }),
  )
})

test('are asked for once of a row that stays, and anew by another function', () => {
  const asked: string[] = []
  const noting = (row: Row) => {
    asked.push(row.id)
    return row.id
  }
  const [a, b, c] = [{ id: 'A' }, { id: 'B' }, { id: 'C' }]
  const idsOf = rememberIds<Row>()
  idsOf([a, b], noting)
  expect(idsOf([a, b, c], noting)).toEqual(['A', 'B', 'C'])
  expect(asked).toEqual(['A', 'B', 'C'])
  expect(idsOf([a, b], ({ id }) => id.toLowerCase())).toEqual(['a', 'b'])
})
