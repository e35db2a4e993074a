/** Which of the selected orders a bulk refund is made of, and why the others are left out. */
import { BULK_SELECTION_MAX } from '../../../server/domain/bulk-row.ts'
import { UNREFUNDABLE, UNREFUNDABLE_WORDS } from '../../../server/domain/refund-block.ts'
import type { AllMatching, OrderRow } from './order-types.ts'

export type RefundPlan = {
  /** How many are selected, and how many of those go. */
  size: number
  going: number
  /** What is left of those that go, in the currency of the account. */
  minor: bigint
  currency: string
  /** Kinds of orders that are left out; `refs` are those that are known one by one. */
  out: readonly { words: string; count: number; refs: readonly string[] }[]
}

const COUNT = new Intl.NumberFormat('en-IN')

/** The selected rows that go: a batch is in the currency of its account. */
export function refundableRows(rows: readonly OrderRow[], currency: string): readonly OrderRow[] {
  return rows.filter((row) => row.unrefundable === null && row.currency === currency)
}

/** The plan of rows that are here; `changed` more were selected and did not come back as they changed since. */
export function planOfRows(rows: readonly OrderRow[], currency: string, changed = 0): RefundPlan {
  const going = refundableRows(rows, currency)
  const foreign = rows.filter((row) => row.unrefundable === null && row.currency !== currency)
  const kinds = [
    ...UNREFUNDABLE.map((kind) => ({
      words: UNREFUNDABLE_WORDS[kind],
      rows: rows.filter((row) => row.unrefundable === kind),
    })),
    ...[...new Set(foreign.map((row) => row.currency))].map((other) => ({
      words: foreignWords(other, currency),
      rows: foreign.filter((row) => row.currency === other),
    })),
  ]
  return {
    size: rows.length + changed,
    going: going.length,
    minor: going.reduce((sum, { leftMinor }) => sum + leftMinor, 0n),
    currency,
    out: [
      ...kinds
        .filter((kind) => kind.rows.length > 0)
        .map((kind) => ({
          words: kind.words,
          count: kind.rows.length,
          refs: kind.rows.map(({ orderRef }) => orderRef),
        })),
      ...(changed > 0 ? [{ words: 'Changed since they were selected', count: changed, refs: [] }] : []),
    ],
  }
}

/** The plan of all that match, as the server counted them. */
export function planOfAll({ count, sums, blocked }: AllMatching, currency: string): RefundPlan {
  const own = sums.find((sum) => sum.currency === currency)
  return {
    size: count,
    going: own?.refundable ?? 0,
    minor: own?.refundableMinor ?? 0n,
    currency,
    out: [
      ...blocked.map((kind) => ({ words: UNREFUNDABLE_WORDS[kind.reason], count: kind.count, refs: [] })),
      ...sums
        .filter((sum) => sum.currency !== currency && sum.refundable > 0)
        .map((sum) => ({
          words: foreignWords(sum.currency, currency),
          count: sum.refundable,
          refs: [],
        })),
    ],
  }
}

function foreignWords(other: string, currency: string): string {
  return `In ${other}, and a bulk refund is in ${currency}`
}

/** "3", or "2 of 3" when some are left out. */
export function goingText({ going, size }: RefundPlan): string {
  return going === size ? COUNT.format(size) : `${COUNT.format(going)} of ${COUNT.format(size)}`
}

/** Why the plan cannot be carried out here, and what to do; null when it can. `all`: of all that match. */
export function planProblem({ size, going, out }: RefundPlan, all: boolean): string | null {
  const [first] = out
  if (going === 0) return out.length === 1 && first ? `${first.words}.` : 'None of these can be refunded.'
  const few = going <= BULK_SELECTION_MAX && size <= SELECTION_READ_MAX
  if (few) return null
  const what = going > BULK_SELECTION_MAX ? `At most ${BULK_SELECTION_MAX} refunds` : READ_LIMIT
  const ways = all ? 'Narrow the filter, for example by refundable:>0' : 'Select fewer'
  return `${what} at once. ${ways}, or upload a file of order IDs in Bulk refunds.`
}

/** Selected orders that are read to make a batch of those that go. */
export const SELECTION_READ_MAX = 5_000
const READ_LIMIT = `At most ${COUNT.format(SELECTION_READ_MAX)} orders are looked through`
