/** Any order of a run, made alone: its number decides everything about it. */
import { choicesOf, type Choices } from './choices.ts'
import { customerNumber, customerOf } from './customers.ts'
import { disputeSome } from './disputes.ts'
import { beginLife, type Life, type World } from './life.ts'
import { paymentLetters } from './payments.ts'
import { refundSome } from './refunds.ts'
import { tagSome } from './tags.ts'

const ORDER = 0
const SECOND_MS = 1_000
/** Work items younger than this are still open. */
const OPEN_FINDING_MS = 3 * 86_400_000
const RESOLUTIONS = [
  'Checked with the gateway, the charge stands',
  'Refunded the second payment',
  'Customer confirmed one parcel, second payment went back',
] as const

/** The life of order number `n`, placed at `timeOf(n, …)`. */
export function orderLife(world: World, n: number, timeOf: (n: number, share: number) => number): Life {
  const choices = choicesOf(world.seed, ORDER, n)
  const customer = customerOf(world.seed, customerNumber(choices, world.orders))
  const placedAt = new Date(Math.floor(timeOf(n, choices.share()) / SECOND_MS) * SECOND_MS)
  const life = beginLife(world, choices, paymentLetters(choices, customer, placedAt, world.end))
  refundSome(world, choices, life)
  disputeSome(world, choices, life)
  resolveFindings(world, choices, life)
  tagSome(world, choices, life)
  return life
}

function resolveFindings(world: World, choices: Choices, life: Life): void {
  for (const found of life.found) {
    const by = world.requesters[choices.int(Math.max(1, world.requesters.length))]
    const old = world.end.getTime() - found.at.getTime() > OPEN_FINDING_MS
    if (by === undefined || !old || choices.chance(0.15)) continue
    const at = new Date(found.at.getTime() + choices.between(1, 60) * 3_600_000)
    found.resolved = { at, by, words: choices.pick(RESOLUTIONS) }
  }
}
