/** Chargebacks: rare, weeks after the payment, most of them decided by now. */
import { differences } from '../../server/domain/change.ts'
import { mergeDispute, withDisputes, type ProviderDispute } from '../../server/domain/dispute.ts'
import type { Choices } from './choices.ts'
import { note, type Life, type World } from './life.ts'
import { DISPUTE_REASONS, weighted } from './words.ts'

const DAY_MS = 86_400_000
const DISPUTED = 0.0012
const RESOLVED_AFTER_DAYS = 21

/** Disputes some of the charged orders. */
export function disputeSome(world: World, choices: Choices, life: Life): void {
  const { order, transactions } = life.aggregate
  if (order.chargedAt === null || order.refundedMinor > 0n || !choices.chance(DISPUTED)) return
  const openedAt = wholeDay(order.chargedAt.getTime() + choices.between(3, 40) * DAY_MS)
  if (openedAt >= world.end) return
  const told: ProviderDispute = {
    disputeRef: `cbk_${choices.own}${choices.letters(5)}`,
    orderRef: order.orderRef,
    txnRef: transactions[0]?.txnRef ?? null,
    status: choices.pick(['received', 'under_review', 'evidence_required'] as const),
    providerStatus: 'OPEN',
    amountMinor: order.chargedMinor,
    currency: order.currency,
    reason: weighted(choices, DISPUTE_REASONS),
    dueAt: new Date(openedAt.getTime() + 10 * DAY_MS),
    openedAt,
    resolvedAt: null,
    statedAt: openedAt,
  }
  const opened = mergeDispute(null, told)
  tell(choices, life, opened, openedAt)
  const resolvedAt = new Date(openedAt.getTime() + RESOLVED_AFTER_DAYS * DAY_MS)
  let record = opened.next
  if (resolvedAt < world.end) {
    const status = choices.chance(0.6) ? ('resolved_merchant' as const) : ('resolved_customer' as const)
    const ended = mergeDispute(record, {
      ...told,
      status,
      providerStatus: 'CLOSED',
      resolvedAt,
      statedAt: resolvedAt,
    })
    tell(choices, life, ended, resolvedAt)
    record = ended.next
  }
  life.disputes.push({ id: choices.uuid(), record, eventId: choices.uuid(), at: life.changedAt })
}

function tell(choices: Choices, life: Life, merged: ReturnType<typeof mergeDispute>, at: Date): void {
  const before = life.aggregate.order
  life.aggregate = withDisputes(life.aggregate, [merged.next])
  const own = differences('order', before, life.aggregate.order, ['disputed', 'displayStatus'])
  const changes = [...merged.changes, ...own]
  note(choices, life, { source: 'webhook', sourceId: null, changes, occurredAt: at, at })
}

function wholeDay(ms: number): Date {
  return new Date(Math.floor(ms / DAY_MS) * DAY_MS)
}
