/** The work items that messages open and close, worked out in memory and written at once. */
import type { DiscrepancyKind, Finding } from '../../domain/discrepancy.ts'
import { isLateSuccess } from '../../domain/late-success.ts'
import { statusAgrees, statusConflict } from '../../domain/status-conflict.ts'
import type { ClosedDiscrepancy, NewDiscrepancy } from '../../store/discrepancies.ts'
import type { StoreTx } from '../../store/store.ts'
import type { Message, Step, Weighed } from './weigh-message.ts'

/** Findings that follow from the order as it is: they close by themselves when they no longer hold. */
const DERIVED_KINDS = ['over_refunded', 'double_charge'] as const satisfies readonly DiscrepancyKind[]

const SETTLED = { by: 'paydesk', resolution: 'No longer so: later messages from Juspay settled it.' }

/** One order with the messages that were applied to it, in their order. */
export type Turn = { accountId: string; orderId: string; isNew: boolean; steps: readonly Step[] }

/** Opens what the messages show and closes what they show to be over. Returns the ids of what changed, by account. */
export async function recordFindings(
  tx: StoreTx,
  turns: readonly Turn[],
): Promise<{ accountId: string; id: string }[]> {
  const open = await tx.discrepancies.openOf(turns.filter((turn) => !turn.isNew))
  const drafts: NewDiscrepancy[] = []
  const closed: ClosedDiscrepancy[] = []
  for (const turn of turns) {
    const kinds = new Map<DiscrepancyKind, string | NewDiscrepancy>()
    for (const item of open) if (item.orderId === turn.orderId) kinds.set(item.kind, item.id)
    for (const step of turn.steps) {
      if (step.weighed === null) continue
      const shown = read(step.message, step.weighed)
      for (const kind of shown.over) {
        const item = kinds.get(kind)
        if (item === undefined) continue
        const end = { ...SETTLED, at: step.message.now }
        if (typeof item === 'string') closed.push({ id: item, end })
        else item.end = end
        kinds.delete(kind)
      }
      for (const finding of shown.findings) {
        if (kinds.has(finding.kind)) continue
        const { accountId, orderId } = turn
        const draft: NewDiscrepancy = { accountId, orderId, finding, at: step.message.now, end: null }
        drafts.push(draft)
        kinds.set(finding.kind, draft)
      }
    }
  }
  return [...(await tx.discrepancies.closeAll(closed)), ...(await tx.discrepancies.openAll(drafts))]
}

/** What one message shows, and which kinds it shows to be over. */
function read(
  { order: told, source }: Message,
  { next, findings: merged, unconfirmedSince }: Weighed,
): { findings: Finding[]; over: DiscrepancyKind[] } {
  const findings: Finding[] = [...merged]
  const watched: DiscrepancyKind[] = [...DERIVED_KINDS]
  if (!isLateSuccess(next)) watched.push('late_success')
  if (source.kind !== 'webhook' && unconfirmedSince === null) watched.push('unconfirmed_claim')
  if (source.kind === 'status_check') {
    watched.push('missing_at_juspay')
    if (statusAgrees(next.order, told)) watched.push('status_conflict')
    const conflict = statusConflict(next.order, told)
    if (conflict !== null) findings.push(conflict)
  }
  const held = new Set(findings.map((finding) => finding.kind))
  return { findings, over: watched.filter((kind) => !held.has(kind)) }
}
