/** Words and run of approving several requests in one go. */
import { formatMoney } from '../../../server/domain/money.ts'
import { toActProblem } from '../../lib/errors.ts'
import { announce } from '../../ui/announcer.tsx'
import type { ConfirmOutcome } from '../../ui/confirm-store.ts'
import type { ApprovalRow } from './approval-types.ts'
import { amountText } from './approval-words.ts'

/** "3 refunds". */
export function countOf(rows: readonly ApprovalRow[]): string {
  return `${rows.length} ${rows.length === 1 ? 'refund' : 'refunds'}`
}

/** The sum per currency: currencies are never added. */
export function totalText(rows: readonly ApprovalRow[]): string {
  const totals = new Map<string, bigint>()
  for (const row of rows) totals.set(row.currency, (totals.get(row.currency) ?? 0n) + row.amountMinor)
  return [...totals].map(([currency, minor]) => formatMoney({ minor, currency })).join(' and ')
}

/** Approves one after the other. Those that fail stay as they are, and are named with their reason. */
export async function runTogether(
  rows: readonly ApprovalRow[],
  approve: (row: ApprovalRow) => Promise<unknown>,
): Promise<ConfirmOutcome> {
  const failed: string[] = []
  for (const row of rows) {
    try {
      await approve(row)
    } catch (error) {
      const { title } = toActProblem(error)
      failed.push(`${amountText(row)} of order ${row.orderRef}: ${title}`)
    }
  }
  const done = rows.length - failed.length
  announce(`${done} of ${rows.length} approved.`)
  if (failed.length === 0) return { kind: 'done' }
  return { kind: 'refused', title: `${done} of ${rows.length} approved.`, message: failed.join(' ') }
}
