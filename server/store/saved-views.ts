import { z } from 'zod'
import {
  storedListPreference,
  storedViewState,
  type ListPreference,
  type ViewState,
} from '../domain/list-view.ts'
import { VIEWS_MAX } from '../domain/list-view.ts'
import type { Sql } from './sql.ts'

const viewRow = z.object({
  id: z.string(),
  name: z.string(),
  shared: z.boolean(),
  owner: z.object({ id: z.string(), name: z.string() }),
  state: storedViewState,
  version: z.number(),
  updatedAt: z.date(),
})

/** A view with whose it is. */
export type SavedViewRow = z.infer<typeof viewRow>

/** Views that one answer carries at most: a person's own and those the team shares. */
const SHOWN_MAX = VIEWS_MAX * 5

const SELECT = `select v.id, v.name, v.shared, v.state, v.version, v.updated_at as "updatedAt",
    json_build_object('id', u.id, 'name', u.name) as owner
  from saved_view v join staff_user u on u.id = v.owner_id`

/** Saved views and display choices of the transactions list. */
export function savedViewStore(sql: Sql) {
  return {
    /** The person's own views and those shared on the account, by name. */
    visibleTo: (accountId: string, userId: string): Promise<SavedViewRow[]> =>
      sql.rows(
        viewRow,
        `${SELECT} where v.merchant_account_id = $1 and (v.owner_id = $2 or v.shared)
         order by lower(v.name), v.id limit ${SHOWN_MAX}`,
        [accountId, userId],
      ),

    /** One view, locked until the transaction ends; whoever asks has to look at whose it is. */
    locked: (accountId: string, viewId: string): Promise<SavedViewRow | null> =>
      sql.first(viewRow, `${SELECT} where v.merchant_account_id = $1 and v.id = $2 for update of v`, [
        accountId,
        viewId,
      ]),

    /** Adds a view unless the person has `VIEWS_MAX` or one of that name. Returns false then. */
    async insert(view: {
      id: string
      accountId: string
      ownerId: string
      name: string
      shared: boolean
      state: ViewState
      at: Date
    }): Promise<boolean> {
      const inserted = await sql.run(
        `insert into saved_view (id, merchant_account_id, owner_id, name, shared, state, created_at, updated_at)
         select $1::uuid, $2::uuid, $3::uuid, $4, $5::boolean, $6::jsonb, $7::timestamptz, $7::timestamptz
         where (select count(*) from saved_view where merchant_account_id = $2 and owner_id = $3) < ${VIEWS_MAX}
         on conflict do nothing`,
        [view.id, view.accountId, view.ownerId, view.name, view.shared, JSON.stringify(view.state), view.at],
      )
      return inserted === 1
    },

    /** Writes name, sharing and state; false when the person has another view of that name. */
    async update(
      viewId: string,
      view: { name: string; shared: boolean; state: ViewState; at: Date },
    ): Promise<boolean> {
      const updated = await sql.run(
        `update saved_view v set name = $2, shared = $3, state = $4::jsonb, updated_at = $5, version = version + 1
         where v.id = $1 and not exists (select 1 from saved_view o where o.merchant_account_id = v.merchant_account_id
           and o.owner_id = v.owner_id and o.name = $2 and o.id <> v.id)`,
        [viewId, view.name, view.shared, JSON.stringify(view.state), view.at],
      )
      return updated === 1
    },

    /** Takes a view away. */
    remove: (viewId: string): Promise<number> => sql.run('delete from saved_view where id = $1', [viewId]),

    /** What a person chose on an account; null before the first choice. */
    async preference(accountId: string, userId: string): Promise<ListPreference | null> {
      const row = await sql.first(
        z.object({ value: storedListPreference }),
        'select value from list_preference where user_id = $2 and merchant_account_id = $1',
        [accountId, userId],
      )
      return row?.value ?? null
    },

    /** Keeps a person's choices; the last write wins. */
    async savePreference(accountId: string, userId: string, value: ListPreference, at: Date): Promise<void> {
      await sql.run(
        `insert into list_preference (user_id, merchant_account_id, value, updated_at)
         values ($2, $1, $3::jsonb, $4)
         on conflict (user_id, merchant_account_id) do update set value = excluded.value, updated_at = excluded.updated_at`,
        [accountId, userId, JSON.stringify(value), at],
      )
    },
  }
}
