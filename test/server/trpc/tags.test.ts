/** Tags on orders on the wire: put on many at once, taken off, audited and told to open screens. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TAGS_PER_ORDER } from '../../../server/domain/order-tag.ts'
import { createTestApp, type SignedIn, type TestApp } from '../../support/app.ts'
import { insertOrders } from '../../support/many-orders.ts'

let app: TestApp
let support: SignedIn
let viewer: SignedIn
let ids: string[]

const query = (text: string, values: readonly unknown[] = []) =>
  app.paydesk.database.pool.query(text, [...values])

const tagsOf = async (orderId: string) =>
  (await viewer.trpc.tags.list.query({ orderId })).map(({ tag }) => tag)

const deedsOf = async (orderId: string) =>
  (await app.paydesk.deps.store.audit.bySubject(app.accountId, 'order', orderId)).map(
    ({ action, actorName, before, after }) => ({ action, actorName, before, after }),
  )

async function told(): Promise<string[]> {
  const { rows } = await query(
    `select subject_id as id from live_change where subject = 'order' order by seq`,
  )
  return (rows as { id: string }[]).map(({ id }) => id)
}

const refusedWith = (code: string, message = /./) => ({
  message: expect.stringMatching(message) as unknown,
  data: { refusal: { code } },
})

beforeAll(async () => {
  app = await createTestApp()
  ;[support, viewer] = await Promise.all([app.as('support'), app.as('viewer')])
  await insertOrders(app.paydesk.database.pool, app.accountId, { from: 1, to: 12 })
  const { rows } = await query(`select id from orders where order_ref like 'ORD-%' order by order_ref_key`)
  ids = (rows as { id: string }[]).map(({ id }) => id)
})

afterAll(() => app.close())

const idAt = (n: number): string => ids[n] ?? ''

describe('tags', () => {
  test('are put on many orders at once, and what was there already changes nothing', async () => {
    const [one, two] = [idAt(0), idAt(1)]
    const first = await support.trpc.tags.add.mutate({ orderIds: [one], tags: [' VIP '] })
    expect(first).toEqual({ orderIds: [one], added: 1 })
    const before = (await told()).length
    const both = await support.trpc.tags.add.mutate({ orderIds: [one, two, one], tags: ['vip', 'late'] })
    expect(both.added).toBe(3)
    expect(both.orderIds.toSorted()).toEqual([one, two].toSorted())
    expect(await tagsOf(one)).toEqual(['late', 'vip'])
    expect(await tagsOf(two)).toEqual(['late', 'vip'])
    const [tag] = await viewer.trpc.tags.list.query({ orderId: one })
    expect(tag).toMatchObject({ addedBy: { id: support.userId }, addedAt: expect.any(Date) })
    expect((await told()).slice(before).toSorted()).toEqual([one, two].toSorted())

    const again = await support.trpc.tags.add.mutate({ orderIds: [one, two], tags: ['late'] })
    expect(again).toEqual({ orderIds: [], added: 0 })
    expect(await told()).toHaveLength(before + 2)
    expect(await deedsOf(one)).toMatchObject([
      { action: 'order_tag.add', after: { tags: ['vip'] } },
      { action: 'order_tag.add', after: { tags: ['late'] } },
    ])
    expect(await deedsOf(two)).toMatchObject([{ action: 'order_tag.add', after: { tags: ['late', 'vip'] } }])
  })

  test('are taken off, which is audited once', async () => {
    const orderId = idAt(2)
    await support.trpc.tags.add.mutate({ orderIds: [orderId], tags: ['mistake', 'kept'] })
    const off = { orderIds: [orderId, idAt(3)], tag: 'Mistake' }
    expect(await support.trpc.tags.remove.mutate(off)).toEqual({ orderIds: [orderId] })
    expect(await support.trpc.tags.remove.mutate(off)).toEqual({ orderIds: [] })
    expect(await tagsOf(orderId)).toEqual(['kept'])
    expect((await deedsOf(orderId)).at(-1)).toMatchObject({
      action: 'order_tag.remove',
      before: { tags: ['mistake'] },
    })
    expect(await deedsOf(orderId)).toHaveLength(2)
    expect(await deedsOf(idAt(3))).toEqual([])
  })

  test('are told on the order’s timeline by name, also when they are gone', async () => {
    const orderId = idAt(11)
    await support.trpc.tags.add.mutate({ orderIds: [orderId], tags: ['fraud-check'] })
    await support.trpc.tags.remove.mutate({ orderIds: [orderId], tag: 'fraud-check' })
    const { entries } = await viewer.trpc.orders.timeline.query({ orderId, filter: 'people' })
    const name = entries[0]?.actorName
    expect(name).toMatch(/\w/)
    expect(entries.map(({ title }) => title)).toEqual([
      `${name} took off the tag fraud-check`,
      `${name} added the tag fraud-check`,
    ])
  })

  test('have a limit on each order, whoever comes first', async () => {
    const [full, free] = [idAt(4), idAt(5)]
    const many = Array.from({ length: TAGS_PER_ORDER - 1 }, (_, i) => `t${i}`)
    await support.trpc.tags.add.mutate({ orderIds: [full], tags: many })
    const last = await Promise.allSettled(
      ['a', 'b'].map((tag) => support.trpc.tags.add.mutate({ orderIds: [free, full], tags: [tag] })),
    )
    expect(last.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(await tagsOf(full)).toHaveLength(TAGS_PER_ORDER)
    // All or none: the order with room did not get what was refused.
    expect(await tagsOf(free)).toHaveLength(1)
    await expect(support.trpc.tags.add.mutate({ orderIds: [full], tags: ['c'] })).rejects.toMatchObject(
      refusedWith('limit_exceeded', /at most 20 tags; ORD-/),
    )
  })

  test('of a bad form, of nobody’s order or of a role that only reads are refused', async () => {
    const orderId = idAt(6)
    await expect(
      support.trpc.tags.add.mutate({ orderIds: [orderId], tags: ['fine', 'a,b'] }),
    ).rejects.toMatchObject(refusedWith('invalid_input', /letters and digits/))
    await expect(
      support.trpc.tags.add.mutate({ orderIds: [orderId, randomUUID()], tags: ['fine'] }),
    ).rejects.toMatchObject(refusedWith('not_found', /Some of the orders/))
    await expect(viewer.trpc.tags.add.mutate({ orderIds: [orderId], tags: ['fine'] })).rejects.toMatchObject(
      refusedWith('permission_denied'),
    )
    await expect(viewer.trpc.tags.remove.mutate({ orderIds: [orderId], tag: 'x' })).rejects.toMatchObject(
      refusedWith('permission_denied'),
    )
    expect(await tagsOf(orderId)).toEqual([])
    expect(await deedsOf(orderId)).toEqual([])
  })

  test('are what the list shows in a column of its own', async () => {
    const extras = await viewer.trpc.orders.extras.query({ orderIds: [idAt(1), idAt(11)] })
    expect(new Map(extras.map(({ id, tags }) => [id, tags]))).toEqual(
      new Map([
        [idAt(1), ['late', 'vip']],
        [idAt(11), []],
      ]),
    )
  })

  test('in use are offered, the usual ones first', async () => {
    await support.trpc.tags.add.mutate({ orderIds: ids.slice(7, 11), tags: ['usual'] })
    const known = await viewer.trpc.tags.known.query()
    expect(known[0]).toEqual({ tag: 'usual', count: 4 })
    expect(known).toContainEqual({ tag: 'vip', count: 2 })
    expect(known).not.toContainEqual(expect.objectContaining({ tag: 'mistake' }))
  })
})
