import { UNREFUNDABLE, type Unrefundable } from '../../domain/refund-block.ts'
import type { SelectionSum } from '../../store/orders-selection.ts'

/** All orders that match, pinned: what actions on "all matching" are given (order-selection.ts of trpc). */
export type OrderSelectionView = {
  token: string
  asOf: Date
  count: number
  /** Per currency: what the orders came to, how many can be refunded, and what is left to refund of those. */
  sums: {
    currency: string
    count: number
    amountMinor: bigint
    refundable: number
    refundableMinor: bigint
  }[]
  /** How many cannot be refunded and why. */
  blocked: { reason: Unrefundable; count: number }[]
}

/** The sums of a selection as its bar shows them. */
export function orderSelectionView(
  sums: readonly SelectionSum[],
  pinned: { token: string; asOf: Date },
): OrderSelectionView {
  const count = (rows: readonly SelectionSum[]): number => rows.reduce((n, row) => n + Number(row.count), 0)
  const currencies = [...new Set(sums.map(({ currency }) => currency))]
  return {
    ...pinned,
    count: count(sums),
    sums: currencies.map((currency) => {
      const rows = sums.filter((row) => row.currency === currency)
      return {
        currency,
        count: count(rows),
        amountMinor: rows.reduce((sum, row) => sum + row.amountMinor, 0n),
        refundable: count(rows.filter((row) => row.blocked === null)),
        refundableMinor: rows.reduce((sum, row) => sum + row.leftMinor, 0n),
      }
    }),
    blocked: UNREFUNDABLE.flatMap((reason) => {
      const blocked = count(sums.filter((row) => row.blocked === reason))
      return blocked === 0 ? [] : [{ reason, count: blocked }]
    }),
  }
}
