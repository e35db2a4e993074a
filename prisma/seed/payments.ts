/** How an order is paid, as the messages that Juspay sends about it; what we make of them is the merge rules' affair. */
import type { ProviderOrder, ProviderTransaction } from '../../server/domain/provider-order.ts'
import type { Choices } from './choices.ts'
import type { Customer } from './customers.ts'
import { FAILURES, GATEWAY_SHARES, METHOD_SHARES, METHODS, PRODUCTS, weighted } from './words.ts'

/** One message and when it reached us. */
export type Letter = { name: string; order: ProviderOrder; at: Date }

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS

/** In per mille. What is still open long afterwards is rare. */
const STORIES = [
  [818, 'charged'],
  [94, 'failed'],
  [46, 'retried'],
  [20, 'abandoned'],
  [5, 'stuck'],
  [5, 'authorised'],
  [3, 'voided'],
  [6, 'late'],
  [2, 'charged_twice'],
  [1, 'capture_failed'],
] as const
type Story = (typeof STORIES)[number][1]

/** Merchants that listen to attempts too see each begin; most listen to orders only. */
const TELLS_BEGINNING = 0.25
/** Rupees: the middle amount, and how far amounts spread around it (log-normal). */
const AMOUNT_MIDDLE = 740
const AMOUNT_SPREAD = 1.15
const AMOUNT_MIN = 19
const AMOUNT_MAX = 490_000

/** All messages about the payment of one order; those after `end` have not been sent yet. */
export function paymentLetters(choices: Choices, customer: Customer, placedAt: Date, end: Date): Letter[] {
  const story = weighted(choices, STORIES)
  const order = orderOf(choices, customer, placedAt)
  const tell = teller(choices, order)
  const begun = placedAt.getTime() + choices.between(8, 90) * SECOND_MS
  const first = attemptOf(choices, order, 1, new Date(begun), customer)
  const ended = begun + choices.between(9, 160) * SECOND_MS
  if (story === 'abandoned') tell('ORDER_CREATED', 'NEW', [], placedAt.getTime() + SECOND_MS)
  else tellStory({ choices, customer, order, tell: tell, story, first, begun, ended })
  const letters = tell.letters.filter((letter) => letter.at < end)
  // A payment of this minute: what we know so far is that the customer is at the bank page.
  return letters.length > 0 ? letters : [tell.beginning(first, Math.min(begun, end.getTime() - SECOND_MS))]
}

type Tell = ReturnType<typeof teller>

function tellStory(from: {
  choices: Choices
  customer: Customer
  order: ProviderOrder
  tell: Tell
  story: Story
  first: ProviderTransaction
  begun: number
  ended: number
}): void {
  const { choices, order, tell, story, first, begun, ended } = from
  if (story === 'stuck' || choices.chance(TELLS_BEGINNING)) tell.letters.push(tell.beginning(first, begun))
  if (story === 'stuck') return
  switch (story) {
    case 'charged':
      return tell('ORDER_SUCCEEDED', 'CHARGED', [charged(choices, first)], ended)
    case 'authorised':
      return tell('ORDER_AUTHORIZED', 'AUTHORIZED', [{ ...first, providerStatus: 'AUTHORIZED' }], ended)
    case 'voided':
      return tell('ORDER_VOIDED', 'VOIDED', [{ ...first, providerStatus: 'VOIDED' }], ended + 40 * MINUTE_MS)
    case 'capture_failed':
      return tell(
        'ORDER_CAPTURE_FAILED',
        'CAPTURE_FAILED',
        [{ ...first, providerStatus: 'CAPTURE_FAILED' }],
        ended,
      )
    case 'charged_twice': {
      const second = attemptOf(choices, order, 2, new Date(ended), from.customer)
      tell('ORDER_SUCCEEDED', 'CHARGED', [charged(choices, first)], ended)
      return tell('TXN_CHARGED', 'CHARGED', [charged(choices, second)], ended + 50 * SECOND_MS)
    }
    case 'failed':
    case 'retried':
    case 'late': {
      const failed = declined(choices, first)
      tell('ORDER_FAILED', failed.providerStatus, [failed], ended)
      if (story === 'late') {
        const late = ended + choices.between(11, 190) * MINUTE_MS
        return tell('ORDER_SUCCEEDED', 'CHARGED', [charged(choices, first)], late)
      }
      if (story === 'failed') return
      const again = ended + choices.between(15, 240) * SECOND_MS
      const second = attemptOf(choices, order, 2, new Date(again), from.customer)
      return tell(
        'ORDER_SUCCEEDED',
        'CHARGED',
        [charged(choices, second)],
        again + choices.between(9, 90) * SECOND_MS,
      )
    }
    case 'abandoned':
      return
  }
}

function orderOf(choices: Choices, customer: Customer, placedAt: Date): ProviderOrder {
  const orderRef = `OD${choices.own}${choices.letters(3)}`
  return {
    orderRef,
    providerOrderRef: `ordeh_${choices.uuid().replaceAll('-', '')}`,
    merchantRef: null,
    providerStatus: null,
    amountMinor: amountOf(choices),
    effectiveAmountMinor: null,
    currency: 'INR',
    customer: { ref: customer.ref, name: customer.name, email: customer.email, phone: customer.phone },
    description: choices.pick(PRODUCTS),
    returnUrl: 'https://shop.example.in/checkout/return',
    udf: choices.chance(0.3) ? { udf1: `store-${choices.between(1, 240)}` } : {},
    transactions: [],
    refunds: [],
    createdAt: placedAt,
    statedAt: null,
  }
}

/** Log-normal by Box and Muller, then as prices are written: many end in 9. */
function amountOf(choices: Choices): bigint {
  const normal = Math.sqrt(-2 * Math.log(1 - choices.share())) * Math.cos(2 * Math.PI * choices.share())
  const rupees = Math.min(AMOUNT_MAX, Math.max(AMOUNT_MIN, AMOUNT_MIDDLE * Math.exp(AMOUNT_SPREAD * normal)))
  const whole = Math.round(rupees)
  if (choices.chance(0.18)) return BigInt(whole) * 100n + BigInt(choices.int(100))
  if (whole > 200 && choices.chance(0.5)) return BigInt(whole - (whole % 50) + 49) * 100n
  return BigInt(whole) * 100n
}

function attemptOf(
  choices: Choices,
  order: ProviderOrder,
  no: number,
  createdAt: Date,
  customer: Customer,
): ProviderTransaction {
  const methodType = weighted(choices, METHOD_SHARES)
  const method = weighted(choices, METHODS[methodType])
  const card = methodType === 'CARD'
  return {
    txnRef: `paydeskdemo-${order.orderRef}-${no}`,
    txnUuid: `eul${choices.letters(18)}`,
    providerStatus: 'PENDING_VBV',
    amountMinor: order.amountMinor,
    netAmountMinor: order.amountMinor,
    gateway: weighted(choices, GATEWAY_SHARES),
    gatewayId: choices.between(1, 40),
    methodType,
    method,
    cardBrand: card ? method : null,
    cardLast4: card ? String(choices.between(0, 9_999)).padStart(4, '0') : null,
    payerVpa: methodType === 'UPI' ? customer.vpa : null,
    gatewayRef: null,
    rrn: null,
    authCode: null,
    errorCode: null,
    errorMessage: null,
    createdAt,
  }
}

function charged(choices: Choices, attempt: ProviderTransaction): ProviderTransaction {
  return {
    ...attempt,
    providerStatus: 'CHARGED',
    gatewayRef: `pay_${choices.letters(14)}`,
    rrn: attempt.methodType === 'WALLET' ? null : choices.digits(12),
    authCode: attempt.methodType === 'CARD' ? choices.digits(6) : null,
  }
}

function declined(choices: Choices, attempt: ProviderTransaction): ProviderTransaction {
  const { code, message, status } = weighted(choices, FAILURES)
  return { ...attempt, providerStatus: status, errorCode: code, errorMessage: message }
}

/** Writes messages: a webhook is here a moment after it was sent, seldom much later. */
function teller(choices: Choices, order: ProviderOrder) {
  const letters: Letter[] = []
  const letterOf = (
    name: string,
    status: string,
    attempts: readonly ProviderTransaction[],
    sentMs: number,
  ): Letter => {
    const lagMs = choices.chance(0.01) ? choices.between(30, 900) * SECOND_MS : choices.between(120, 2_400)
    const statedAt = new Date(sentMs)
    return {
      name,
      order: { ...order, providerStatus: status, transactions: attempts, statedAt },
      at: new Date(sentMs + lagMs),
    }
  }
  const tell = (
    name: string,
    status: string,
    attempts: readonly ProviderTransaction[],
    sentMs: number,
  ): void => {
    letters.push(letterOf(name, status, attempts, sentMs))
  }
  const beginning = (attempt: ProviderTransaction, sentMs: number): Letter =>
    letterOf('TXN_CREATED', 'PENDING_VBV', [attempt], sentMs)
  return Object.assign(tell, { letters, beginning })
}
