/**
 * The way to Juspay and back: calls are lost, late, doubled or answered with something else, and every answer that can
 * come is one that the real client gives (`juspay/client.ts`). What happens at Juspay does not depend on who waits.
 */
import type { JuspayError, RejectedReason } from '../../server/domain/provider-error.ts'
import type { ProviderOrder } from '../../server/domain/provider-order.ts'
import type { JuspayClient, OrderResult, RefundCall, RefundResult } from '../../server/juspay/client.ts'
import type { CallFailure } from '../../server/juspay/door.ts'
import { isDuplicate, type Provider } from './provider.ts'
import { WAIT, type Host, type Scheduler, type Timer } from './scheduler.ts'

/** How bad the way is at the moment: odds in a hundred, per call. */
export type Weather = {
  /** Share of refund calls that something happens to. */
  refundTrouble: number
  statusTrouble: number
  /** Share of status answers that are behind. */
  stale: number
}

/** What the judge hears of calls. */
export type Wire = {
  /** A refund call leaves the house. The answer's `end` is told when nobody waits for it any more. */
  sent(call: RefundCall, host: Host): () => void
  /** A question about an order was asked at `askedAt` and answered. */
  asked(orderRef: string, askedAt: number): void
  /** Juspay refused a call, and the one who called was told. */
  refused(key: string, reason: RejectedReason): void
  /** A refund call was accepted at Juspay. */
  accepted(orderRef: string, key: string): void
  /** A refund is called for while an earlier call about its order is still on its way, and nobody waits for that one. */
  calledAgain(orderRef: string): void
}

/** A refund call without the guards of the client: only a broken build leaves the amount out. */
export type LooseCall = Omit<RefundCall, 'amountMinor'> & { amountMinor: bigint | null }

export type NetworkParts = {
  scheduler: Scheduler
  provider: Provider
  random: () => number
  weather: () => Weather
  wire: Wire
  merchantId: string
  /** Calls on their way that nobody waits for. */
  strays: { orderRef: string; timer: Timer }[]
}

/** The client's total time limit. */
const TIME_OUT_MS = 20_000
/** How late a request may still arrive that nobody waits for. */
const STRAY_MS = 90_000
/** The slowest answers that still come. */
const SLOW_MS = 18_000
const RAW = new Uint8Array()
const FACTS = { requestId: null, tookMs: 100 }

type Fate =
  | 'fine'
  | 'refused_connection'
  | 'request_lost'
  | 'answer_lost'
  | 'reset'
  | 'stray'
  | 'doubled'
  | 'server_error'
  | 'server_error_after'
  | 'garbage_after'
  | 'malformed_after'
  | 'unauthorised'
  | 'throttled'

const FATES: readonly Fate[] = [
  'refused_connection',
  'request_lost',
  'answer_lost',
  'answer_lost',
  'reset',
  'stray',
  'stray',
  'doubled',
  'server_error',
  'server_error_after',
  'garbage_after',
  'malformed_after',
  'unauthorised',
  'throttled',
]
const STATUS_FATES = [
  'request_lost',
  'server_error',
  'unauthorised',
  'throttled',
  'refused_connection',
] as const

/** Juspay's client as one host has it. */
export function simulatedClient(parts: NetworkParts, host: Host): JuspayClient {
  return {
    merchantId: parts.merchantId,
    createSession: () => Promise.reject(new Error('no session is made in the simulation')),
    getOrder: (orderRef) => getOrder(parts, host, orderRef),
    updateAmount: () => Promise.reject(new Error('no amount is changed in the simulation')),
    refund: (call) => sendRefund(parts, host, call),
    close: () => Promise.resolve(),
  }
}

/** Takes a call through the network; the product's client always names an amount. */
export async function sendRefund(parts: NetworkParts, host: Host, call: LooseCall): Promise<RefundResult> {
  const { scheduler, random, weather, wire, strays } = parts
  const fate: Fate = random() * 100 < weather().refundTrouble ? pick(FATES, random) : 'fine'
  const end = wire.sent({ ...call, amountMinor: call.amountMinor ?? 0n }, host)
  const travel = 20 + Math.floor(random() * 400)
  if (fate === 'refused_connection') return answered(NOT_SENT, 5)
  if (fate === 'unauthorised') return answered(UNAUTHORISED, travel)
  if (fate === 'throttled') return answered(THROTTLED, travel)
  if (fate === 'server_error') return answered(SERVER_ERROR, travel)
  if (fate === 'request_lost') return answered(TIMED_OUT, TIME_OUT_MS)
  let refused: RejectedReason | null | undefined
  const arrive = (afterMs: number): Timer =>
    scheduler.at(scheduler.now() + afterMs, null, `refund ${call.uniqueRequestId} arrives`, () => {
      // Whoever passes a call on twice has had no answer to the first; a refusal of the refund itself ends the call.
      if (refused !== undefined && refused !== null && !isDuplicate(refused)) return
      const verdict = deliver(parts, call)
      refused ??= verdict
      strays.splice(0, strays.length, ...strays.filter(({ timer }) => timer.at > scheduler.now()))
    })
  if (strays.some(({ orderRef }) => orderRef === call.orderRef)) wire.calledAgain(call.orderRef)
  hurryStrays(parts, call.orderRef)
  if (fate === 'stray') {
    const timer = arrive(TIME_OUT_MS + Math.floor(random() * STRAY_MS))
    strays.push({ orderRef: call.orderRef, timer })
    return answered(random() < 0.5 ? LOST : TIMED_OUT, random() < 0.5 ? travel : TIME_OUT_MS)
  }
  arrive(travel)
  if (fate === 'doubled') arrive(travel + Math.floor(random() * 30_000))
  if (fate === 'answer_lost') return answered(TIMED_OUT, TIME_OUT_MS)
  if (fate === 'reset') return answered(LOST, travel * 2)
  if (fate === 'server_error_after') return answered(SERVER_ERROR, travel * 2)
  if (fate === 'garbage_after') return answered(NOT_JSON, travel * 2)
  if (fate === 'malformed_after') return answered(AMOUNT_DIFFERS, travel * 2)
  const patience = random() < 0.1 ? SLOW_MS : 3_000
  await scheduler.sleep(host, travel + Math.floor(random() * patience))
  return receive(() => (refused === undefined ? failure(TIMED_OUT) : answerOf(parts, call, refused)))

  async function answered(error: JuspayError, afterMs: number): Promise<RefundResult> {
    await scheduler.sleep(host, afterMs)
    return receive(() => failure(error))
  }

  function receive(answer: () => RefundResult | typeof WAIT): Promise<RefundResult> {
    return scheduler.perform(host, `answer to ${call.uniqueRequestId}`, () => {
      const result = answer()
      if (result !== WAIT) end()
      return result
    })
  }
}

/** What can arrive at the worst moment does so often: together with the next call about the order, or when it has room again. */
export function hurryStrays(
  { scheduler, random, strays }: Pick<NetworkParts, 'scheduler' | 'random' | 'strays'>,
  orderRef: string,
): void {
  for (const stray of strays) {
    const at = scheduler.now() + Math.floor(random() * 600)
    if (stray.orderRef === orderRef && at < stray.timer.at && random() < 0.5) scheduler.move(stray.timer, at)
  }
}

function deliver({ provider, scheduler, wire }: NetworkParts, call: LooseCall): RejectedReason | null {
  const { orderRef, uniqueRequestId: key, amountMinor, txnRef = null } = call
  const refused = provider.refund({ orderRef, key, txnRef, amountMinor, now: scheduler.now() })
  if (refused === null) wire.accepted(orderRef, key)
  return refused
}

/** The answer names the order as it is when it is written: a refund may have been settled by then. */
function answerOf(parts: NetworkParts, call: LooseCall, refused: RejectedReason | null): RefundResult {
  if (refused !== null) {
    parts.wire.refused(call.uniqueRequestId, refused)
    return failure(rejected(refused))
  }
  const order = parts.provider.tell(call.orderRef, parts.scheduler.now(), false)
  return order === null ? failure(rejected('not_found')) : acceptedAnswer(order, call.uniqueRequestId)
}

/** A success as the client gives it: the order with our refund in it. */
export function acceptedAnswer(order: ProviderOrder, key: string): RefundResult {
  const refund = order.refunds.find(({ uniqueRequestId }) => uniqueRequestId === key)
  if (refund === undefined) return failure({ kind: 'malformed', cause: 'refund_missing', httpStatus: 200 })
  return { ...FACTS, ok: true, order, refund, httpStatus: 200, raw: RAW }
}

async function getOrder(parts: NetworkParts, host: Host, orderRef: string): Promise<OrderResult> {
  const { scheduler, random, weather, provider, wire } = parts
  const askedAt = scheduler.now()
  const { statusTrouble, stale } = weather()
  if (random() * 100 < statusTrouble) {
    const fate = pick(STATUS_FATES, random)
    await scheduler.sleep(host, fate === 'request_lost' ? TIME_OUT_MS : 50)
    return failure(STATUS_ERRORS[fate])
  }
  await scheduler.sleep(host, 20 + Math.floor(random() * 1_500))
  const order = provider.tell(orderRef, scheduler.now(), random() * 100 < stale)
  await scheduler.sleep(host, 1)
  if (order === null) return failure(rejected('not_found'))
  wire.asked(orderRef, askedAt)
  return { ...FACTS, ok: true, order, httpStatus: 200, raw: RAW }
}

export function failure(error: JuspayError): CallFailure {
  const httpStatus = 'httpStatus' in error ? error.httpStatus : null
  return { ...FACTS, ok: false, error, httpStatus, raw: null }
}

/** A documented refusal. */
export function rejected(reason: RejectedReason): JuspayError {
  return {
    kind: 'rejected',
    reason,
    httpStatus: 400,
    code: reason,
    message: null,
    statusId: null,
    providerRequestId: null,
  }
}

const uncertain = (cause: 'timeout' | 'connection_lost' | 'server_error' | 'not_json'): JuspayError => ({
  kind: 'uncertain',
  cause,
  httpStatus: cause === 'server_error' ? 502 : null,
  code: null,
  retryAfterMs: null,
})

export const NOT_SENT: JuspayError = {
  kind: 'unavailable',
  cause: 'not_sent',
  code: 'ECONNREFUSED',
  retryAfterMs: null,
}
const THROTTLED: JuspayError = { kind: 'unavailable', cause: 'throttled', code: null, retryAfterMs: 5_000 }
const UNAUTHORISED: JuspayError = {
  kind: 'unauthorised',
  httpStatus: 401,
  code: 'access_denied',
  message: null,
}
const TIMED_OUT = uncertain('timeout')
const LOST = uncertain('connection_lost')
const SERVER_ERROR = uncertain('server_error')
const NOT_JSON = uncertain('not_json')
const AMOUNT_DIFFERS: JuspayError = { kind: 'malformed', cause: 'amount_differs', httpStatus: 200 }
const STATUS_ERRORS = {
  request_lost: TIMED_OUT,
  server_error: SERVER_ERROR,
  unauthorised: UNAUTHORISED,
  throttled: THROTTLED,
  refused_connection: NOT_SENT,
} as const

function pick<T>(items: readonly T[], random: () => number): T {
  const item = items[Math.floor(random() * items.length)]
  if (item === undefined) throw new Error('nothing to pick from')
  return item
}
