/** What becomes of an agreed refund: sent, answered, ended. */
import type { ProviderRefund } from '../../server/domain/provider-order.ts'
import { NOTHING_TOLD, type RefundRecord, type RefundStatus } from '../../server/domain/refund.ts'
import type { Choices } from './choices.ts'
import { hear, note, rebalance, type Life, type Request, type World } from './life.ts'
import { refundOrder } from './messages.ts'

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
/** A refund that waits for its turn is looked at again when the day's limit begins anew. */
const NEXT_LOOK_MS = 12 * 60 * MINUTE_MS

/**
 * Where a seeded refund stands. Sending and unknown last for seconds: nothing that lies in a table for long is in them.
 */
export type Ending = Extract<
  RefundStatus,
  'ready' | 'pending' | 'succeeded' | 'failed' | 'manual_review' | 'rejected'
>

/** Makes the refund of an approved request and lets it come to its ending, or as far as it got before the end. */
export function sendRefund(
  world: World,
  choices: Choices,
  life: Life,
  request: Request,
  { agreedAt, ending }: { agreedAt: Date; ending: Ending },
): void {
  const id = choices.uuid()
  const key = `${choices.letters(13)}${choices.own}`
  const sentAt = ending === 'ready' ? null : new Date(agreedAt.getTime() + choices.between(1, 9) * SECOND_MS)
  const record = recordOf(life, request, id, key)
  life.toldAt.set(key, agreedAt)
  life.sendings.set(id, {
    requestId: request.id,
    createdAt: agreedAt,
    sentAt,
    nextActionAt: sentAt === null ? new Date(world.end.getTime() + NEXT_LOOK_MS) : null,
  })
  rebalance(life, { refunds: [...life.aggregate.refunds, record] })
  if (sentAt === null) return
  step(choices, life, {
    id,
    key,
    at: sentAt,
    before: 'ready',
    after: 'sending',
    action: 'refund.send',
    request,
  })
  setStatus(life, id, { status: 'sending' })
  const answeredAt = new Date(sentAt.getTime() + choices.between(300, 2_500))
  if (ending === 'rejected') return refuse(choices, life, { id, key, at: answeredAt, request })
  const told = toldOf(life, key, request, sentAt)
  hear(
    world,
    choices,
    life,
    { name: 'answer', order: refundOrder(life, told, whole(answeredAt)), at: answeredAt },
    id,
  )
  deed(choices, life, { id, at: answeredAt, action: 'refund.accept', before: 'sending', after: 'pending' })
  if (ending === 'ready' || ending === 'pending') return
  conclude(world, choices, life, told, ending, answeredAt)
}

function conclude(
  world: World,
  choices: Choices,
  life: Life,
  told: ProviderRefund,
  ending: Exclude<Ending, 'ready' | 'pending' | 'rejected'>,
  answeredAt: Date,
): void {
  const doneAt = whole(new Date(answeredAt.getTime() + choices.between(3, 3_600) * MINUTE_MS))
  const heardAt = new Date(doneAt.getTime() + choices.between(200, 2_000))
  if (heardAt >= world.end) return
  const ends = {
    succeeded: { name: 'ORDER_REFUNDED', word: 'SUCCESS' },
    failed: { name: 'ORDER_REFUND_FAILED', word: 'FAILURE' },
    manual_review: { name: 'REFUND_MANUAL_REVIEW_NEEDED', word: 'MANUAL_REVIEW' },
  } as const
  const { name, word } = ends[ending]
  const card = life.aggregate.order.methodType === 'CARD'
  const done: ProviderRefund = {
    ...told,
    providerStatus: word,
    sentToGateway: true,
    ref: ending === 'succeeded' ? choices.digits(12) : null,
    arn: ending === 'succeeded' && card ? choices.digits(23) : null,
    errorCode: ending === 'failed' ? 'GATEWAY_DECLINED' : null,
    errorMessage: ending === 'failed' ? 'The beneficiary account is closed' : null,
  }
  hear(world, choices, life, { name, order: refundOrder(life, done, doneAt), at: heardAt })
}

function recordOf(life: Life, request: Request, id: string, key: string): RefundRecord {
  return {
    id,
    refundRequestId: request.id,
    uniqueRequestId: key,
    origin: 'paydesk',
    amountMinor: request.amountMinor,
    currency: life.aggregate.order.currency,
    status: 'ready',
    ...NOTHING_TOLD,
  }
}

function toldOf(life: Life, key: string, request: Request, sentAt: Date): ProviderRefund {
  const { transactions, order } = life.aggregate
  return {
    uniqueRequestId: key,
    txnRef: transactions.find(({ providerStatus }) => providerStatus === 'CHARGED')?.txnRef ?? null,
    providerStatus: 'PENDING',
    amountMinor: request.amountMinor,
    ref: null,
    arn: null,
    sentToGateway: false,
    initiatedBy: 'API',
    refundSource: order.gateway,
    refundType: 'STANDARD',
    errorCode: null,
    errorMessage: null,
    expectedCreditAt: whole(new Date(sentAt.getTime() + 5 * 24 * 60 * MINUTE_MS)),
    createdAt: whole(sentAt),
  }
}

/** Juspay refused the call and has no such refund: its amount is free again. */
function refuse(
  choices: Choices,
  life: Life,
  { id, key, at, request }: { id: string; key: string; at: Date; request: Request },
): void {
  const words = { code: 'refused', message: 'Juspay refused it: refund is not supported by the gateway.' }
  setStatus(life, id, {
    status: 'rejected',
    errorCode: words.code,
    errorMessage: words.message,
    settledAt: at,
  })
  step(choices, life, { id, key, at, before: 'sending', after: 'rejected', action: 'refund.reject', request })
}

function setStatus(life: Life, id: string, change: Partial<RefundRecord>): void {
  rebalance(life, {
    refunds: life.aggregate.refunds.map((refund) => (refund.id === id ? { ...refund, ...change } : refund)),
  })
}

/** A step of the sender, as the order's history and the audit log have it. */
function step(
  choices: Choices,
  life: Life,
  from: {
    id: string
    key: string
    at: Date
    before: RefundStatus
    after: RefundStatus
    action: string
    request: Request
  },
): void {
  const { id, key, at, before, after } = from
  const changes = [{ subject: `refund:${key}`, field: 'status', before, after }]
  note(choices, life, { source: 'system', sourceId: id, changes, occurredAt: at, at })
  deed(choices, life, { id, at, action: from.action, before, after })
}

function deed(
  choices: Choices,
  life: Life,
  from: { id: string; at: Date; action: string; before: RefundStatus; after: RefundStatus },
): void {
  const { id, at, action, before, after } = from
  life.deeds.push({
    at,
    actor: { kind: 'system', id: 'refund-sender', name: 'refund-sender' },
    action,
    subjectKind: 'refund',
    subjectId: id,
    reason: null,
    before: { status: before },
    after: { status: after },
    requestId: choices.uuid(),
  })
}

/** Juspay's instants are whole seconds. */
function whole(at: Date): Date {
  return new Date(Math.floor(at.getTime() / SECOND_MS) * SECOND_MS)
}
