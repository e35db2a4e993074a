import { z } from 'zod'
import type { Sql } from './sql.ts'

const tagRow = z.object({
  tag: z.string(),
  addedBy: z.object({ id: z.string(), name: z.string() }),
  addedAt: z.date(),
})

/** A tag of an order, and who put it there. */
export type OrderTagRow = z.infer<typeof tagRow>

const addedRow = z.object({ orderId: z.string(), tags: z.array(z.string()) })
const orderRow = z.object({ orderId: z.string() })
const countedRow = z.object({ orderRef: z.string(), count: z.bigint() })
const knownRow = z.object({ tag: z.string(), count: z.bigint() })

/** Tags of one account that are offered, by the alphabet; another one is typed in full. */
const KNOWN_MAX = 500
/** How many orders have a tag is counted up to here: it only says which tags are usual. */
const KNOWN_COUNT_MAX = 100

/** The tags of an order by the alphabet, as an array; `order` is the name its row goes by. */
export function tagsSql(order: string): string {
  return `array(select t.tag from order_tag t where t.merchant_account_id = ${order}.merchant_account_id
    and t.order_id = ${order}.id order by t.tag)`
}

/** Tags of orders. */
export function orderTagStore(sql: Sql) {
  return {
    /** The tags of one order by the alphabet. */
    byOrder: (accountId: string, orderId: string): Promise<OrderTagRow[]> =>
      sql.rows(
        tagRow,
        {
          name: 'order_tags_of',
          text: `select t.tag, json_build_object('id', u.id, 'name', u.name) as "addedBy", t.added_at as "addedAt"
            from order_tag t join staff_user u on u.id = t.added_by
            where t.merchant_account_id = $1 and t.order_id = $2 order by t.tag`,
        },
        [accountId, orderId],
      ),

    /** Puts every tag on every order; the orders that got tags, and which of them are new there. */
    add: (
      accountId: string,
      put: { orderIds: readonly string[]; tags: readonly string[]; by: string; at: Date },
    ): Promise<{ orderId: string; tags: string[] }[]> =>
      sql.rows(
        addedRow,
        `with put as (
           insert into order_tag (merchant_account_id, order_id, tag, added_by, added_at)
           select $1::uuid, o.id, t.tag, $4::uuid, $5::timestamptz
           from unnest($2::uuid[]) as o (id), unnest($3::text[]) as t (tag)
           on conflict do nothing returning order_id, tag
         )
         select order_id as "orderId", array_agg(tag order by tag) as tags from put group by order_id`,
        [accountId, put.orderIds, put.tags, put.by, put.at],
      ),

    /** Takes a tag off orders; those that had it. */
    async remove(accountId: string, orderIds: readonly string[], tag: string): Promise<string[]> {
      const rows = await sql.rows(
        orderRow,
        `delete from order_tag where merchant_account_id = $1 and order_id = any($2::uuid[]) and tag = $3
         returning order_id as "orderId"`,
        [accountId, orderIds, tag],
      )
      return rows.map(({ orderId }) => orderId)
    },

    /** One of the orders that have more than `max` tags; null when none has. */
    async above(accountId: string, orderIds: readonly string[], max: number): Promise<string | null> {
      const row = await sql.first(
        countedRow,
        `select o.order_ref as "orderRef", count(*) as count from order_tag t
         join orders o on o.merchant_account_id = t.merchant_account_id and o.id = t.order_id
         where t.merchant_account_id = $1 and t.order_id = any($2::uuid[])
         group by o.order_ref having count(*) > $3 order by count desc, o.order_ref limit 1`,
        [accountId, orderIds, max],
      )
      return row?.orderRef ?? null
    },

    /** The tags in use, the usual ones first, by jumping from one to the next in the index. */
    async known(accountId: string): Promise<{ tag: string; count: number }[]> {
      const rows = await sql.rows(
        knownRow,
        `with recursive found (tag, no) as (
           (select tag, 1 from order_tag where merchant_account_id = $1 order by tag limit 1)
           union all
           select (select t.tag from order_tag t where t.merchant_account_id = $1 and t.tag > found.tag
             order by t.tag limit 1), no + 1
           from found where found.tag is not null and no < ${KNOWN_MAX}
         )
         select tag, (select count(*) from (select 1 from order_tag c
           where c.merchant_account_id = $1 and c.tag = found.tag limit ${KNOWN_COUNT_MAX}) as bounded) as count
         from found where tag is not null order by count desc, tag`,
        [accountId],
      )
      return rows.map(({ tag, count }) => ({ tag, count: Number(count) }))
    },
  }
}
