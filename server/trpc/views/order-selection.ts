import { UNREFUNDABLE, type SelectionSum, type Unrefundable } from '../../store/orders-selection.ts'

/** All orders that match, pinned: what actions on "all matching" are given (order-selection.ts of trpc). */
export type OrderSelectionView = {
  token: string
  asOf: Date
  count: number
  /** Per currency: what the orders came to, and what is left to refund of those that can be refunded. */
  sums: { currency: string; count: number; amountMinor: bigint; refundableMinor: bigint }[]
  /** How many can be refunded, and why the others cannot. */
  refundable: number
  blocked: { reason: Unrefundable; words: string; count: number }[]
}

const BLOCK_WORDS: Readonly<Record<Unrefundable, string>> = {
  not_charged: 'Nothing was charged',
  overrun: 'More than was charged is refunded or on its way',
  nothing_left: 'Nothing is left to refund',
  unconfirmed: 'Juspay has not confirmed the payment yet',
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
        refundableMinor: rows.reduce((sum, row) => sum + row.leftMinor, 0n),
      }
    }),
    refundable: count(sums.filter((row) => row.blocked === null)),
    blocked: UNREFUNDABLE.flatMap((reason) => {
      const blocked = count(sums.filter((row) => row.blocked === reason))
      return blocked === 0 ? [] : [{ reason, words: BLOCK_WORDS[reason], count: blocked }]
    }),
  }
}
