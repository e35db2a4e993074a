/**
 * Juspay in memory, small: what it holds about orders and their refunds, by the rules of the API reference §5. Its
 * ledger is the judge's: nothing of the product writes to it but through calls.
 */
import type { ProviderOrder, ProviderRefund } from '../../server/domain/provider-order.ts'

export type RefundWord = 'PENDING' | 'SUCCESS' | 'FAILURE' | 'MANUAL_REVIEW'

/** One refund as Juspay has it. */
export type LedgerRefund = {
  key: string
  amountMinor: bigint
  word: RefundWord
  by: 'API' | 'portal' | 'AUTO_REFUNDED'
  at: number
  settledAt: number | null
  sentToGateway: boolean
  /** A failure that became a success: money that nobody could know about when the failure was told. */
  flipped: boolean
  /** A success that was taken back. */
  reversed: boolean
}

export type LedgerOrder = {
  orderRef: string
  chargedMinor: bigint
  gateway: string
  createdAt: number
  changedAt: number
  refunds: LedgerRefund[]
}

/** Why a refund call was refused, in the client's words (§5.5). */
export type Refused = 'duplicate_id' | 'duplicate_amount' | 'amount_exceeds' | 'amount_invalid' | 'not_found'

export type ProviderRules = {
  /** "Refund amount exceeds the refundable amount"; documented, and not trusted to be there. */
  guardsAmount: boolean
  /** How far status answers may be behind (§6.5). */
  lagMs: number
}

/** Two calls with one amount within this are refused (§5.5). */
const SAME_AMOUNT_MS = 5_000

export type Provider = {
  orders: Map<string, LedgerOrder>
  /** A refund call that arrives: null when it is accepted. `amountMinor` null asks for the whole order. */
  refund(call: { orderRef: string; key: string; amountMinor: bigint | null; now: number }): Refused | null
  /** A refund from the portal or by Juspay's own rules; false when there is no room for it. */
  returnMoney(
    refund: Omit<LedgerRefund, 'word' | 'settledAt' | 'sentToGateway' | 'flipped' | 'reversed'> & {
      orderRef: string
    },
  ): boolean
  /** Says how a refund goes on. */
  settle(orderRef: string, key: string, word: RefundWord, now: number): void
  /** The payment turns out to have gone another way. */
  reroute(orderRef: string, gateway: string, now: number): void
  /** The order as a message tells it; as it was `lagMs` ago when `stale`. */
  tell(orderRef: string, now: number, stale: boolean): ProviderOrder | null
}

const SECOND_MS = 1_000

export function createProvider(rules: ProviderRules, merchantId: string): Provider {
  const orders = new Map<string, LedgerOrder>()
  /** What was told of each order before its last changes, with the time it stopped being true. */
  const past = new Map<string, { until: number; told: ProviderOrder }[]>()
  const current = new Map<string, ProviderOrder>()

  function changed(order: LedgerOrder, now: number): void {
    const before = current.get(order.orderRef)
    if (before !== undefined) {
      const list = past.get(order.orderRef) ?? []
      list.push({ until: now, told: before })
      past.set(order.orderRef, list)
    }
    order.changedAt = now
    current.set(order.orderRef, tellOrder(order, merchantId))
  }

  function room(order: LedgerOrder): bigint {
    return order.chargedMinor - paidOut(order)
  }

  return {
    orders,
    refund({ orderRef, key, amountMinor, now }) {
      const order = orders.get(orderRef)
      if (order === undefined) return 'not_found'
      const asked = amountMinor ?? room(order)
      if (asked <= 0n) return 'amount_invalid'
      if (order.refunds.some((refund) => refund.key === key)) return 'duplicate_id'
      const same = (refund: LedgerRefund): boolean =>
        refund.amountMinor === asked && now - refund.at < SAME_AMOUNT_MS
      if (order.refunds.some(same)) return 'duplicate_amount'
      if (rules.guardsAmount && asked > room(order)) return 'amount_exceeds'
      const [at, by, word] = [now, 'API', 'PENDING'] as const
      order.refunds.push({ key, amountMinor: asked, ...BLANK, at, by, word })
      changed(order, now)
      return null
    },
    returnMoney({ orderRef, ...refund }) {
      const order = orders.get(orderRef)
      if (order === undefined || refund.amountMinor > room(order)) return false
      order.refunds.push({ ...refund, ...BLANK, word: 'PENDING' })
      changed(order, refund.at)
      return true
    },
    settle(orderRef, key, word, now) {
      const order = orders.get(orderRef)
      const refund = order?.refunds.find((one) => one.key === key)
      if (order === undefined || refund === undefined) return
      refund.flipped = refund.flipped || (refund.word === 'FAILURE' && word === 'SUCCESS')
      refund.reversed = refund.reversed || (refund.word === 'SUCCESS' && word === 'FAILURE')
      refund.word = word
      refund.sentToGateway = true
      if (word === 'SUCCESS' || word === 'FAILURE') refund.settledAt = now
      changed(order, now)
    },
    reroute(orderRef, gateway, now) {
      const order = orders.get(orderRef)
      if (order === undefined) return
      order.gateway = gateway
      changed(order, now)
    },
    tell(orderRef, now, stale) {
      const order = orders.get(orderRef)
      if (order === undefined) return null
      if (!current.has(orderRef)) changed(order, order.changedAt)
      if (stale)
        for (const { until, told } of past.get(orderRef) ?? []) if (until > now - rules.lagMs) return told
      return current.get(orderRef) ?? null
    },
  }
}

const BLANK = { settledAt: null, sentToGateway: false, flipped: false, reversed: false } as const

/** What has gone back of an order or is on its way: everything but failures. */
export function paidOut({ refunds }: LedgerOrder): bigint {
  return refunds.reduce((sum, { word, amountMinor }) => (word === 'FAILURE' ? sum : sum + amountMinor), 0n)
}

/** Juspay's times are whole seconds. */
function toTheSecond(at: number): Date {
  return new Date(Math.floor(at / SECOND_MS) * SECOND_MS)
}

function tellOrder(order: LedgerOrder, merchantId: string): ProviderOrder {
  const { orderRef, chargedMinor, gateway } = order
  const createdAt = toTheSecond(order.createdAt)
  return {
    orderRef,
    providerOrderRef: `ordeh_${orderRef}`,
    merchantRef: merchantId,
    providerStatus: 'CHARGED',
    amountMinor: chargedMinor,
    effectiveAmountMinor: chargedMinor,
    currency: 'INR',
    customer: NOBODY,
    description: null,
    returnUrl: null,
    udf: {},
    transactions: [
      { ...ATTEMPT, txnRef: `sim-${orderRef}-1`, amountMinor: chargedMinor, gateway, createdAt },
    ],
    refunds: order.refunds.map(tellRefund),
    createdAt,
    statedAt: toTheSecond(order.changedAt),
  }
}

const NOBODY = { ref: 'cust1', name: null, email: null, phone: null }
const ATTEMPT = {
  txnUuid: 'moz1',
  providerStatus: 'CHARGED',
  netAmountMinor: null,
  gatewayId: 100,
  methodType: 'UPI',
  method: 'UPI',
  cardBrand: null,
  cardLast4: null,
  payerVpa: null,
  gatewayRef: 'epg1',
  rrn: '600509100001',
  authCode: null,
  errorCode: null,
  errorMessage: null,
} as const

function tellRefund(refund: LedgerRefund): ProviderRefund {
  const done = refund.word === 'SUCCESS'
  return {
    uniqueRequestId: refund.key,
    txnRef: null,
    providerStatus: refund.word,
    amountMinor: refund.amountMinor,
    ref: done ? `ref-${refund.key}` : null,
    arn: null,
    sentToGateway: refund.sentToGateway,
    initiatedBy: refund.by === 'portal' ? 'ops@shop.test' : refund.by,
    refundSource: 'RAZORPAY',
    refundType: 'STANDARD',
    errorCode: refund.word === 'FAILURE' ? '105' : null,
    errorMessage: refund.word === 'FAILURE' ? 'Refund FAILURE' : null,
    expectedCreditAt: null,
    createdAt: toTheSecond(refund.at),
  }
}
