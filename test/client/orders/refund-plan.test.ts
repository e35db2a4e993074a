import { describe, expect, test } from 'vitest'
import { goingText, planOfAll, planOfRows, planProblem } from '../../../client/features/orders/refund-plan.ts'
import { orderRow } from './order-row.ts'

const AT = new Date('2026-11-22T09:00:00Z')
const ROWS = [
  orderRow(1),
  orderRow(2, { unrefundable: 'nothing_left', leftMinor: 0n }),
  orderRow(3, { unrefundable: 'not_charged', leftMinor: 0n }),
  orderRow(4, { currency: 'USD' }),
  orderRow(5, { leftMinor: 2_500n }),
]

describe('a plan to refund what is selected', () => {
  test('counts and adds up what goes, and says of the rest which and why', () => {
    const plan = planOfRows(ROWS, 'INR')
    expect(plan).toMatchObject({ size: 5, going: 2, minor: 12_500n })
    expect(goingText(plan)).toBe('2 of 5')
    expect(plan.out).toEqual([
      { words: 'Order is not charged', count: 1, refs: ['ord_3'] },
      { words: 'Nothing left to refund', count: 1, refs: ['ord_2'] },
      { words: 'In USD, and a bulk refund is in INR', count: 1, refs: ['ord_4'] },
    ])
    expect(planProblem(plan, false)).toBeNull()
  })

  test('counts those that changed since they were selected among what is left out', () => {
    const plan = planOfRows(ROWS.slice(0, 1), 'INR', 2)
    expect(goingText(plan)).toBe('1 of 3')
    expect(plan.out).toEqual([{ words: 'Changed since they were selected', count: 2, refs: [] }])
    expect(planProblem(planOfRows([], 'INR', 2), true)).toBe('Changed since they were selected.')
  })

  test('of all that match is what the server counted', () => {
    const plan = planOfAll(
      {
        token: 'all',
        asOf: AT,
        count: 700,
        sums: [
          { currency: 'INR', count: 690, amountMinor: 1n, refundable: 600, refundableMinor: 60_000n },
          { currency: 'USD', count: 10, amountMinor: 1n, refundable: 4, refundableMinor: 400n },
        ],
        blocked: [{ reason: 'unconfirmed', count: 96 }],
      },
      'INR',
    )
    expect(plan).toMatchObject({ going: 600, minor: 60_000n })
    expect(plan.out.map(({ words, count }) => [words, count])).toEqual([
      ['Juspay has not confirmed the payment yet', 96],
      ['In USD, and a bulk refund is in INR', 4],
    ])
    expect(planProblem(plan, true)).toBe(
      'At most 500 refunds at once. Narrow the filter, for example by refundable:>0, or upload a file of order IDs in Bulk refunds.',
    )
  })

  test('is as large as what goes, not as what is selected', () => {
    const plan = { ...planOfRows(ROWS, 'INR'), size: 900, going: 500 }
    expect(planProblem(plan, false)).toBeNull()
    expect(planProblem({ ...plan, going: 501 }, false)).toMatch(/^At most 500 refunds at once. Select fewer/)
    expect(planProblem({ ...plan, size: 5_001 }, true)).toMatch(/^At most 5,000 orders are looked through/)
  })

  test('without anything that goes says why', () => {
    expect(planProblem(planOfRows(ROWS.slice(1, 2), 'INR'), false)).toBe('Nothing left to refund.')
    expect(planProblem(planOfRows(ROWS.slice(1, 3), 'INR'), false)).toBe('None of these can be refunded.')
  })
})
