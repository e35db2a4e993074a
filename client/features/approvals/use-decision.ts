import { useMutation, useQueryClient } from '@tanstack/react-query'
import { refusalOf, toActProblem } from '../../lib/errors.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { announce } from '../../ui/announcer.tsx'
import { confirm, type ConfirmOutcome } from '../../ui/confirm-store.ts'
import { useKit } from '../../ui/kit-context.ts'
import { toast } from '../../ui/toasts.tsx'
import type { ApprovalRow } from './approval-types.ts'
import { countOf, runTogether, totalText } from './approve-together.ts'
import { amountText, endedText } from './approval-words.ts'
import { useRenewApprovals } from './use-approvals.ts'

/** Answers after which somebody else's decision stands. */
const LOST_RACE: ReadonlySet<string> = new Set(['already_decided', 'request_expired', 'not_withdrawable'])

/** What came of an act that asked nothing more: done, or the words for why not. */
export type ActResult = ConfirmOutcome

/**
 * The acts of the inbox. What is sent carries the hash of exactly what was shown, so that the server refuses a decision
 * about anything else. Pressing Approve under the facts is the decision; the key asks first and restates them, because
 * a key is pressed by mistake more easily.
 */
export function useDecision() {
  const trpc = useTRPC()
  const client = useQueryClient()
  const { timeZone } = useKit()
  const renew = useRenewApprovals()
  const decide = useMutation(trpc.approvals.decide.mutationOptions())
  const withdraw = useMutation(trpc.approvals.withdraw.mutationOptions())

  /** Runs an act; when somebody was faster, says who. */
  async function attempt(row: ApprovalRow, act: () => Promise<{ message: string }>): Promise<ConfirmOutcome> {
    try {
      const { message } = await act()
      toast.success(message)
      announce(message)
      return { kind: 'done' }
    } catch (error) {
      const refusal = refusalOf(error)
      const problem = toActProblem(error)
      if (!refusal || !LOST_RACE.has(refusal.code)) return { kind: 'refused', ...problem }
      const title = await whoDecided(row).catch(() => problem.title)
      return { kind: 'refused', title, message: 'Your decision was not needed and changed nothing.' }
    }
  }

  async function whoDecided(row: ApprovalRow): Promise<string> {
    const options = trpc.refunds.get.queryOptions({ id: row.requestId }, { staleTime: 0, retry: false })
    return endedText(await client.fetchQuery(options), timeZone)
  }

  async function ask(request: Parameters<typeof confirm>[0]): Promise<boolean> {
    const done = await confirm(request)
    // Cancelled or not: after a lost race the list has to show who decided.
    await renew()
    return done
  }

  const approveNow = (row: ApprovalRow) =>
    attempt(row, () => decide.mutateAsync({ ...decisionOn(row), decision: 'approve', note: null }))

  return {
    /** Approves what is on show, without another question. */
    async approveShown(row: ApprovalRow): Promise<ActResult> {
      const result = await approveNow(row)
      await renew()
      return result
    },
    /** Approves several, one after the other, each for itself. */
    approveTogether: (rows: readonly ApprovalRow[]) =>
      ask({
        title: `Approve ${countOf(rows)}, ${totalText(rows)} in all?`,
        facts: rows.map((row) => ({
          label: row.orderRef,
          value: `${amountText(row)}, ${row.requestedBy.name}`,
        })),
        next: [
          'Each is checked and sent to Juspay by itself. One may fail while the others go.',
          'What is sent cannot be cancelled.',
        ],
        verb: `Approve ${countOf(rows)}, ${totalText(rows)}`,
        run: () =>
          runTogether(rows, (row) =>
            decide.mutateAsync({ ...decisionOn(row), decision: 'approve', note: null }),
          ),
      }),
    approve: (row: ApprovalRow) =>
      ask({
        title: `Approve the refund of ${amountText(row)} for order ${row.orderRef}?`,
        facts: factsOf(row),
        next: [
          'We send it to Juspay at once. It cannot be cancelled then.',
          `${row.requestedBy.name} sees that you approved it.`,
          'The customer sees the money in 5 to 7 working days.',
        ],
        verb: `Approve ${amountText(row)}`,
        run: () => approveNow(row),
      }),
    reject: (row: ApprovalRow) =>
      ask({
        title: `Reject the refund of ${amountText(row)} for order ${row.orderRef}?`,
        facts: factsOf(row),
        next: [
          'Nothing is sent to Juspay.',
          `${row.requestedBy.name} sees your reason.`,
          `The ${amountText(row)} can be asked for again.`,
        ],
        requireReason: 'Reason for rejecting',
        verb: 'Reject refund',
        run: ({ reason }) =>
          attempt(row, () => decide.mutateAsync({ ...decisionOn(row), decision: 'reject', note: reason })),
      }),
    withdraw: (row: ApprovalRow) =>
      ask({
        title: `Withdraw your request to refund ${amountText(row)} for order ${row.orderRef}?`,
        facts: factsOf(row),
        next: ['Nobody has to decide it any more.', `The ${amountText(row)} can be asked for again.`],
        verb: 'Withdraw request',
        run: () => attempt(row, () => withdraw.mutateAsync({ requestId: row.requestId, note: null })),
      }),
  }
}

function decisionOn({ requestId, approvalHash }: ApprovalRow) {
  return { requestId, approvalHash }
}

function factsOf(row: ApprovalRow) {
  return [
    { label: 'Amount', value: amountText(row) },
    { label: 'Order', value: row.orderRef },
    { label: 'Goes back to', value: row.destination },
    { label: 'Asked by', value: row.requestedBy.name },
    { label: 'Reason', value: row.reason },
    { label: 'Note', value: row.note },
  ]
}
