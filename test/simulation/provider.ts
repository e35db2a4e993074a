/**
 * Juspay in memory, small: what it holds about orders and their refunds, by the rules of the API reference §5. Its
 * ledger is the judge's: nothing of the product writes to it but through calls.
 */
import type {
  ProviderOrder,
  ProviderRefund,
  ProviderTransaction,
} from '../../server/domain/provider-order.ts'

export type RefundWord = 'PENDING' | 'SUCCESS' | 'FAILURE' | 'MANUAL_REVIEW'

/** One refund as Juspay has it. */
export type LedgerRefund = {
  key: string
  /** The attempt that it gives back. */
  txnRef: string
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

/** An attempt that took money. */
export type LedgerCharge = {
  txnRef: string
  minor: bigint
  /** Returned by Juspay's own rules. */
  returned: boolean
}

export type LedgerOrder = {
  orderRef: string
  /** In the order they were made; the first decides the order (§4.3). */
  charges: LedgerCharge[]
  /** Whether answers list refunds of another attempt than the first that Juspay made by itself. */
  listsReturns: boolean
  gateway: string
  createdAt: number
  changedAt: number
  refunds: LedgerRefund[]
}

/** Why a refund call was refused, in the client's words (§5.5). */
export type Refused = 'duplicate_id' | 'duplicate_amount' | 'amount_exceeds' | 'amount_invalid' | 'not_found'

/** Both kinds of duplicate say nothing about this refund (§5.6). */
export const isDuplicate = (reason: string): boolean =>
  reason === 'duplicate_id' || reason === 'duplicate_amount'

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
  /** A refund call that arrives: null when it is accepted. `amountMinor` null asks for all of the attempt. */
  refund(call: {
    orderRef: string
    key: string
    /** Null: of the attempt that decides the order. */
    txnRef: string | null
    amountMinor: bigint | null
    now: number
  }): Refused | null
  /** A refund from the portal or by Juspay's own rules; false when there is no room for it. */
  returnMoney(
    refund: Omit<LedgerRefund, 'word' | 'settledAt' | 'sentToGateway' | 'flipped' | 'reversed'> & {
      orderRef: string
    },
  ): boolean
  /** What is left of an attempt. */
  roomOf(orderRef: string, txnRef: string): bigint
  /** Returns an attempt by Juspay's own rules, as far as it is still here; null when nothing of it is. */
  returnCharge(orderRef: string, txnRef: string, key: string, now: number): ProviderOrder | null
  /** Says how a refund goes on. */
  settle(orderRef: string, key: string, word: RefundWord, now: number): void
  /** The payment turns out to have gone another way. */
  reroute(orderRef: string, gateway: string, now: number): void
  /** The order as a message tells it; as it was `lagMs` ago when `stale`. */
  tell(orderRef: string, now: number, stale: boolean): ProviderOrder | null
  /** The order as a message about the attempt tells it. */
  tellOf(orderRef: string, txnRef: string): ProviderOrder | null
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

  function room(order: LedgerOrder, { txnRef, minor, returned }: LedgerCharge): bigint {
    return returned ? 0n : minor - paidOut(order.refunds.filter((refund) => refund.txnRef === txnRef))
  }

  function chargeOf(orderRef: string, txnRef: string): { order: LedgerOrder; charge: LedgerCharge } | null {
    const order = orders.get(orderRef)
    const charge = order?.charges.find((one) => one.txnRef === txnRef)
    return order === undefined || charge === undefined ? null : { order, charge }
  }

  return {
    orders,
    refund({ orderRef, key, txnRef, amountMinor, now }) {
      const order = orders.get(orderRef)
      const charge = order?.charges.find((one) => txnRef === null || one.txnRef === txnRef)
      if (order === undefined || charge === undefined) return 'not_found'
      const asked = amountMinor ?? room(order, charge)
      if (asked <= 0n) return 'amount_invalid'
      if (order.refunds.some((refund) => refund.key === key)) return 'duplicate_id'
      const same = (refund: LedgerRefund): boolean =>
        refund.amountMinor === asked && now - refund.at < SAME_AMOUNT_MS
      if (order.refunds.some(same)) return 'duplicate_amount'
      if (rules.guardsAmount && asked > room(order, charge)) return 'amount_exceeds'
      const [at, by, word] = [now, 'API', 'PENDING'] as const
      order.refunds.push({ key, txnRef: charge.txnRef, amountMinor: asked, ...BLANK, at, by, word })
      changed(order, now)
      return null
    },
    returnMoney({ orderRef, ...refund }) {
      const found = chargeOf(orderRef, refund.txnRef)
      if (found === null || refund.amountMinor > room(found.order, found.charge)) return false
      const { order } = found
      order.refunds.push({ ...refund, ...BLANK, word: 'PENDING' })
      changed(order, refund.at)
      return true
    },
    roomOf(orderRef, txnRef) {
      const found = chargeOf(orderRef, txnRef)
      return found === null ? 0n : room(found.order, found.charge)
    },
    returnCharge(orderRef, txnRef, key, now) {
      const found = chargeOf(orderRef, txnRef)
      if (found === null || room(found.order, found.charge) < found.charge.minor) return null
      const { order, charge } = found
      charge.returned = true
      const [amountMinor, by, word] = [charge.minor, 'AUTO_REFUNDED', 'SUCCESS'] as const
      order.refunds.push({ key, txnRef, amountMinor, ...BLANK, at: now, by, word, settledAt: now })
      changed(order, now)
      return tellOrder(order, merchantId, charge)
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
    tellOf(orderRef, txnRef) {
      const found = chargeOf(orderRef, txnRef)
      return found === null ? null : tellOrder(found.order, merchantId, found.charge)
    },
  }
}

const BLANK = { settledAt: null, sentToGateway: false, flipped: false, reversed: false } as const

/** What has gone back or is on its way: everything but failures. */
export function paidOut(refunds: readonly LedgerRefund[]): bigint {
  return refunds.reduce((sum, { word, amountMinor }) => (word === 'FAILURE' ? sum : sum + amountMinor), 0n)
}

/** Juspay's times are whole seconds. */
function toTheSecond(at: number): Date {
  return new Date(Math.floor(at / SECOND_MS) * SECOND_MS)
}

/** The order as a message about one of its attempts tells it; an answer is about the first. */
function tellOrder(
  order: LedgerOrder,
  merchantId: string,
  about: LedgerCharge | undefined = order.charges[0],
): ProviderOrder {
  const { orderRef, gateway, charges, refunds, listsReturns } = order
  const createdAt = toTheSecond(order.createdAt)
  const amountMinor = charges[0]?.minor ?? 0n
  const told = refunds.filter(({ by, txnRef }) => {
    const returned = by === 'AUTO_REFUNDED' && txnRef !== charges[0]?.txnRef
    return listsReturns || !returned || txnRef === about?.txnRef
  })
  return {
    orderRef,
    providerOrderRef: `ordeh_${orderRef}`,
    merchantRef: merchantId,
    providerStatus: 'CHARGED',
    amountMinor,
    effectiveAmountMinor: amountMinor,
    currency: 'INR',
    customer: NOBODY,
    description: null,
    returnUrl: null,
    udf: {},
    transactions: about === undefined ? [] : [tellCharge(about, gateway, createdAt)],
    // Of a single charge nothing has to be told apart.
    refunds: told.map((refund) => tellRefund(refund, charges.length > 1 ? refund.txnRef : null)),
    createdAt,
    statedAt: toTheSecond(order.changedAt),
  }
}

function tellCharge(
  { txnRef, minor, returned }: LedgerCharge,
  gateway: string,
  createdAt: Date,
): ProviderTransaction {
  const providerStatus = returned ? 'AUTO_REFUNDED' : 'CHARGED'
  return { ...ATTEMPT, txnRef, amountMinor: minor, providerStatus, gateway, createdAt }
}

const NOBODY = { ref: 'cust1', name: null, email: null, phone: null }
const ATTEMPT = {
  txnUuid: 'moz1',
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

function tellRefund(refund: LedgerRefund, txnRef: string | null): ProviderRefund {
  const done = refund.word === 'SUCCESS'
  return {
    uniqueRequestId: refund.key,
    txnRef,
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
