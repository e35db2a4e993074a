import { BANKS, CARD_BRANDS, WALLETS } from './instruments.ts'
import { seededRandom } from './random.ts'
import type { Random } from './random.ts'
import type { Step } from './scenario-steps.ts'
import {
  CITIES,
  FIRST_NAMES,
  LAST_NAMES,
  MAIL_HOSTS,
  PORTAL_USERS,
  PRODUCTS,
  UPI_HANDLES,
} from './traffic-words.ts'
import type { Gateway, Instrument, MethodType } from './types.ts'

/** One believable order: who buys what, and everything that happens to it. */
export type TrafficPlan = {
  orderId: string
  amountMinor: bigint
  customerId: string
  firstName: string
  lastName: string
  email: string
  phone: string
  description: string
  city: string
  steps: Step[]
  /** Seconds until the next order, as a share of the mean interval (0.5 to 1.5). */
  gap: number
}

const ID_CHARACTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** [share in percent, lowest rupees, highest rupees]: many small orders, few large ones, 49 to 1,50,000. */
const AMOUNT_BANDS: readonly [number, number, number][] = [
  [35, 49, 499],
  [35, 500, 2_499],
  [20, 2_500, 9_999],
  [8, 10_000, 49_999],
  [2, 50_000, 150_000],
]

/** Cash is not among them: it stays pending for ever. */
const METHOD_SHARES: readonly [number, Exclude<MethodType, 'CASH'>][] = [
  [60, 'UPI'],
  [24, 'CARD'],
  [9, 'NB'],
  [7, 'WALLET'],
]

const GATEWAY_SHARES: readonly [number, Gateway][] = [
  [40, 'RAZORPAY'],
  [25, 'PAYU'],
  [20, 'GOCASHFREE'],
  [15, 'HDFC'],
]

/** What becomes of an order, in per mille. */
const STORY_SHARES: readonly [number, Story][] = [
  [768, 'charged'],
  [50, 'failed'],
  [30, 'not_authenticated'],
  [55, 'retried'],
  [30, 'pending'],
  [7, 'stuck'],
  [20, 'late_success'],
  [5, 'conflict'],
  [5, 'double_charge'],
  [30, 'abandoned'],
]

type Story =
  | 'charged'
  | 'failed'
  | 'not_authenticated'
  | 'retried'
  | 'pending'
  | 'stuck'
  | 'late_success'
  | 'conflict'
  | 'double_charge'
  | 'abandoned'

function weighted<T>(random: Random, shares: readonly [number, T][], fallback: T): T {
  let left = random.int(shares.reduce((sum, [share]) => sum + share, 0))
  for (const [share, value] of shares) {
    if (left < share) return value
    left -= share
  }
  return fallback
}

function between(random: Random, low: number, high: number): number {
  return low + random.int(high - low + 1)
}

function amount(random: Random): bigint {
  const share = random.int(100)
  let seen = 0
  const band = AMOUNT_BANDS.find(([width]) => (seen += width) > share) ?? [0, 49, 499]
  const rupees = between(random, band[1], band[2])
  const rounded = random.chance(0.5) && rupees > 100 ? rupees - (rupees % 50) - 1 : rupees
  return BigInt(rounded) * 100n + (random.chance(0.15) ? BigInt(random.int(100)) : 0n)
}

function instrument(random: Random, firstName: string, phone: string): Instrument {
  const type = weighted(random, METHOD_SHARES, 'UPI' as const)
  const gateway = weighted(random, GATEWAY_SHARES, 'RAZORPAY' as const)
  const methods = { UPI: ['UPI'], CARD: CARD_BRANDS, NB: BANKS, WALLET: WALLETS } as const
  const local = random.chance(0.5) ? phone : firstName.toLowerCase()
  return {
    type,
    method: random.pick(methods[type]),
    gateway,
    vpa: type === 'UPI' ? `${local}@${random.pick(UPI_HANDLES)}` : null,
    lastFour: type === 'CARD' ? String(between(random, 1000, 9999)) : null,
  }
}

function refundStep(random: Random, after: number): Step[] {
  if (!random.chance(0.06)) return []
  const percent = random.chance(0.6) ? 100 : random.pick([10, 25, 40, 50, 75])
  const outcome = random.chance(0.1) ? 'failure' : random.chance(0.05) ? 'stuck' : 'success'
  return [
    {
      after: after + between(random, 30, 900),
      do: 'refund',
      percent,
      initiatedBy: random.pick(PORTAL_USERS),
      outcome,
    },
  ]
}

function storySteps(random: Random, story: Story, chosen: Instrument, again: Instrument): Step[] {
  const start = between(random, 3, 15)
  const end = start + between(random, 5, 40)
  const attempt: Step = { after: start, do: 'attempt', instrument: chosen }
  const outcome = (
    after: number,
    n: number,
    what: 'success' | 'authentication_failed' | 'authorization_failed',
  ): Step => ({
    after,
    do: 'outcome',
    attempt: n,
    outcome: what,
  })
  const second: Step = { after: end + between(random, 5, 30), do: 'attempt', instrument: again }
  const failed = [
    attempt,
    outcome(end, 1, random.chance(0.4) ? 'authentication_failed' : 'authorization_failed'),
  ]
  const charged = [attempt, outcome(end, 1, 'success')]
  switch (story) {
    case 'charged':
      return [...charged, ...refundStep(random, end)]
    case 'failed':
      return [attempt, outcome(end, 1, 'authorization_failed')]
    case 'not_authenticated':
      return [attempt, outcome(end, 1, 'authentication_failed')]
    case 'retried':
      return [...failed, second, outcome(second.after + 20, 2, 'success')]
    case 'pending':
      return [attempt, outcome(start + between(random, 60, 240), 1, 'success')]
    case 'stuck':
      return [attempt]
    case 'late_success':
      return [...failed, outcome(end + between(random, 60, 400), 1, 'success')]
    case 'conflict':
      return [...failed, outcome(start + between(random, 640, 900), 1, 'success')]
    case 'double_charge':
      return [
        attempt,
        { ...second, after: end - 1 },
        outcome(end, 1, 'success'),
        outcome(end + 25, 2, 'success'),
      ]
    case 'abandoned':
      return []
  }
}

/** The n-th order of a seed: the same for every run, process and machine. */
export function trafficPlan(seed: number, n: number): TrafficPlan {
  const random = seededRandom((seed + Math.imul(n + 1, 0x9e3779b1)) >>> 0)
  const firstName = random.pick(FIRST_NAMES)
  const lastName = random.pick(LAST_NAMES)
  const phone = `${between(random, 6, 9)}${String(random.int(1_000_000_000)).padStart(9, '0')}`
  const mailNumber = random.chance(0.4) ? String(between(random, 1, 99)) : ''
  const id = Array.from({ length: 8 }, () => ID_CHARACTERS[random.int(ID_CHARACTERS.length)]).join('')
  const chosen = instrument(random, firstName, phone)
  return {
    orderId: `PD${id}`,
    amountMinor: amount(random),
    customerId: `cust_${phone.slice(-6)}`,
    firstName,
    lastName,
    email: `${firstName}.${lastName}${mailNumber}@${random.pick(MAIL_HOSTS)}`.toLowerCase(),
    phone,
    description: random.pick(PRODUCTS),
    city: random.pick(CITIES),
    steps: storySteps(
      random,
      weighted(random, STORY_SHARES, 'charged' as const),
      chosen,
      instrument(random, firstName, phone),
    ),
    gap: 0.5 + random.int(1_000) / 1_000,
  }
}
