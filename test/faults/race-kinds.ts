/** The races of T9: what is done at the same time on two servers, and what may have come of it. */
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type pg from 'pg'
import { expireRequests } from '../../server/services/refunds/expire-requests.ts'
import type { Deps } from '../../server/services/deps.ts'
import type { SandboxProcess } from './sandbox-process.ts'
import { DECISION_NOTES } from '../support/refund-fixtures.ts'
import { sendBatch, type Insist } from './batch-load.ts'
import { approvalHashOf, ending, type Ending, type Person, type Shop, type ShopOrder } from './shops.ts'

export type RaceGround = {
  shop: Shop
  order: ShopOrder
  random: () => number
  pool: pg.Pool
  sandbox: SandboxProcess
  /** A third process at work on the database. */
  deps: Deps
}

/** Runs one race. Returns what is wrong, in words; null when all is well. */
export type Race = (ground: RaceGround) => Promise<string | null>

const SAME_GESTURE = 50
const PARTIALS = 8
const ORDER_MINOR = 100_000
const SMALL_MINOR = 2_500n
const SENT_WITHIN_MS = 60_000
const POLL_MS = 20
const STOPPED_MS = 300

type Requested = { request: { requestId: string | null } }

const askInput = (order: ShopOrder, amountMinor: bigint, clientKey: string) => ({
  orderId: order.orderId,
  version: 1,
  clientKey,
  amountMinor,
  currency: 'INR',
  reason: 'item_returned',
  note: null,
  confirmSameAmount: true,
})

async function ask(
  person: Person,
  at: number,
  order: ShopOrder,
  amountMinor: bigint,
  clientKey: string = randomUUID(),
): Promise<Ending<Requested>> {
  const client = await person.on(at)
  return ending<Requested>(client.refunds.request.mutate(askInput(order, amountMinor, clientKey)))
}

/** A request that waits for a decision, with the hash that its inbox shows. */
async function waiting({
  shop,
  order,
  pool,
}: RaceGround): Promise<{ requestId: string; approvalHash: string }> {
  const asked = await ask(shop.people.support, 0, order, SMALL_MINOR)
  if (!asked.ok) throw new Error(`a request was refused: ${asked.message}`)
  const requestId = asked.value.request.requestId ?? ''
  return { requestId, approvalHash: await approvalHashOf(pool, 'refund_request', requestId) }
}

async function decide(
  person: Person,
  at: number,
  request: { requestId: string; approvalHash: string },
  decision: 'approve' | 'reject',
): Promise<Ending<unknown>> {
  const note = DECISION_NOTES[decision]
  return ending((await person.on(at)).approvals.decide.mutate({ ...request, decision, note }))
}

async function withdraw(person: Person, at: number, requestId: string): Promise<Ending<unknown>> {
  return ending((await person.on(at)).approvals.withdraw.mutate({ requestId, note: null }))
}

/** A server that had no connection left says that nobody knows: for the judge that is no answer, neither yes nor no. */
const isUnanswered = (one: Ending<unknown>): boolean =>
  !one.ok && (one.code === null || one.code === 'INTERNAL_SERVER_ERROR')

/** Of two that exclude each other exactly one wins, and the loser hears why. */
function oneWins(all: readonly Ending<unknown>[], losing: readonly string[]): string | null {
  const endings = all.filter((one) => !isUnanswered(one))
  const won = endings.filter((one) => one.ok).length
  if (endings.length < all.length) return won <= 1 ? null : `${won} won: ${words(all)}`
  const strange = endings.flatMap((one) => (one.ok || losing.includes(one.code ?? '') ? [] : [one]))
  if (won !== 1) return `${won} won: ${words(endings)}`
  return strange.length === 0 ? null : `the loser heard ${words(strange)}`
}

const words = (endings: readonly Ending<unknown>[]): string =>
  endings.map((one) => (one.ok ? 'ok' : `${one.code}: ${one.message}`)).join('; ')

const sameGesture: Race = async ({ shop, order }) => {
  const clientKey = randomUUID()
  const clicks = await Promise.all(
    Array.from({ length: SAME_GESTURE }, (_, at) =>
      ask(shop.people.finance, at, order, SMALL_MINOR, clientKey),
    ),
  )
  const failed = clicks.filter((one) => !one.ok && !isUnanswered(one))
  if (failed.length > 0) return `${failed.length} clicks were refused: ${words(failed.slice(0, 2))}`
  const requests = new Set(clicks.flatMap((one) => (one.ok ? [one.value.request.requestId] : [])))
  return requests.size === 1 ? null : `one gesture became ${requests.size} requests`
}

/** Eight at once, each of 60 %, or of random amounts: together never more than the order. */
const partials: Race = async ({ shop, order, random }) => {
  const same = random() < 0.5
  const amounts = Array.from({ length: PARTIALS }, () =>
    BigInt(same ? ORDER_MINOR * 0.6 : Math.ceil(ORDER_MINOR * (0.1 + 0.8 * random()))),
  )
  const asked = await Promise.all(amounts.map((amount, at) => ask(shop.people.finance, at, order, amount)))
  const won = amounts.filter((_, at) => asked[at]?.ok === true)
  const sum = won.reduce((total, amount) => total + amount, 0n)
  const odd = asked.filter(
    (one) =>
      !one.ok && !isUnanswered(one) && !['amount_exceeds_left', 'nothing_left'].includes(one.code ?? ''),
  )
  if (odd.length > 0) return `a partial refund was refused as ${words(odd.slice(0, 2))}`
  if (won.length === 0) return 'no partial refund was taken'
  return sum <= BigInt(ORDER_MINOR) ? null : `${sum} of ${ORDER_MINOR} were promised`
}

const approveWithdraw: Race = async (ground) => {
  const request = await waiting(ground)
  const { approver, support } = ground.shop.people
  return oneWins(
    await Promise.all([decide(approver, 0, request, 'approve'), withdraw(support, 1, request.requestId)]),
    ['already_decided', 'not_withdrawable'],
  )
}

const approveTwice: Race = async (ground) => {
  const request = await waiting(ground)
  const { approver, second } = ground.shop.people
  return oneWins(
    await Promise.all([decide(approver, 0, request, 'approve'), decide(second, 1, request, 'approve')]),
    ['already_decided'],
  )
}

const approveReject: Race = async (ground) => {
  const request = await waiting(ground)
  const { approver, second } = ground.shop.people
  return oneWins(
    await Promise.all([decide(approver, 0, request, 'approve'), decide(second, 1, request, 'reject')]),
    ['already_decided'],
  )
}

/** The request's time runs out while somebody approves: closed once, one way or the other. */
const approveExpiry: Race = async (ground) => {
  const { pool, deps, shop } = ground
  const request = await waiting(ground)
  await pool.query(`update refund_request set expires_at = now() + $2 * interval '1 ms' where id = $1`, [
    request.requestId,
    Math.floor(ground.random() * 60),
  ])
  const [approved] = await Promise.all([
    decide(shop.people.approver, 0, request, 'approve'),
    expireRequests(deps),
  ])
  await pool.query(
    `update refund_request set expires_at = now() where id = $1 and status = 'pending_approval'`,
    [request.requestId],
  )
  await expireRequests(deps)
  const { rows } = await pool.query<{ status: string; refunds: number }>(
    `select q.status, (select count(*) from refund r where r.refund_request_id = q.id)::int as refunds
     from refund_request q where q.id = $1`,
    [request.requestId],
  )
  const { status, refunds } = rows[0] ?? { status: 'missing', refunds: 0 }
  const expected = approved.ok ? ['approved', 1] : ['expired', 0]
  return status === expected[0] && refunds === expected[1]
    ? null
    : `the approval was answered ${words([approved])}, and the request is ${status} with ${refunds} refunds`
}

/** Webhook (before the response), response and status checks on both servers tell of one refund at the same time. */
const tellings: Race = async ({ shop, order, pool, sandbox }) => {
  const { finance } = shop.people
  const merchantId = shop.account.juspayMerchantId
  const event = { merchantId, orderId: order.orderRef, event: 'REFUND_INITIATED', times: 3 }
  const check = async (at: number): Promise<Ending<unknown>> =>
    ending((await finance.on(at)).orders.checkStatus.mutate({ orderId: order.orderId }))
  const [asked] = await Promise.all([
    ask(finance, 0, order, SMALL_MINOR),
    check(0),
    check(1),
    sandbox.control('/webhooks/send', event),
  ])
  if (!asked.ok) return `the request was refused: ${words([asked])}`
  await Promise.all([check(0), check(1), sandbox.control('/webhooks/send', event)])
  const { rows } = await pool.query<{ made: number }>(
    'select count(*)::int as made from refund where order_id = $1',
    [order.orderId],
  )
  return rows[0]?.made === 1 ? null : `one refund is told as ${rows[0]?.made}`
}

/** The approver loses access while the refund is about to be sent: nothing leaves after that was answered. */
const disableSend: Race = async (ground) => {
  const { shop, pool } = ground
  const { leaver, admin } = shop.people
  const request = await waiting(ground)
  await leaver.on(0)
  const userId = leaver.userId
  const change = async (disabled: boolean): Promise<Ending<unknown>> =>
    ending((await admin.on(1)).users.setDisabled.mutate({ userId, disabled }))
  const [approved, disabled] = await Promise.all([decide(leaver, 0, request, 'approve'), change(true)])
  const gone = Date.now()
  if (!disabled.ok) return `nobody could be disabled: ${words([disabled])}`
  const sentAt = approved.ok ? await untilSent(pool, request.requestId) : null
  leaver.forget()
  const back = await change(false)
  if (!back.ok) return `nobody could be enabled again: ${words([back])}`
  if (sentAt !== null && sentAt.getTime() > gone) return 'a refund left after its approver was disabled'
  return approved.ok ||
    ['already_decided', 'permission_denied', 'not_signed_in'].includes(approved.code ?? '')
    ? null
    : `the approval was answered ${words([approved])}`
}

/** When the refund of an approved request was claimed; null once its approval was taken back. */
async function untilSent(pool: pg.Pool, requestId: string): Promise<Date | null> {
  const deadline = performance.now() + SENT_WITHIN_MS
  while (performance.now() < deadline) {
    const { rows } = await pool.query<{ sent: Date | null; status: string }>(
      `select q.status, (select max(r.first_sent_at) from refund r where r.refund_request_id = q.id) as sent
       from refund_request q where q.id = $1`,
      [requestId],
    )
    const [row] = rows
    if (row === undefined || row.sent !== null || row.status !== 'approved') return row?.sent ?? null
    await wait(POLL_MS)
  }
  throw new Error(`an approved request was neither sent nor given back in ${SENT_WITHIN_MS} ms`)
}

/** Refunds are stopped while one is about to be sent: nothing of the shop leaves after the stop was answered. */
const stopSend: Race = async (ground) => {
  const { shop, pool } = ground
  const { approver, admin } = shop.people
  const request = await waiting(ground)
  const api = await admin.on(1)
  const reason = 'A race of approving and stopping'
  const [approved, stopped] = await Promise.all([
    decide(approver, 0, request, 'approve'),
    ending(api.stops.set.mutate({ gateway: null, reason, expiresAt: null })),
  ])
  const from = new Date()
  if (!stopped.ok || stopped.value === null) return `refunds could not be stopped: ${words([stopped])}`
  // Whatever the servers still have in hand passes by.
  await wait(STOPPED_MS)
  const { rows } = await pool.query<{ sent: number }>(
    'select count(*)::int as sent from refund where merchant_account_id = $1 and last_sent_at > $2',
    [shop.account.id, from],
  )
  const lifted = await ending(api.stops.lift.mutate({ stopId: stopped.value.id, note: reason }))
  if (!lifted.ok) return `the stop could not be lifted: ${words([lifted])}`
  if (!approved.ok && !isUnanswered(approved)) return `the approval was answered ${words([approved])}`
  return rows[0]?.sent === 0 ? null : `${rows[0]?.sent} refunds left after refunds were stopped`
}

/** Two approvers decide on one batch, alike or not: one decision counts, and the batch and its rows follow it. */
const batchDecide: Race = async ({ shop, order, pool, random }) => {
  const { approver, second } = shop.people
  const insist: Insist = async (person, call) => ({ result: await ending(person.on(0).then(call)) })
  const work = { shop, orders: [order], pool, insist, hurry: false }
  const { batchId, status, approvalHash } = await sendBatch(work, randomUUID())
  if (batchId === null || status !== 'waiting_approval') return `the batch could not be sent: it is ${status}`
  const decideOn = async (person: Person, at: number, decision: 'approve' | 'reject') =>
    ending(
      (await person.on(at)).bulk.decide.mutate({
        batchId,
        decision,
        note: DECISION_NOTES[decision],
        approvalHash,
      }),
    )
  const other = random() < 0.5 ? 'approve' : 'reject'
  const endings = await Promise.all([decideOn(approver, 0, 'approve'), decideOn(second, 1, other)])
  const wrong = oneWins(endings, ['conflict'])
  if (wrong !== null || endings.some(isUnanswered)) return wrong
  const { rows } = await pool.query<{ status: string; by: string }>(
    'select status, decided_by as by from bulk_batch where id = $1',
    [batchId],
  )
  const [won, decision] = endings[0]?.ok === true ? [approver, 'approve'] : [second, other]
  const [row] = rows
  const fits = (row?.status === 'rejected') === (decision === 'reject') && row?.by === won.userId
  return fits ? null : `${decision} won, and the batch is ${row?.status}, decided by ${row?.by}`
}

export const RACES = {
  same_gesture: sameGesture,
  partials,
  approve_withdraw: approveWithdraw,
  approve_twice: approveTwice,
  approve_reject: approveReject,
  approve_expiry: approveExpiry,
  tellings,
  disable_send: disableSend,
  stop_send: stopSend,
  batch_decide: batchDecide,
} as const satisfies Record<string, Race>

export type RaceName = keyof typeof RACES
