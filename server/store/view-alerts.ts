import { z } from 'zod'
import { storedViewState } from '../domain/list-view.ts'
import { ROLES } from '../domain/permission.ts'
import {
  ALERT_KINDS,
  ALERT_PROBLEMS,
  ALERTS_MAX,
  type AlertRule,
  type AlertState,
} from '../domain/view-alert.ts'
import { selectList } from './columns.ts'
import type { Sql } from './sql.ts'

const stateShape = {
  holds: z.boolean(),
  roseAt: z.date().nullable(),
  roseRows: z.number().nullable(),
  fellAt: z.date().nullable(),
  problem: z.enum(ALERT_PROBLEMS).nullable(),
  problemAt: z.date().nullable(),
} satisfies Record<keyof AlertState, z.ZodType>

const alertRow = z.object({
  id: z.string(),
  viewId: z.string().nullable(),
  builtIn: z.string().nullable(),
  kind: z.enum(ALERT_KINDS),
  threshold: z.number(),
  ...stateShape,
})

const ownRow = alertRow.extend({
  /** What the view is called, or was. */
  name: z.string(),
  checkedAt: z.date().nullable(),
  seenAt: z.date().nullable(),
})

/** An alert as its person sees it. */
export type OwnAlert = z.infer<typeof ownRow>

const takenRow = alertRow.extend({
  accountId: z.string(),
  userId: z.string(),
  currency: z.string(),
  /** Null for somebody who may not sign in. */
  role: z.enum(ROLES).nullable(),
  /** As it is saved now; null when it was deleted or is not shared any more, and for a built-in one. */
  saved: z.nullable(storedViewState),
  dueAt: z.date(),
})

/** An alert taken by one process: what it writes counts while `dueAt` is still that. */
export type TakenAlert = z.infer<typeof takenRow>

const removedRow = alertRow.pick({ kind: true, threshold: true }).extend({ name: z.string() })
type RemovedAlert = z.infer<typeof removedRow>

/** A saved view, or a built-in one by its name. */
export type AlertView = { viewId: string; builtIn: null } | { viewId: null; builtIn: string }

const ALERT = selectList(Object.keys(alertRow.shape), 'a')
/** Somebody's own view, or one that is shared. */
const VISIBLE = '(v.owner_id = a.user_id or v.shared)'
/** `$3` and `$4` are the view. */
const OF_VIEW = 'merchant_account_id = $1 and user_id = $2 and (view_id = $3::uuid or built_in = $4)'

/** What people want to be told of views, and how far that is. */
export function viewAlertStore(sql: Sql) {
  return {
    ...taken(sql),

    /** A person's alerts on an account, by the names of the views. */
    own: (accountId: string, userId: string): Promise<OwnAlert[]> =>
      sql.rows(
        ownRow,
        `select ${ALERT}, a.checked_at as "checkedAt", a.seen_at as "seenAt",
           case when ${VISIBLE} then v.name else a.view_name end as name
         from view_alert a left join saved_view v on v.id = a.view_id
         where a.merchant_account_id = $1 and a.user_id = $2 order by name, a.id limit ${ALERTS_MAX}`,
        [accountId, userId],
      ),

    /**
     * Sets the rule of a person's alert of a view, as if nothing had been found so far; it is due at once. False when the
     * person has {@link ALERTS_MAX} others. Call it in a transaction: of two at once the second sees what the first did.
     */
    async set(alert: {
      id: string
      accountId: string
      userId: string
      view: AlertView
      name: string
      rule: AlertRule
      at: Date
    }): Promise<boolean> {
      const { accountId, userId, view, name, rule, at } = alert
      await sql.run('select from staff_user where id = $1 for no key update', [userId])
      const values = [accountId, userId, view.viewId, view.builtIn, name, rule.kind, rule.threshold, at]
      const changed = await sql.run(
        `update view_alert set view_name = $5, kind = $6, threshold = $7, due_at = $8, holds = false, rose_at = null,
           rose_rows = null, fell_at = null, problem = null, problem_at = null, checked_at = null, seen_at = null
         where ${OF_VIEW}`,
        values,
      )
      if (changed === 1) return true
      const added = await sql.run(
        `insert into view_alert (id, merchant_account_id, user_id, view_id, built_in, view_name, kind, threshold, due_at)
         select $9::uuid, $1::uuid, $2::uuid, $3::uuid, $4, $5, $6, $7::int, $8::timestamptz
         where (select count(*) from view_alert where merchant_account_id = $1 and user_id = $2) < ${ALERTS_MAX}`,
        [...values, alert.id],
      )
      return added === 1
    },

    /** Takes a person's alert of a view away, and says what it was; null when there is none. */
    remove: (accountId: string, userId: string, view: AlertView): Promise<RemovedAlert | null> =>
      sql.first(
        removedRow,
        `delete from view_alert where ${OF_VIEW} returning view_name as name, kind, threshold`,
        [accountId, userId, view.viewId, view.builtIn],
      ),

    /** Notes that a person knows of what happened until `upTo`. An alert of a view that is gone has said all it had to. */
    async see(accountId: string, userId: string, alertId: string, upTo: Date): Promise<void> {
      const values = [accountId, userId, alertId]
      const own = 'merchant_account_id = $1 and user_id = $2 and id = $3'
      await sql.run(`update view_alert set seen_at = greatest(seen_at, $4::timestamptz) where ${own}`, [
        ...values,
        upTo,
      ])
      await sql.run(
        `delete from view_alert where ${own} and problem = 'gone' and seen_at >= problem_at`,
        values,
      )
    },
  }
}

function taken(sql: Sql) {
  return {
    /**
     * Takes the alerts that have been due longest, at most `limit`, and puts off their next look: of processes that ask
     * together each gets others, and what one drops is taken at `nextDueAt`.
     */
    take: (now: Date, nextDueAt: Date, limit: number): Promise<TakenAlert[]> =>
      sql.rows(
        takenRow,
        `with due as (
           select id from view_alert where due_at <= $1 order by due_at limit $3 for update skip locked
         ), a as (
           update view_alert t set due_at = $2 from due where t.id = due.id returning t.*
         )
         select ${ALERT}, a.merchant_account_id as "accountId", a.user_id as "userId", a.due_at as "dueAt",
           m.currency, case when not u.disabled then s.role end as role,
           case when ${VISIBLE} then v.state end as saved
         from a join merchant_account m on m.id = a.merchant_account_id join staff_user u on u.id = a.user_id
           left join membership s on s.merchant_account_id = a.merchant_account_id and s.user_id = a.user_id
           left join saved_view v on v.id = a.view_id`,
        [now, nextDueAt, limit],
      ),

    /** Writes down what a look came to, unless the alert was changed or taken by another meanwhile. */
    async save(
      { id, dueAt }: Pick<TakenAlert, 'id' | 'dueAt'>,
      state: AlertState,
      at: { checkedAt: Date; nextDueAt: Date },
    ): Promise<boolean> {
      const saved = await sql.run(
        `update view_alert set holds = $3, rose_at = $4, rose_rows = $5, fell_at = $6, problem = $7, problem_at = $8,
           checked_at = $9, due_at = $10
         where id = $1 and due_at = $2`,
        [
          id,
          dueAt,
          state.holds,
          state.roseAt,
          state.roseRows,
          state.fellAt,
          state.problem,
          state.problemAt,
          at.checkedAt,
          at.nextDueAt,
        ],
      )
      return saved === 1
    },
  }
}
