import { z } from 'zod'
import type { FieldChange } from '../domain/change.ts'
import {
  PAUSE_WINDOW,
  REPLAY_ITEM_STATES,
  REPLAY_STATUSES,
  SHADOWED_STATES,
  type ReplayItemState,
} from '../domain/replay.ts'
import { selectList } from './columns.ts'
import { cursorText, readCursor, toPage, type Page } from './page.ts'
import type { Sql } from './sql.ts'

const fieldChange = z.object({
  subject: z.string(),
  field: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
})

const itemRow = z.object({
  n: z.number(),
  eventId: z.string(),
  eventName: z.string().nullable(),
  orderRef: z.string().nullable(),
  receivedAt: z.date(),
  appliedBefore: z.boolean(),
  state: z.enum(REPLAY_ITEM_STATES),
  shadowOutcome: z.string().nullable(),
  shadowError: z.string().nullable(),
  shadowChanges: z.array(fieldChange).nullable(),
  applyOutcome: z.string().nullable(),
  applyError: z.string().nullable(),
  applyChanges: z.array(fieldChange).nullable(),
  at: z.date().nullable(),
})

/** One event of a job, with what it would do and what it did. */
export type ReplayItem = z.infer<typeof itemRow>

export const claimRow = z.object({
  id: z.string(),
  accountId: z.string(),
  phase: z.enum(['shadowing', 'applying']),
  fence: z.number(),
})

/** A job taken by one worker. Under an older fence nothing can be written. */
export type ReplayClaim = z.infer<typeof claimRow>

const dueRow = z.object({ n: z.number(), eventId: z.string(), orderKey: z.string().nullable() })

/** An item whose turn it is. */
export type DueItem = z.infer<typeof dueRow>

/** What became of an item. */
export type ItemResult = {
  state: ReplayItemState
  outcome: string
  error: string | null
  changes: readonly FieldChange[]
}

const progressRow = z.object({ status: z.enum(REPLAY_STATUSES), recent: z.string() })

/** The job after an item was recorded. */
export type ReplayProgress = z.infer<typeof progressRow>

const LIST = selectList(Object.keys(itemRow.shape))
const TO_APPLY = `state in (${SHADOWED_STATES.map((state) => `'${state}'`).join(', ')})`

/** The items of replay jobs. What a worker writes counts only under the fence it took the job with. */
export function replayItemStore(sql: Sql) {
  return {
    /** One page of the items, in their order. */
    async items(
      jobId: string,
      filter: { states: readonly ReplayItemState[] },
      page: { cursor: string | null; limit: number },
    ): Promise<Page<ReplayItem>> {
      const after = readCursor(page.cursor, z.tuple([z.string().regex(/^\d{1,9}$/)]))
      const rows = await sql.rows(
        itemRow,
        `select ${LIST} from replay_item where job_id = $1 and n > $2
           ${filter.states.length === 0 ? '' : 'and state = any($4::text[])'}
         order by n limit $3`,
        [
          jobId,
          Number(after?.[0] ?? 0),
          page.limit + 1,
          ...(filter.states.length === 0 ? [] : [[...filter.states]]),
        ],
      )
      return toPage(rows, page.limit, (row) => cursorText([String(row.n)]))
    },

    /** The next items of a claimed job's phase, oldest first. */
    due: (claim: ReplayClaim, limit: number): Promise<DueItem[]> =>
      sql.rows(
        dueRow,
        `select ${selectList(Object.keys(dueRow.shape))} from replay_item
         where job_id = $1 and ${claim.phase === 'shadowing' ? "state = 'waiting'" : TO_APPLY} order by n limit $2`,
        [claim.id, limit],
      ),

    /** Items that were applied before the job was made are left alone. Answers how many. */
    async skipApplied(jobId: string): Promise<number> {
      const skipped = await sql.run(
        `update replay_item set state = 'skipped' where job_id = $1 and applied_before and ${TO_APPLY}`,
        [jobId],
      )
      await sql.run('update replay_job set skipped = skipped + $2 where id = $1', [jobId, skipped])
      return skipped
    },

    /**
     * Notes that an item is about to be applied and puts its event back at the start of its tries; the processor leaves
     * it alone until `holdUntil`. Null when the job is no longer this worker's to apply, or was paused or stopped.
     * `begunAt` is set when an earlier worker had begun it and did not come back.
     */
    begin: (
      claim: ReplayClaim,
      n: number,
      times: { now: Date; holdUntil: Date },
    ): Promise<{ begunAt: Date | null } | null> =>
      sql.first(
        z.object({ begunAt: z.date().nullable() }),
        `with item as (
           select event_id, begun_at from replay_item where job_id = $1 and n = $3 and ${TO_APPLY}
             and exists (select from replay_job where id = $1 and fence = $2 and status = 'applying')
         ), begun as (
           update replay_item set begun_at = coalesce(begun_at, $4) where job_id = $1 and n = $3
             and exists (select from item)
         ), restarted as (
           update webhook_event set tries = 0, next_try_at = $5, set_aside = null
           where merchant_account_id = $6 and id = (select event_id from item)
         )
         select begun_at as "begunAt" from item`,
        [claim.id, claim.fence, n, times.now, times.holdUntil, claim.accountId],
      ),

    /** Writes what the shadow run says about some items and counts them; null under an older fence. */
    recordShadows: (
      claim: ReplayClaim,
      results: readonly (ItemResult & { n: number })[],
      leaseUntil: Date,
    ): Promise<ReplayProgress | null> => {
      const countOf = (state: ReplayItemState) => results.filter((result) => result.state === state).length
      return sql.first(
        progressRow,
        `with job as (
           update replay_job set shadowed = shadowed + $4, lease_until = $5, stumbles = 0,
             would_change = would_change + $6, would_ask = would_ask + $7, would_fail = would_fail + $8
           where id = $1 and fence = $2 returning status, recent
         ), items as (
           update replay_item as item set state = told.state, shadow_outcome = told.outcome,
             shadow_error = told.error, shadow_changes = told.changes
           from json_to_recordset($3::json) as told (n int, state text, outcome text, error text, changes jsonb)
           where item.job_id = $1 and item.n = told.n and exists (select from job)
         )
         select status, recent from job`,
        [
          claim.id,
          claim.fence,
          JSON.stringify(results),
          results.length,
          leaseUntil,
          countOf('would_change'),
          countOf('would_ask'),
          countOf('would_fail'),
        ],
      )
    },

    /** Writes what applying an item did and counts it; null under an older fence. */
    recordApply: (
      claim: ReplayClaim,
      n: number,
      result: ItemResult,
      times: { now: Date; leaseUntil: Date },
    ): Promise<ReplayProgress | null> =>
      sql.first(
        progressRow,
        `with job as (
           update replay_job set applied = applied + 1, lease_until = $4, stumbles = 0,
             changed = changed + ($5 = 'changed')::int, unchanged = unchanged + ($5 = 'unchanged')::int,
             failed = failed + ($5 = 'failed')::int,
             recent = right(recent || case when $5 = 'failed' then 'x' else '.' end, ${PAUSE_WINDOW})
           where id = $1 and fence = $2 returning status, recent
         ), item as (
           update replay_item set state = $5, apply_outcome = $6, apply_error = $7, apply_changes = $8, at = $9
           where job_id = $1 and n = $3 and exists (select from job)
         )
         select status, recent from job`,
        [
          claim.id,
          claim.fence,
          n,
          times.leaseUntil,
          result.state,
          result.outcome,
          result.error,
          JSON.stringify(result.changes),
          times.now,
        ],
      ),
  }
}
