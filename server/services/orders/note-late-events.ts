import { GAP_GRACE_MS, LATE_ARRIVAL_MS, tells } from '../../domain/webhook-gap.ts'
import type { AwaitedGap } from '../../store/webhook-gaps.ts'
import type { Deps } from '../deps.ts'

/** Gaps of one step, and waits ended in one pass. */
const BATCH = 200

/**
 * Looks for events that came after a status check had found what they tell: the gap then says when, and one whose
 * event was only overtaken is taken back. Also ends the waits of orders that have got their outcome by a webhook.
 * @returns how many gaps were settled.
 */
export async function noteLateEvents(deps: Deps, signal: AbortSignal): Promise<number> {
  const since = new Date(deps.clock.now().getTime() - LATE_ARRIVAL_MS)
  let settled = await deps.store.webhookGaps.healDecided(BATCH)
  let after: AwaitedGap | null = null
  while (!signal.aborted) {
    const gaps: AwaitedGap[] = await deps.store.webhookGaps.awaited(since, after, BATCH)
    settled += await settleArrived(deps, gaps)
    after = gaps.at(-1) ?? null
    if (gaps.length < BATCH) return settled
  }
  return settled
}

async function settleArrived(deps: Deps, gaps: readonly AwaitedGap[]): Promise<number> {
  if (gaps.length === 0) return 0
  const byId = new Map(gaps.map((gap) => [gap.id, gap]))
  const arrivals = await deps.store.webhookGaps.arrivals([...byId.keys()])
  let settled = 0
  for (const event of arrivals) {
    const gap = byId.get(event.gapId)
    if (gap === undefined || !(await isTold(deps, gap, event.body))) continue
    byId.delete(gap.id)
    settled += 1
    const overtaken = event.receivedAt.getTime() - gap.dueSince.getTime() < GAP_GRACE_MS
    if (overtaken) await deps.store.webhookGaps.remove(gap.id)
    else await deps.store.webhookGaps.noteArrival(gap.id, event)
  }
  return settled
}

async function isTold(deps: Deps, gap: AwaitedGap, body: Uint8Array): Promise<boolean> {
  const account = await deps.store.accounts.byId(gap.accountId)
  if (account === null) return false
  const told = deps.readEvent(body, { currency: account.currency })
  return !('failure' in told) && told.order !== null && tells(told.order, gap)
}
