/** Refunds of an order: asked for in Paydesk by people of the account, or made in Juspay's portal. */
import { formatMoney } from '../../server/domain/money.ts'
import type { ProviderRefund } from '../../server/domain/provider-order.ts'
import { leftMinorOf } from '../../server/domain/refund-block.ts'
import { hashNow } from '../../server/services/refunds/refund-facts.ts'
import { requestHash } from '../../server/services/refunds/refund-key.ts'
import type { Choices } from './choices.ts'
import { hear, note, rebalance, type Life, type Person, type Request, type World } from './life.ts'
import { refundOrder } from './messages.ts'
import { sendRefund, type Ending } from './sending.ts'
import { REFUND_REASONS, weighted } from './words.ts'

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** Of the charged orders, how many see money go back. */
const REFUNDED = 0.055
/** Refunds of up to this need nobody else, as the policy begins. */
const LINE_MINOR = 100_000n
const EXPIRES_MS = 72 * HOUR_MS
/** A request or refund younger than this may still be open. */
const OPEN_REQUEST_MS = 30 * HOUR_MS
const OPEN_REFUND_MS = 5 * DAY_MS

const COURSES = [
  [70, 'paid'],
  [18, 'portal'],
  [3, 'failed'],
  [2, 'review'],
  [1, 'refused'],
  [3, 'rejected'],
  [2, 'withdrawn'],
  [1, 'expired'],
] as const
type Course = (typeof COURSES)[number][1]

/** Refunds some of the charged orders; what would have happened after the end has not happened. */
export function refundSome(world: World, choices: Choices, life: Life): void {
  const { order } = life.aggregate
  if (order.paymentStatus !== 'charged' || order.chargedAt === null || !choices.chance(REFUNDED)) return
  // Most within two days, some after weeks.
  const afterMs = choices.chance(0.7) ? choices.between(20, 2_880) : choices.between(2_880, 30_000)
  const askedAt = new Date(order.chargedAt.getTime() + afterMs * MINUTE_MS)
  if (askedAt.getTime() > world.end.getTime() - MINUTE_MS) return
  const course = weighted(choices, COURSES)
  if (course === 'portal' || world.requesters.length === 0)
    return refundInPortal(world, choices, life, askedAt)
  const request = ask(world, choices, life, askedAt, needsDecider(course))
  if (request !== null) follow(world, choices, life, request, course)
}

/** Courses that only a second person, or the lack of one, can lead to. */
function needsDecider(course: Course): boolean {
  return course === 'rejected' || course === 'withdrawn' || course === 'expired'
}

function refundMinor(choices: Choices, life: Life): bigint {
  const left = leftMinorOf(life.aggregate.order)
  if (choices.chance(0.62)) return left
  const part = (left * BigInt(choices.pick([10, 20, 25, 33, 40, 50, 75]))) / 100n
  return part === 0n ? left : part
}

function ask(world: World, choices: Choices, life: Life, at: Date, alwaysApprove: boolean): Request | null {
  const amountMinor = refundMinor(choices, life)
  const requester = pickPerson(choices, world.requesters)
  const others = world.approvers.filter(({ id }) => id !== requester.id)
  const needsApproval = others.length > 0 && (alwaysApprove || amountMinor > LINE_MINOR)
  if (alwaysApprove && !needsApproval) return null
  const { reason, note: why } = weighted(choices, REFUND_REASONS)
  const { currency } = life.aggregate.order
  const asked = { orderId: life.id, amountMinor, currency, txnRef: null, reason, note: why }
  const line = formatMoney({ minor: LINE_MINOR, currency })
  const request: Request = {
    id: choices.uuid(),
    clientKey: `seed-${choices.own}-${choices.letters(10)}`,
    requestHash: requestHash({ ...asked, requesterId: requester.id }),
    approvalHash: hashNow(asked, life.aggregate),
    amountMinor,
    reason,
    note: why,
    status: needsApproval ? 'pending_approval' : 'approved',
    needsApproval,
    policyReason: needsApproval
      ? `Refunds over ${line} need approval.`
      : `Refunds up to ${line} need no approval.`,
    requestedBy: requester,
    requestedAt: at,
    expiresAt: new Date(at.getTime() + EXPIRES_MS),
    decidedBy: null,
    decidedAt: null,
    decisionNote: null,
  }
  life.requests.push(request)
  rebalance(life, {
    requests: [
      ...life.aggregate.requests,
      { id: request.id, amountMinor, status: request.status, txnRef: null },
    ],
  })
  tellRequest(choices, life, request, { at, by: requester, before: null, action: 'create', why })
  return request
}

function follow(world: World, choices: Choices, life: Life, request: Request, course: Course): void {
  const waitedMs = choices.between(4, 600) * MINUTE_MS
  const decidedAt = new Date(request.requestedAt.getTime() + waitedMs)
  const young = world.end.getTime() - request.requestedAt.getTime() < OPEN_REQUEST_MS
  // Nobody has looked at it yet.
  if (request.needsApproval && (decidedAt >= world.end || (young && choices.chance(0.5)))) return
  if (course === 'expired') {
    if (request.expiresAt < world.end) close(choices, life, request, 'expired', null, request.expiresAt)
    return
  }
  if (course === 'withdrawn') return close(choices, life, request, 'withdrawn', null, decidedAt)
  const others = world.approvers.filter(({ id }) => id !== request.requestedBy.id)
  if (course === 'rejected')
    return close(choices, life, request, 'rejected', pickPerson(choices, others), decidedAt)
  if (request.needsApproval) close(choices, life, request, 'approved', pickPerson(choices, others), decidedAt)
  const agreedAt = request.decidedAt ?? request.requestedAt
  const ending = endingOf(world, choices, course, agreedAt)
  sendRefund(world, choices, life, request, { agreedAt, ending })
}

function endingOf(world: World, choices: Choices, course: Course, agreedAt: Date): Ending {
  const age = world.end.getTime() - agreedAt.getTime()
  if (age < 2 * MINUTE_MS) return 'ready'
  if (course === 'refused') return 'rejected'
  if (age < OPEN_REFUND_MS && choices.chance(0.6)) return 'pending'
  if (course === 'failed') return 'failed'
  return course === 'review' ? 'manual_review' : 'succeeded'
}

function close(
  choices: Choices,
  life: Life,
  request: Request,
  status: Exclude<Request['status'], 'pending_approval'>,
  by: Person | null,
  at: Date,
): void {
  Object.assign(request, {
    status,
    decidedBy: by,
    decidedAt: at,
    decisionNote: status === 'rejected' ? 'The parcel has not come back yet' : null,
    ...(status === 'approved' ? { expiresAt: new Date(at.getTime() + EXPIRES_MS) } : {}),
  })
  rebalance(life, {
    requests: life.aggregate.requests.map((hold) => (hold.id === request.id ? { ...hold, status } : hold)),
  })
  const actions = {
    approved: 'approve',
    rejected: 'reject',
    withdrawn: 'withdraw',
    expired: 'expire',
  } as const
  const actor = status === 'withdrawn' ? request.requestedBy : by
  tellRequest(choices, life, request, {
    at,
    by: actor,
    before: 'pending_approval',
    action: actions[status],
    why: request.decisionNote,
  })
}

function tellRequest(
  choices: Choices,
  life: Life,
  request: Request,
  deed: { at: Date; by: Person | null; before: string | null; action: string; why: string | null },
): void {
  const { at, by, before } = deed
  const { id, status, amountMinor } = request
  const changes = [{ subject: `refund_request:${id}`, field: 'status', before, after: status }]
  note(choices, life, {
    source: by === null ? 'system' : 'person',
    sourceId: id,
    changes,
    occurredAt: at,
    at,
  })
  life.deeds.push({
    at,
    actor:
      by === null
        ? { kind: 'system', id: 'request-expiry', name: 'request-expiry' }
        : { kind: 'user', ...by },
    action: `refund_request.${deed.action}`,
    subjectKind: 'refund_request',
    subjectId: id,
    reason: deed.why,
    before: before === null ? null : { status: before },
    after: {
      orderId: life.id,
      status,
      amountMinor: String(amountMinor),
      currency: life.aggregate.order.currency,
    },
    requestId: choices.uuid(),
  })
}

/** Somebody of the merchant used Juspay's own portal: we hear of it by webhook. */
function refundInPortal(world: World, choices: Choices, life: Life, at: Date): void {
  const told: ProviderRefund = {
    uniqueRequestId: `PR${choices.own}${choices.letters(9)}`,
    txnRef:
      life.aggregate.transactions.find(({ providerStatus }) => providerStatus === 'CHARGED')?.txnRef ?? null,
    providerStatus: 'PENDING',
    amountMinor: refundMinor(choices, life),
    ref: null,
    arn: null,
    sentToGateway: true,
    initiatedBy: choices.pick(['priya.menon', 'arun.shetty', 'finance.ops']),
    refundSource: life.aggregate.order.gateway,
    refundType: null,
    errorCode: null,
    errorMessage: null,
    expectedCreditAt: null,
    createdAt: at,
  }
  hear(world, choices, life, {
    name: 'REFUND_INITIATED',
    order: refundOrder(life, told, at),
    at: later(at, 2),
  })
  const doneAt = new Date(at.getTime() + choices.between(5, 2_800) * MINUTE_MS)
  if (later(doneAt, 2) >= world.end) return
  const done = { ...told, providerStatus: 'SUCCESS', ref: choices.digits(12) }
  hear(world, choices, life, {
    name: 'ORDER_REFUNDED',
    order: refundOrder(life, done, doneAt),
    at: later(doneAt, 2),
  })
}

function pickPerson(choices: Choices, people: readonly Person[]): Person {
  const person = people[choices.int(people.length)]
  if (person === undefined) throw new Error('nobody to choose from')
  return person
}

function later(at: Date, seconds: number): Date {
  return new Date(at.getTime() + seconds * SECOND_MS)
}
