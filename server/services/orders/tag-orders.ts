/** Tags on orders: put on many at once or taken off, each order's change audited in the transaction that makes it. */
import type { StaffActor } from '../../domain/actor.ts'
import { tagForm, tagProblem, TAGS_PER_ORDER } from '../../domain/order-tag.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { StoreTx } from '../../store/store.ts'
import type { Deps } from '../deps.ts'

type TagDeps = Pick<Deps, 'store' | 'clock' | 'wake'>

/** `orderIds` are those that changed; `added` counts the tags that are new on them. */
export type TagsAdded = { orderIds: string[]; added: number }

/**
 * Puts tags on orders: all or none. A tag that an order has already changes nothing.
 * @throws Refusal `invalid_input`, `not_found`, `limit_exceeded`
 */
export async function addTags(
  deps: TagDeps,
  actor: StaffActor,
  input: { orderIds: readonly string[]; tags: readonly string[] },
): Promise<TagsAdded> {
  const tags = [...new Set(input.tags.map(tagOf))]
  const { accountId, userId } = actor
  const at = deps.clock.now()
  const result = await deps.store.transaction(async (tx) => {
    const orderIds = await lockOrders(tx, accountId, input.orderIds)
    const added = await tx.orderTags.add(accountId, { orderIds, tags, by: userId, at })
    const full = await tx.orderTags.above(accountId, orderIds, TAGS_PER_ORDER)
    if (full !== null)
      throw new Refusal(
        'limit_exceeded',
        `An order has at most ${TAGS_PER_ORDER} tags; ${full} would have more.`,
      )
    const deeds = added.map((one) => ({
      orderId: one.orderId,
      action: 'order_tag.add',
      after: { tags: one.tags },
    }))
    await record(tx, actor, deeds)
    return {
      orderIds: added.map(({ orderId }) => orderId),
      added: added.reduce((sum, one) => sum + one.tags.length, 0),
    }
  })
  if (result.added > 0) deps.wake('live')
  return result
}

/**
 * Takes a tag off orders; those that had it. Again changes nothing.
 * @throws Refusal `not_found`
 */
export async function removeTag(
  deps: TagDeps,
  actor: StaffActor,
  input: { orderIds: readonly string[]; tag: string },
): Promise<{ orderIds: string[] }> {
  const tag = tagForm(input.tag)
  const orderIds = await deps.store.transaction(async (tx) => {
    const locked = await lockOrders(tx, actor.accountId, input.orderIds)
    const had = await tx.orderTags.remove(actor.accountId, locked, tag)
    await record(
      tx,
      actor,
      had.map((orderId) => ({ orderId, action: 'order_tag.remove', before: { tags: [tag] } })),
    )
    return had
  })
  if (orderIds.length > 0) deps.wake('live')
  return { orderIds }
}

function tagOf(typed: string): string {
  const tag = tagForm(typed)
  const problem = tagProblem(tag)
  if (problem !== null) throw new Refusal('invalid_input', problem)
  return tag
}

/** Under the orders' locks: two at once cannot both add the last tag that fits. */
async function lockOrders(tx: StoreTx, accountId: string, orderIds: readonly string[]): Promise<string[]> {
  const asked = new Set(orderIds)
  const locked = await tx.orders.lockRows(accountId, [...asked])
  if (locked.length === asked.size) return locked
  throw new Refusal(
    'not_found',
    asked.size === 1 ? 'There is no such order.' : 'Some of the orders do not exist.',
  )
}

type Deed = { orderId: string; action: string; before?: unknown; after?: unknown }

/** A tag is gone when it is taken off: the audit log is what still knows it. */
async function record(tx: StoreTx, actor: StaffActor, deeds: readonly Deed[]): Promise<void> {
  for (const { orderId, action, before, after } of deeds)
    await tx.audit.append({
      actor,
      action,
      subjectKind: 'order',
      subjectId: orderId,
      outcome: 'done',
      before,
      after,
    })
  await tx.liveChanges.appendAll(
    deeds.map(({ orderId }) => ({ accountId: actor.accountId, subject: 'order', subjectId: orderId })),
  )
}
