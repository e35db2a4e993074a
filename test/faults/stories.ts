/**
 * What Juspay would send: lives of orders as webhooks of about 3 KB, made from a seed, and what must have become of each
 * order when all of its webhooks have been heard. That expectation is written down here, not asked of the product.
 */
import { createHash } from 'node:crypto'
import { orderBody, webhookBody, type BodyAttempt, type BodyRefund } from '../support/factories.ts'
import { seededRandom } from '../support/scenario.ts'

/** One webhook to deliver. The key is its id and the hash of its bytes: a variant has the id of another. */
export type Letter = { id: string; body: Buffer; digest: Buffer; acked: boolean }

/** The end of an order, in the words of the database. */
export type Expected = {
  orderKey: string
  paymentStatus: 'charged' | 'failed'
  chargedMinor: number
  externalRefundedMinor: number
  refundState: 'none' | 'partial' | 'full'
  attempts: number
  refunds: number
}

export type Story = { letters: Letter[]; expected: Expected }

/** How a run's orders are made: the same plan gives the same bytes. */
export type Plan = { seed: number; startedAt: Date }

const KINDS = ['charged', 'failed', 'retried', 'refunded', 'partly_refunded'] as const
/** One in so many orders has a message that was sent again with other bytes under the same id. */
const VARIANT_EVERY = 25
const PAD_TARGET_BYTES = 3_000
const MINUTE_MS = 60_000

/** The order number `index` of a plan. */
export function storyOf(plan: Plan, index: number): Story {
  const random = seededRandom(plan.seed * 1_000_003 + index)
  const kind = KINDS[Math.floor(random() * KINDS.length)] ?? 'charged'
  const orderRef = `F${plan.seed}-${index}`
  const rupees = 100 + Math.floor(random() * 9_900)
  const minor = rupees * 100
  const told = teller(plan, orderRef, rupees, random)
  const attempt = (number: number, status: string): BodyAttempt => ({
    txnId: `m-${orderRef}-${number}`,
    status,
  })
  const refund = (status: string, amount: number): BodyRefund => ({
    key: `R${plan.seed}x${index}`,
    status,
    amount,
    ...(status === 'SUCCESS' ? { ref: `utr-${orderRef}` } : {}),
  })
  const expected: Expected = {
    orderKey: orderRef.toLowerCase(),
    paymentStatus: 'charged',
    chargedMinor: minor,
    externalRefundedMinor: 0,
    refundState: 'none',
    attempts: 1,
    refunds: 0,
  }
  told.say('TXN_CREATED', 'PENDING_VBV', attempt(1, 'PENDING_VBV'))
  if (kind === 'failed') {
    told.say('ORDER_FAILED', 'AUTHORIZATION_FAILED', attempt(1, 'AUTHORIZATION_FAILED'))
    return { letters: told.letters, expected: { ...expected, paymentStatus: 'failed', chargedMinor: 0 } }
  }
  if (kind === 'retried') {
    told.say('ORDER_FAILED', 'AUTHENTICATION_FAILED', attempt(1, 'AUTHENTICATION_FAILED'))
    told.say('TXN_CREATED', 'AUTHORIZING', attempt(2, 'AUTHORIZING'))
    told.say('ORDER_SUCCEEDED', 'CHARGED', attempt(2, 'CHARGED'))
    return { letters: told.letters, expected: { ...expected, attempts: 2 } }
  }
  told.say('ORDER_SUCCEEDED', 'CHARGED', attempt(1, 'CHARGED'))
  if (index % VARIANT_EVERY === 0) told.repeatLastInOtherBytes()
  if (kind === 'charged') return { letters: told.letters, expected }
  const part = kind === 'refunded' ? rupees : Math.floor(rupees / 2)
  told.say('REFUND_INITIATED', 'CHARGED', attempt(1, 'CHARGED'), [refund('PENDING', part)])
  told.say('ORDER_REFUNDED', 'CHARGED', attempt(1, 'CHARGED'), [refund('SUCCESS', part)])
  const refundState = kind === 'refunded' ? 'full' : 'partial'
  return {
    letters: told.letters,
    expected: { ...expected, externalRefundedMinor: part * 100, refundState, refunds: 1 },
  }
}

function teller(plan: Plan, orderRef: string, rupees: number, random: () => number) {
  const letters: Letter[] = []
  let minute = 0
  return {
    letters,
    say(name: string, status: string, attempt: BodyAttempt, refunds?: BodyRefund[]): void {
      minute += 1
      const at = new Date(plan.startedAt.getTime() + (minute - 30) * MINUTE_MS).toISOString()
      const created = new Date(plan.startedAt.getTime() - 30 * MINUTE_MS).toISOString()
      const id = `evt_V2_${orderRef}_${minute}`
      const told = { orderId: orderRef, status, amount: rupees, at, created, extra: padding(random) }
      const order = orderBody({ ...told, attempt, ...(refunds === undefined ? {} : { refunds }) })
      letters.push(letterOf(id, webhookBody({ id, name, at, order })))
    },
    /** JSON that says the same with a space more. */
    repeatLastInOtherBytes(): void {
      const last = letters.at(-1)
      if (last) letters.push(letterOf(last.id, Buffer.concat([last.body, Buffer.from(' ')])))
    },
  }
}

function letterOf(id: string, body: Buffer): Letter {
  return { id, body, digest: createHash('sha256').update(body).digest(), acked: false }
}

/** Fields such as merchants and gateways fill, up to the usual size; incompressible in part, as tokens are. */
function padding(random: () => number): Record<string, unknown> {
  const token = (): string =>
    Math.floor(random() * 0xffff_ffff)
      .toString(16)
      .padStart(8, '0')
  const extra: Record<string, unknown> = {
    return_url: 'https://shop.example.test/checkout/return?basket=4711',
    payment_links: {
      web: `https://payments.example.test/orders/ordeh_${token()}`,
      mobile: `https://payments.example.test/orders/ordeh_${token()}?mobile=true`,
      iframe: `https://payments.example.test/merchant/ipay/ordeh_${token()}`,
    },
    offers: [],
    metadata: { basket: token(), device: token(), channel: 'android', campaign: 'diwali-early-access' },
  }
  for (let field = 1; field <= 5; field += 1) extra[`udf${field}`] = `${token()}-${token()}`
  const lines = []
  while (JSON.stringify(extra).length + lines.length * 96 < PAD_TARGET_BYTES - 1_100)
    lines.push({ sku: `SKU-${token()}`, title: 'Cotton kurta, indigo', quantity: 1, unit_price: '799.00' })
  return { ...extra, basket_lines: lines }
}
