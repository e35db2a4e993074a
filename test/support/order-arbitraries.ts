/** Orders and queries over one small vocabulary, so that random queries find random orders. */
import fc from 'fast-check'
import { DISPLAY_STATUSES, PAYMENT_STATUSES } from '../../server/domain/payment-status.ts'
import type { ModelOrder } from './order-model.ts'

export const NOW = new Date('2026-11-22T20:00:00.000Z')

const DAY_MS = 86_400_000
const GATEWAYS = ['RAZORPAY', 'PAYU', 'BILLDESK']
const NAMES = ['S. Iyer', 'Asha Menon', 'none', 'Rohan 100% Das', 'राम कुमार', 'Zoë Menon']
const EMAILS = ['asha@example.com', 'a_b@x.in', 'S.Iyer@Example.com']
const PHONES = ['+91 98765 43210', '9876543211', '09812343210', 'FILTERED']
const VPAS = ['asha@okhdfc', 'iyer.s@ybl']
const CODES = ['CHARGED', 'AUTHORIZATION_FAILED', 'PENDING_VBV', 'CAPTURE_INITIATED', 'COD_INITIATED']
const ERRORS = ['Insufficient funds', 'Bank: "declined", retry']
const RRNS = ['432198765012', '432198765013']
const NOTES = ['Called the customer, asked for 10% off', 'Waiting for the bank', 'waiting_for UTR']
const TAGS = ['vip', 'vip-2', 'needs-call', 'ग्राहक']
const AMOUNTS = ['499', '500', '1000', '99999.99', '100000', '250000.5']

const minorOf = (major: string): bigint => {
  const [whole = '0', cents = ''] = major.split('.')
  return BigInt(whole) * 100n + BigInt(cents.padEnd(2, '0'))
}

const maybe = <T>(values: readonly T[]): fc.Arbitrary<T | null> => fc.option(fc.constantFrom(...values))
const someday = fc
  .integer({ min: 0, max: 5 * 24 * 4 })
  .map((n) => new Date(NOW.getTime() - n * (DAY_MS / 96)))

/** Everything about an order but its number, which {@link numbered} gives. */
const body = fc.record({
  displayStatus: fc.constantFrom(...DISPLAY_STATUSES),
  paymentStatus: fc.constantFrom(...PAYMENT_STATUSES),
  providerStatus: fc.constantFrom(...CODES),
  currency: fc.constantFrom('INR', 'INR', 'INR', 'USD', 'JPY'),
  gateway: maybe(GATEWAYS),
  methodType: maybe(['CARD', 'UPI', 'NB', 'WALLET']),
  method: maybe(['NB_HDFC', 'NB_ICICI', 'VISA', 'UPI']),
  cardBrand: maybe(['VISA', 'RUPAY']),
  cardLast4: maybe(['4242', '1111']),
  payerVpa: maybe(VPAS),
  amountMinor: fc.constantFrom(...AMOUNTS.map(minorOf)),
  parts: fc.record({
    charged: fc.boolean(),
    reserved: fc.boolean(),
    refunded: fc.boolean(),
    external: fc.boolean(),
    externalPending: fc.boolean(),
    disputed: fc.boolean(),
  }),
  attemptCount: fc.integer({ min: 0, max: 3 }),
  createdAt: someday,
  changedAt: someday,
  chargedAt: fc.option(someday),
  customerRef: maybe(['cust_1', 'cust_10', 'asha-2']),
  customerName: maybe(NAMES),
  customerEmail: maybe(EMAILS),
  customerPhone: maybe(PHONES),
  errorCode: maybe(['U30', 'ZM']),
  errorMessage: maybe(ERRORS),
  udf: fc.record(
    { udf1: fc.constantFrom('store-114', 'store-9'), udf10: fc.constantFrom('x, y', 'Till "Ä\\1"\u0001') },
    { requiredKeys: [] },
  ),
  rrn: maybe(RRNS),
  gatewayRef: maybe(['pay_1', 'pay_2']),
  refund: fc.option(fc.record({ ref: maybe(['ref_1']), arn: maybe(['74537604221234567890123']) })),
  event: fc.option(fc.boolean()),
  dispute: fc.boolean(),
  discrepancy: fc.boolean(),
  gap: fc.boolean(),
  mine: fc.boolean(),
  notes: fc.array(fc.record({ text: fc.constantFrom(...NOTES), struck: fc.boolean() }), { maxLength: 2 }),
  tags: fc.subarray(TAGS, { maxLength: 2 }),
})

/** An order with its number in all its references. */
function numbered(n: number, order: typeof body extends fc.Arbitrary<infer T> ? T : never): ModelOrder {
  const { parts, rrn, gatewayRef, refund, event, ...rest } = order
  const third = order.amountMinor / 3n
  return {
    ...rest,
    orderRef: `ORD-${n}`,
    providerOrderRef: n % 3 === 0 ? null : `ordeh_${n}`,
    chargedMinor: parts.charged ? order.amountMinor : 0n,
    reservedMinor: parts.charged && parts.reserved ? third : 0n,
    refundedMinor: parts.charged && parts.refunded ? third : 0n,
    externalRefundedMinor: parts.charged && parts.external ? third : 0n,
    externalPendingMinor: parts.charged && parts.external && parts.externalPending ? third : 0n,
    disputedMinor: parts.disputed ? third : 0n,
    attempts: [{ txnRef: `demo-ORD-${n}-1`, gatewayRef, rrn }],
    refunds: refund === null ? [] : [{ key: `rf${n}`, ...refund }],
    events: event === null ? [] : [{ ref: `evt_V2_${n}`, failed: event }],
  }
}

export const modelOrders = (count: number): fc.Arbitrary<ModelOrder[]> =>
  fc
    .array(body, { minLength: count, maxLength: count })
    .map((orders) => orders.map((order, i) => numbered(i + 1, order)))

const quoted = (text: string): string => `"${text.replaceAll('"', '')}"`
const list = (field: string, values: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.boolean(), fc.subarray([...values], { minLength: 1, maxLength: Math.min(2, values.length) }))
    .map(([negated, some]) => `${negated ? '-' : ''}${field}:${some.join(',')}`)
const range = (field: string, values: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom('>', '>=', '<', '<=', '=', '..'),
      fc.constantFrom(...values),
      fc.constantFrom(...values),
    )
    .map(([operator, a, b]) => (operator === '..' ? `${field}:${a}..${b}` : `${field}:${operator}${a}`))

const TIMES = [
  'today',
  'yesterday',
  '-1h',
  '-24h',
  '-3d',
  '2026-11-22',
  '2026-11-20..2026-11-21',
  '2026-11-22T14:00',
]
const ENDS = ['2026-11-20', '2026-11-21T12:00', '2026-11-22T18:30:10']
const time = (field: string): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom(...TIMES).map((text) => `${field}:${text}`),
    fc
      .tuple(fc.constantFrom('>', '>=', '<', '<='), fc.constantFrom(...ENDS))
      .map(([operator, end]) => `${field}:${operator}${end}`),
  )

const PRESENCE = [
  'gateway',
  'method',
  'vpa',
  'email',
  'phone',
  'name',
  'error',
  'last4',
  'bank',
  'customer',
  'note',
  'tag',
  'udf1',
]

/** One clause; most of them match some of {@link modelOrders}. */
export const clauseText: fc.Arbitrary<string> = fc.oneof(
  list('status', DISPLAY_STATUSES),
  list('s', ['failed', 'charged']),
  list('pay', PAYMENT_STATUSES),
  list('code', CODES),
  list('currency', ['INR', 'USD', 'jpy']),
  list('pg', ['razorpay', 'PayU', 'billdesk']),
  list('method', ['card', 'upi', 'netbanking']),
  list('bank', ['hdfc', 'icici']),
  list('network', ['visa', 'rupay']),
  list('last4', ['4242', '1111']),
  list('order', ['ORD-1', 'ord-2', 'ORD-3', 'ORD-1*', '"ORD-4"']),
  list('txn', ['demo-ORD-1-1', 'DEMO-ord-2-1']),
  list('refund', ['rf1', 'RF2', 'rf3']),
  list('event', ['evt_V2_1', 'evt_V2_2']),
  list('ref', [...RRNS, 'pay_1', 'ordeh_2', '74537604221234567890123', 'demo-ord-3-1']),
  list('vpa', ['okhdfc', 'iyer.s@']),
  list('customer', ['asha', 'cust_', 'cust_1', 'CUST_10', 'Cust_1*', '=asha-2']),
  list('email', ['asha@', 'a_b', 'EXAMPLE']),
  list('phone', ['3210', '98765', '9876543210', '98*210', '+91-98765-43210']),
  list('name', [quoted('S. Iyer'), 'iyer', '"none"', '100%', 'राम', quoted('म कु'), 'ZOË']),
  list('error', [quoted('insufficient funds'), 'bank', 'u30']),
  list('udf1', ['store', 'store-114']),
  list('udf10', [quoted('x, y'), quoted('ä'), quoted('ä\\1')]),
  list('note', ['waiting', 'WAITING_FOR', quoted('10% off'), quoted('the customer')]),
  list('tag', ['vip', 'VIP-2', quoted('needs call'), 'ग्राहक', 'nobody']),
  list('has', ['refund', 'dispute', 'note', 'tag', 'discrepancy', 'failed_event']),
  list('is', ['stuck', 'high_value', 'mine', 'late', 'amount_unknown']),
  range('amount', AMOUNTS),
  range('refunded', ['0', '1', '33333', '₹1L']),
  range('refundable', ['0', '300', '1L']),
  range('attempts', ['0', '1', '2']),
  time('updated'),
  time('charged_at'),
  time('created'),
  fc.constantFrom('charged_at:none', 'charged_at:any', '-name:"none"'),
  fc
    .tuple(fc.constantFrom('', '-'), fc.constantFrom(...PRESENCE), fc.constantFrom('any', 'none'))
    .map(([minus, field, word]) => `${minus}${field}:${word}`),
  fc.constantFrom(
    'asha',
    '-iyer',
    '"S. Iyer"',
    'ORD-1',
    '98765',
    'okhdfc',
    '-"asha menon"',
    '_b@',
    'कुमार',
    '-zoë',
  ),
)

/** Up to five clauses, of which the parser may refuse some combinations. */
export const queryText: fc.Arbitrary<string> = fc
  .array(clauseText, { maxLength: 5 })
  .map((clauses) => clauses.join(' '))
