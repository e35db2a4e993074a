/** What a merchant in India sees: shares of methods, gateways, banks and reasons, as payment reports of the trade tell them. */
import type { Random } from '../../server/sandbox/random.ts'

export type Shares<T> = readonly [share: number, value: T][]

/** One of the values, as often as its share says. */
export function weighted<T>(random: Random, shares: readonly (readonly [number, T])[]): T {
  let left = random.int(shares.reduce((sum, [share]) => sum + share, 0))
  for (const [share, value] of shares) {
    if (left < share) return value
    left -= share
  }
  throw new Error('shares add up to nothing')
}

export type MethodType = 'UPI' | 'CARD' | 'NB' | 'WALLET' | 'CONSUMER_FINANCE'

export const METHOD_SHARES: readonly (readonly [number, MethodType])[] = [
  [66, 'UPI'],
  [22, 'CARD'],
  [6, 'NB'],
  [4, 'WALLET'],
  [2, 'CONSUMER_FINANCE'],
]

export const METHODS: Readonly<Record<MethodType, readonly (readonly [number, string])[]>> = {
  UPI: [
    [80, 'UPI'],
    [20, 'UPI_COLLECT'],
  ],
  CARD: [
    [45, 'VISA'],
    [30, 'MASTERCARD'],
    [22, 'RUPAY'],
    [3, 'AMEX'],
  ],
  NB: [
    [30, 'NB_HDFC'],
    [24, 'NB_ICICI'],
    [26, 'NB_SBI'],
    [12, 'NB_AXIS'],
    [8, 'NB_KOTAK'],
  ],
  WALLET: [
    [40, 'PAYTM'],
    [35, 'PHONEPE'],
    [10, 'MOBIKWIK'],
    [15, 'AMAZONPAY'],
  ],
  CONSUMER_FINANCE: [
    [60, 'LAZYPAY'],
    [40, 'SIMPL'],
  ],
}

/** Juspay routes most to one gateway and keeps the others warm. */
export const GATEWAY_SHARES: readonly (readonly [number, string])[] = [
  [46, 'RAZORPAY'],
  [24, 'PAYU'],
  [17, 'GOCASHFREE'],
  [10, 'HDFC'],
  [3, 'AXIS'],
]

/** Share, code, sentence and Juspay's word. */
export const FAILURES: readonly (readonly [number, Failure])[] = [
  [24, { code: 'U30', message: 'Debit has been failed at the bank', status: 'AUTHORIZATION_FAILED' }],
  [18, { code: 'ZM', message: 'Invalid UPI PIN entered', status: 'AUTHORIZATION_FAILED' }],
  [14, { code: '51', message: 'Insufficient funds', status: 'AUTHORIZATION_FAILED' }],
  [13, { code: 'U69', message: 'Collect request expired', status: 'AUTHENTICATION_FAILED' }],
  [11, { code: 'OTP_FAILED', message: 'Wrong OTP entered three times', status: 'AUTHENTICATION_FAILED' }],
  [8, { code: '05', message: 'Do not honour', status: 'AUTHORIZATION_FAILED' }],
  [5, { code: '61', message: 'Daily limit of the card exceeded', status: 'AUTHORIZATION_FAILED' }],
  [4, { code: '91', message: 'Issuing bank is not available', status: 'AUTHORIZATION_FAILED' }],
  [3, { code: 'JP_RISK', message: 'Declined by risk rules', status: 'JUSPAY_DECLINED' }],
]
export type Failure = { code: string; message: string; status: string }

export const PRODUCTS = [
  'Groceries',
  'Mobile recharge',
  'Running shoes',
  'Kurta set',
  'Bluetooth speaker',
  'Flight ticket',
  'Train ticket',
  'Electricity bill',
  'Course fee',
  'Water purifier',
  'Insurance premium',
  'Movie tickets',
  'Saree',
  'Headphones',
] as const

/** Share, reason and a note as people write them. */
export const REFUND_REASONS: readonly (readonly [number, { reason: string; note: string | null }])[] = [
  [38, { reason: 'item_returned', note: null }],
  [27, { reason: 'order_cancelled', note: null }],
  [9, { reason: 'duplicate_payment', note: 'Customer paid twice, second order kept' }],
  [8, { reason: 'wrong_amount', note: 'Coupon was not applied at checkout' }],
  [8, { reason: 'goodwill', note: 'Delivered five days late, agreed on the phone' }],
  [4, { reason: 'fraud', note: 'Cardholder does not know the order' }],
  [6, { reason: 'other', note: 'Colour was not the one in the picture' }],
]

export const DISPUTE_REASONS: readonly (readonly [number, string])[] = [
  [40, 'Goods or services not provided'],
  [30, 'Fraudulent transaction'],
  [20, 'Not as described'],
  [10, 'Credit not processed'],
]
