/** Tags that people put on a few orders once the story is over so far, each for something that the order shows. */
import type { Choices } from './choices.ts'
import type { Life, World } from './life.ts'

const MINUTE_MS = 60_000
/** In the smallest unit: orders of customers that are worth a call, and such that are worth a look. */
const LARGE_MINOR = 500_000n
const VERY_LARGE_MINOR = 2_000_000n

/** How many of the orders that `fits` have the tag. */
type TagRule = { tag: string; share: number; fits: (life: Life) => boolean }

/** By the alphabet. Together some 1.5 % of all orders. */
const RULES: readonly TagRule[] = [
  { tag: 'call-back', share: 0.04, fits: ({ aggregate }) => aggregate.order.paymentStatus === 'failed' },
  { tag: 'chargeback-risk', share: 0.7, fits: ({ disputes }) => disputes.length > 0 },
  {
    tag: 'fraud-check',
    share: 0.5,
    fits: ({ aggregate, requests }) =>
      aggregate.order.amountMinor >= VERY_LARGE_MINOR || requests.some(({ reason }) => reason === 'fraud'),
  },
  { tag: 'paid-twice', share: 0.4, fits: ({ found }) => found.some(isPaidTwice) },
  { tag: 'returned', share: 0.05, fits: ({ aggregate }) => aggregate.order.refundedMinor > 0n },
  { tag: 'vip', share: 0.12, fits: ({ aggregate }) => aggregate.order.amountMinor >= LARGE_MINOR },
]

function isPaidTwice({ finding }: Life['found'][number]): boolean {
  return finding.kind === 'double_charge'
}

/** Tags some orders, all tags of one at once, and writes the deed down as the server would. */
export function tagSome(world: World, choices: Choices, life: Life): void {
  const tags = RULES.filter(({ share, fits }) => fits(life) && choices.chance(share)).map(({ tag }) => tag)
  if (tags.length === 0 || world.taggers.length === 0) return
  const at = new Date(life.changedAt.getTime() + choices.between(3, 720) * MINUTE_MS)
  const by = world.taggers[choices.int(world.taggers.length)]
  if (by === undefined || at >= world.end) return
  life.tags = tags.map((tag) => ({ tag, by, at }))
  life.deeds.push({
    at,
    actor: { kind: 'user', ...by },
    action: 'order_tag.add',
    subjectKind: 'order',
    subjectId: life.id,
    reason: null,
    before: null,
    after: { tags },
    requestId: choices.uuid(),
  })
}
