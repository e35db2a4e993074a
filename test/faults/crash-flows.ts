/** The lives of refunds in which T2 lets processes die: each uses other parts of the refund path. */
import { randomUUID } from 'node:crypto'
import { Refusal } from '../../server/domain/refusal.ts'
import type { Deps } from '../../server/services/deps.ts'
import { decideRefundRequest } from '../../server/services/refunds/decide-refund-request.ts'
import { expireRequests } from '../../server/services/refunds/expire-requests.ts'
import { pollRefund } from '../../server/services/refunds/poll-refund.ts'
import { requestRefund } from '../../server/services/refunds/request-refund.ts'
import { sendRefund } from '../../server/services/refunds/send-refund.ts'
import { withdrawRefundRequest } from '../../server/services/refunds/withdraw-refund-request.ts'
import { DECISION_NOTES, type RefundWorld } from '../support/refund-fixtures.ts'
import type { Mortal } from './crash-deps.ts'

export const AMOUNT_MINOR = 2_500n
const EXPIRY_MS = 49 * 3_600_000

export type Life = {
  world: RefundWorld
  order: { orderId: string; orderRef: string }
  /** Kept by the page over the death of a server: it asks again with the same key. */
  clientKey: string
}

export type Flow = {
  /** How much of the order may have gone back when all is over. */
  paidMinor: readonly bigint[]
  /** Does the whole life with the deps of one process. After a death the next process begins it again. */
  live(life: Life, process: Mortal): Promise<void>
}

/** Refusals are answers: the act was done before, or by somebody else. */
async function refusable(act: Promise<unknown>): Promise<void> {
  try {
    await act
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
}

async function ask(life: Life, { deps, at }: Mortal, by: 'finance' | 'support'): Promise<string> {
  at('request')
  const asked = await requestRefund(deps, life.world[by], {
    orderId: life.order.orderId,
    version: 1,
    clientKey: life.clientKey,
    amountMinor: AMOUNT_MINOR,
    currency: 'INR',
    reason: 'item_returned',
    note: null,
    confirmSameAmount: true,
  })
  return asked.request.requestId ?? ''
}

async function decide(
  { world }: Life,
  { deps, at }: Mortal,
  requestId: string,
  decision: 'approve' | 'reject',
): Promise<void> {
  const shown = await world.deps.store.refundRequests.approval(world.account.id, requestId)
  at(decision)
  const note = DECISION_NOTES[decision]
  const { approvalHash } = shown ?? { approvalHash: '' }
  await refusable(decideRefundRequest(deps, world.approver, { requestId, decision, note, approvalHash }))
}

/** Every refund of the order that may be sent or looked at; not through the job, which would outlive the death. */
async function sendAll({ world, order }: Life, { deps, at }: Mortal): Promise<void> {
  for (const { id } of await world.refunds(order.orderId)) {
    at('send')
    await sendRefund(deps, id)
  }
}

async function pollAll({ world, order }: Life, { deps, at }: Mortal): Promise<void> {
  for (const { id } of await world.refunds(order.orderId)) {
    at('poll')
    await pollRefund(deps, id)
  }
}

async function sendWith(life: Life, process: Mortal, fault: Record<string, unknown> | null): Promise<void> {
  await ask(life, process, 'finance')
  if (fault !== null) await life.world.fault({ route: 'refund', count: 1, ...fault })
  await sendAll(life, process)
  await life.world.clearFaults()
  await life.world.advance(16_000)
  await pollAll(life, process)
}

const SPACED = {
  kind: 'status',
  status: 400,
  processed: false,
  body: {
    status_id: -1,
    status: 'ERROR',
    error_code: 'duplicate.call',
    error_message: 'A refund call was already processing with this amount for the order.',
  },
}
const REFUSED = {
  kind: 'status',
  status: 400,
  processed: false,
  body: { status_id: -1, status: 'ERROR', error_code: 'invalid.amount.exceeded', error_message: 'Too much.' },
}

export const FLOWS: Readonly<Record<string, Flow>> = {
  sent: { paidMinor: [AMOUNT_MINOR], live: (life, process) => sendWith(life, process, null) },
  answer_lost: {
    paidMinor: [AMOUNT_MINOR],
    live: (life, process) => sendWith(life, process, { kind: 'drop_response' }),
  },
  request_lost: {
    paidMinor: [AMOUNT_MINOR],
    live: (life, process) => sendWith(life, process, { kind: 'reset', processed: false }),
  },
  spaced: { paidMinor: [AMOUNT_MINOR], live: (life, process) => sendWith(life, process, SPACED) },
  throttled: {
    paidMinor: [AMOUNT_MINOR],
    live: (life, process) =>
      sendWith(life, process, { kind: 'status', status: 429, processed: false, body: {} }),
  },
  approved: {
    paidMinor: [AMOUNT_MINOR],
    async live(life, process) {
      const requestId = await ask(life, process, 'support')
      await life.world.advance(10_000)
      await decide(life, process, requestId, 'approve')
      await sendAll(life, process)
    },
  },
  rejected: {
    paidMinor: [0n],
    async live(life, process) {
      await decide(life, process, await ask(life, process, 'support'), 'reject')
    },
  },
  withdrawn: {
    paidMinor: [0n],
    async live(life, process) {
      const requestId = await ask(life, process, 'support')
      process.at('withdraw')
      await refusable(withdrawRefundRequest(process.deps, life.world.support, { requestId, note: null }))
    },
  },
  expired: {
    paidMinor: [0n],
    async live(life, process) {
      await ask(life, process, 'support')
      await life.world.advance(EXPIRY_MS)
      process.at('expire')
      await expireRequests(process.deps)
    },
  },
  refused: {
    // A second worker may be at it before Juspay starts to refuse.
    paidMinor: [0n, AMOUNT_MINOR],
    async live(life, process) {
      await ask(life, process, 'finance')
      // Juspay refuses for as long as anybody asks.
      await life.world.fault({ route: 'refund', ...REFUSED })
      await sendAll(life, process)
      await life.world.advance(16_000)
      await pollAll(life, process)
    },
  },
  approver_gone: {
    // A second worker may be at it before the approver goes.
    paidMinor: [0n, AMOUNT_MINOR],
    async live(life, process) {
      const { world } = life
      const requestId = await ask(life, process, 'support')
      await world.deps.store.staff.setDisabled(world.approver.userId, false)
      await decide(life, process, requestId, 'approve')
      await world.deps.store.staff.setDisabled(world.approver.userId, true)
      await sendAll(life, process)
    },
  },
}

/** What every flow leaves as it found it. */
export async function tidy({ world }: Life): Promise<void> {
  await world.clearFaults()
  await world.deps.store.staff.setDisabled(world.approver.userId, false)
}

/** A worker of a process that is well: as the other server's jobs, at the same time as the one that dies. */
export async function bystander(life: Life, deps: Deps): Promise<void> {
  for (const { id } of await life.world.refunds(life.order.orderId)) {
    await sendRefund(deps, id)
    await pollRefund(deps, id)
  }
}

export function newLife(world: RefundWorld, order: Life['order']): Life {
  return { world, order, clientKey: randomUUID() }
}
