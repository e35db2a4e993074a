import { useKit } from '../ui/kit-context.ts'
import { PRINTED_ROWS_MAX } from '../ui/print-table.tsx'
import { formatTime } from '../ui/time-format.ts'
import { useSession } from './session.ts'

const COUNT = new Intl.NumberFormat('en-IN')

type PrintedList = {
  /** The filter in words; empty when there is none. */
  filter: string
  /** Rows that are loaded, and whether more match. */
  count: number
  more: boolean
  /** How many match, in words, when it is known: "about 48,210". */
  total?: string | null
  asOf: Date
}

/** What stands above a list on paper (design §3.18): its filter, how much of it is there, as of when and for whom. */
export function usePrintedLines({ filter, count, more, total, asOf }: PrintedList): readonly string[] {
  const { timeZone } = useKit()
  const { user, account } = useSession()
  return [
    `Filter: ${filter === '' ? 'none' : filter}`,
    printedCount({ count, more, total: total ?? null }),
    `As of ${formatTime(asOf, 'full', timeZone)}. Printed by ${user.name} for ${account.name}, ${account.environment}.`,
  ]
}

/** "312 rows", "The first 500 rows of about 48,210." */
export function printedCount(list: { count: number; more: boolean; total: string | null }): string {
  const { count, more, total } = list
  const printed = Math.min(count, PRINTED_ROWS_MAX)
  const rows = `${COUNT.format(printed)} ${printed === 1 ? 'row' : 'rows'}`
  if (!more && printed === count) return rows
  const known = total ?? (more ? null : COUNT.format(count))
  return `The first ${rows}${known === null ? '; more match' : ` of ${known}`}.`
}
