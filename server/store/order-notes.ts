import { z } from 'zod'
import { cursorText, readCursor, toPage, type Page } from './page.ts'
import type { Sql } from './sql.ts'

const noteRow = z.object({
  id: z.string(),
  orderId: z.string(),
  author: z.object({ id: z.string(), name: z.string() }),
  text: z.string(),
  at: z.date(),
  editedAt: z.date().nullable(),
  struckAt: z.date().nullable(),
})

/** A note as written. */
export type OrderNoteRow = z.infer<typeof noteRow>

const mentionRow = noteRow.extend({ orderRef: z.string(), seenAt: z.date().nullable() })

/** A note that names somebody, with its order. */
export type NoteMentionRow = z.infer<typeof mentionRow>

const NOTE = `n.id, n.order_id as "orderId", json_build_object('id', u.id, 'name', u.name) as author, n.text, n.at,
  n.edited_at as "editedAt", n.struck_at as "struckAt"`
const personRow = z.object({ id: z.string(), name: z.string() })
/** People offered for a mention; an account with more finds them by typing. */
const PEOPLE_MAX = 500
const UNSEEN_MAX = 100
const cursorShape = z.tuple([z.iso.datetime(), z.uuid()])

/** Notes on orders and the people named in them. */
export function orderNoteStore(sql: Sql) {
  return {
    /** The notes of one order, oldest first. Their number is bounded by who adds them. */
    byOrder: (accountId: string, orderId: string): Promise<OrderNoteRow[]> =>
      sql.rows(
        noteRow,
        {
          name: 'order_notes_of',
          text: `select ${NOTE} from order_note n join staff_user u on u.id = n.author_id
            where n.merchant_account_id = $1 and n.order_id = $2 order by n.seq`,
        },
        [accountId, orderId],
      ),

    /** One note, locked until the transaction ends. */
    lock: (accountId: string, id: string): Promise<OrderNoteRow | null> =>
      sql.first(
        noteRow,
        `select ${NOTE} from order_note n join staff_user u on u.id = n.author_id
         where n.merchant_account_id = $1 and n.id = $2 for update of n`,
        [accountId, id],
      ),

    /** Adds a note unless there are `max` already; false when there are. The caller holds the order's lock. */
    async insert(note: {
      id: string
      accountId: string
      orderId: string
      authorId: string
      text: string
      at: Date
      max: number
    }): Promise<boolean> {
      const { id, accountId, orderId, authorId, text, at, max } = note
      const inserted = await sql.run(
        `insert into order_note (id, merchant_account_id, order_id, author_id, text, at)
         select $1::uuid, $2::uuid, $3::uuid, $4::uuid, $5, $6::timestamptz
         where (select count(*) from order_note where merchant_account_id = $2 and order_id = $3) < $7`,
        [id, accountId, orderId, authorId, text, at, max],
      )
      return inserted === 1
    },

    async edit(accountId: string, id: string, change: { text: string; at: Date }): Promise<void> {
      await sql.run(
        'update order_note set text = $3, edited_at = $4 where merchant_account_id = $1 and id = $2',
        [accountId, id, change.text, change.at],
      )
    },

    async strike(accountId: string, id: string, at: Date): Promise<void> {
      await sql.run('update order_note set struck_at = $3 where merchant_account_id = $1 and id = $2', [
        accountId,
        id,
        at,
      ])
    },

    /** Makes these the people that a note names; who was named before and saw it keeps having seen it. */
    async setMentions(
      accountId: string,
      noteId: string,
      userIds: readonly string[],
      at: Date,
    ): Promise<void> {
      await sql.run(
        'delete from order_note_mention where merchant_account_id = $1 and note_id = $2 and user_id <> all($3::uuid[])',
        [accountId, noteId, userIds],
      )
      await sql.run(
        `insert into order_note_mention (note_id, user_id, merchant_account_id, at)
         select $2::uuid, user_id, $1::uuid, $4::timestamptz from unnest($3::uuid[]) as named (user_id)
         on conflict do nothing`,
        [accountId, noteId, userIds, at],
      )
    },

    /** Who can be named: the people of the account that are not switched off, by name. */
    people: (accountId: string): Promise<{ id: string; name: string }[]> =>
      sql.rows(
        personRow,
        `select u.id, u.name from membership m join staff_user u on u.id = m.user_id
         where m.merchant_account_id = $1 and not u.disabled order by u.name, u.id limit ${PEOPLE_MAX}`,
        [accountId],
      ),

    /** The notes that name somebody and stand, newest first. */
    async mentionsOf(
      accountId: string,
      userId: string,
      page: { cursor: string | null; limit: number },
    ): Promise<Page<NoteMentionRow>> {
      const cursor = readCursor(page.cursor, cursorShape)
      const rows = await sql.rows(
        mentionRow,
        `select ${NOTE}, o.order_ref as "orderRef", m.seen_at as "seenAt" from order_note_mention m
         join order_note n on n.id = m.note_id join staff_user u on u.id = n.author_id
         join orders o on o.merchant_account_id = n.merchant_account_id and o.id = n.order_id
         where m.merchant_account_id = $1 and m.user_id = $2 and n.struck_at is null
           ${cursor === null ? '' : 'and (m.at, m.note_id) < ($4::timestamptz, $5::uuid)'}
         order by m.at desc, m.note_id desc limit $3`,
        [accountId, userId, page.limit + 1, ...(cursor ?? [])],
      )
      return toPage(rows, page.limit, (row) => cursorText([row.at.toISOString(), row.id]))
    },

    /** How many notes name somebody who has not seen them, counted up to a hundred. */
    async unseenCount(accountId: string, userId: string): Promise<number> {
      const row = await sql.first(
        z.object({ count: z.bigint() }),
        `select count(*) as count from (
           select 1 from order_note_mention m join order_note n on n.id = m.note_id and n.struck_at is null
           where m.merchant_account_id = $1 and m.user_id = $2 and m.seen_at is null limit ${UNSEEN_MAX}) as bounded`,
        [accountId, userId],
      )
      return Number(row?.count ?? 0n)
    },

    /** Notes that somebody has seen the notes of an order that name them. */
    async markSeen(accountId: string, seen: { userId: string; orderId: string; at: Date }): Promise<number> {
      return sql.run(
        `update order_note_mention m set seen_at = $4 from order_note n
         where m.merchant_account_id = $1 and m.user_id = $2 and m.seen_at is null
           and n.id = m.note_id and n.order_id = $3`,
        [accountId, seen.userId, seen.orderId, seen.at],
      )
    },
  }
}
