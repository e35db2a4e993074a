import { z } from 'zod'
import {
  REPLAY_ITEMS_MAX,
  REPLAY_JOBS_AT_WORK_MAX,
  REPLAY_STATUSES,
  type ReplayScope,
  type ReplayStatus,
} from '../domain/replay.ts'
import { columnOf, selectList } from './columns.ts'
import { ORDER_KEY, selectionOf } from './event-selection.ts'
import { cursorText, readCursor, toPage, type Page } from './page.ts'
import { claimRow, replayItemStore, type ReplayClaim } from './replay-items.ts'
import { previewReplay } from './replay-preview.ts'
import type { Sql } from './sql.ts'

const jobRow = z.object({
  id: z.string(),
  merchantAccountId: z.string(),
  status: z.enum(REPLAY_STATUSES),
  pausedFrom: z.enum(['shadowing', 'applying']).nullable(),
  scope: z.unknown(),
  reason: z.string().nullable(),
  createdById: z.string(),
  createdBy: z.string(),
  createdAt: z.date(),
  appliedBy: z.string().nullable(),
  appliedAt: z.date().nullable(),
  finishedAt: z.date().nullable(),
  note: z.string().nullable(),
  total: z.number(),
  appliedBefore: z.number(),
  shadowed: z.number(),
  wouldChange: z.number(),
  wouldAsk: z.number(),
  wouldFail: z.number(),
  applied: z.number(),
  changed: z.number(),
  unchanged: z.number(),
  failed: z.number(),
  skipped: z.number(),
  runAt: z.date(),
  runDone: z.number(),
})

/** A replay job as it is. */
export type ReplayJob = z.infer<typeof jobRow>

const LIST = selectList(Object.keys(jobRow.shape))

/** A change of state. `set` names further fields of the job. */
export type ReplayMove = {
  from: readonly ReplayStatus[]
  to: ReplayStatus
  now: Date
  set?: Partial<
    Pick<ReplayJob, 'pausedFrom' | 'appliedBy' | 'appliedAt' | 'finishedAt' | 'note' | 'runAt' | 'runDone'>
  > & { recent?: ''; stumbles?: 0 }
}

/** Replay jobs: one worker at a time, by lease and fence; every change of state is a compare-and-set. */
export function replayJobStore(sql: Sql) {
  return {
    ...replayItemStore(sql),

    /** What a job of `scope` would be about now. */
    preview: (accountId: string, scope: ReplayScope) => previewReplay(sql, accountId, scope),

    /**
     * Makes a job, or answers that the request key was used: by the same scope (`again`) or by another one (`other`).
     */
    async create(job: {
      id: string
      accountId: string
      requestKey: string
      scope: ReplayScope
      reason: string | null
      createdById: string
      createdBy: string
      now: Date
    }): Promise<{ id: string; was: 'made' | 'again' | 'other' }> {
      const made = await sql.run(
        `insert into replay_job (id, merchant_account_id, request_key, status, scope, reason, created_by_id, created_by,
           created_at, changed_at, run_at)
         values ($1, $2, $3, 'shadowing', $4, $5, $6, $7, $8, $8, $8)
         on conflict (merchant_account_id, request_key) do nothing`,
        [
          job.id,
          job.accountId,
          job.requestKey,
          JSON.stringify(job.scope),
          job.reason,
          job.createdById,
          job.createdBy,
          job.now,
        ],
      )
      if (made === 1) return { id: job.id, was: 'made' }
      const known = await sql.first(
        z.object({ id: z.string(), same: z.boolean() }),
        `select id, scope = $3::jsonb as same from replay_job where merchant_account_id = $1 and request_key = $2`,
        [job.accountId, job.requestKey, JSON.stringify(job.scope)],
      )
      if (known === null) throw new Error('a replay job that conflicts cannot be found')
      return { id: known.id, was: known.same ? 'again' : 'other' }
    },

    /** Fixes the items: what matches now, oldest first. Answers how many matched, counted up to one over the limit. */
    async fill(jobId: string, accountId: string, scope: ReplayScope): Promise<number> {
      const { text, values } = selectionOf(accountId, scope)
      const job = `$${values.push(jobId)}`
      const matched = await sql.run(
        `insert into replay_item (job_id, n, event_id, event_name, order_ref, order_key, received_at, applied_before)
         select ${job}::uuid, row_number() over (order by received_at, seq), id, event_name, order_ref, order_key,
           received_at, status = 'processed'
         from (select id, event_name, order_ref, ${ORDER_KEY} as order_key, received_at, seq, status from webhook_event where ${text}
               order by received_at, seq limit ${REPLAY_ITEMS_MAX + 1}) as matching`,
        values,
      )
      await sql.run(
        `update replay_job set (total, applied_before) = (select count(*), count(*) filter (where applied_before)
           from replay_item where job_id = $1) where id = $1`,
        [jobId],
      )
      return matched
    },

    /** How many jobs of the account are at work. */
    async countAtWork(accountId: string): Promise<number> {
      const row = await sql.first(
        z.object({ count: z.bigint() }),
        `select count(*) as count from replay_job
         where merchant_account_id = $1 and status in ('shadowing', 'applying')`,
        [accountId],
      )
      return Number(row?.count ?? 0n)
    },

    /** The jobs of the account that are at work, the oldest first. */
    atWork: (accountId: string): Promise<ReplayJob[]> =>
      sql.rows(
        jobRow,
        `select ${LIST} from replay_job where merchant_account_id = $1 and status in ('shadowing', 'applying')
         order by created_at, id limit ${REPLAY_JOBS_AT_WORK_MAX}`,
        [accountId],
      ),

    byId: (accountId: string, id: string): Promise<ReplayJob | null> =>
      sql.first(jobRow, `select ${LIST} from replay_job where merchant_account_id = $1 and id = $2`, [
        accountId,
        id,
      ]),

    /** One page, newest first. */
    async list(accountId: string, page: { cursor: string | null; limit: number }): Promise<Page<ReplayJob>> {
      const after = readCursor(page.cursor, z.tuple([z.iso.datetime(), z.uuid()]))
      const rows = await sql.rows(
        jobRow,
        `select ${LIST} from replay_job where merchant_account_id = $1
           and ($2::timestamptz is null or (created_at, id) < ($2, $3::uuid))
         order by created_at desc, id desc limit $4`,
        [accountId, after?.[0] ?? null, after?.[1] ?? null, page.limit + 1],
      )
      return toPage(rows, page.limit, (row) => cursorText([row.createdAt.toISOString(), row.id]))
    },

    /** Moves a job to another state if it is still in one of `from`; answers whether it was. */
    async move(accountId: string, id: string, { from, to, now, set = {} }: ReplayMove): Promise<boolean> {
      const values: unknown[] = [id, accountId, [...from], to, now]
      const more = Object.entries({ pausedFrom: null, ...set })
        .map(([field, value]) => `, ${columnOf(field)} = $${values.push(value)}`)
        .join('')
      const moved = await sql.run(
        `update replay_job set status = $4, changed_at = $5${more}
         where id = $1 and merchant_account_id = $2 and status = any($3::text[])`,
        values,
      )
      return moved === 1
    },

    /** Takes the job that was served longest ago, until `leaseUntil`; null when no job waits for work. */
    claim: (now: Date, leaseUntil: Date): Promise<ReplayClaim | null> =>
      sql.first(
        claimRow,
        `update replay_job set fence = fence + 1, lease_until = $2, served_at = $1
         where id = (select id from replay_job
           where status in ('shadowing', 'applying') and (lease_until is null or lease_until <= $1)
           order by served_at nulls first, created_at limit 1 for update skip locked)
         returning id, merchant_account_id as "accountId", status as phase, fence`,
        [now, leaseUntil],
      ),

    /** Gives a claimed job back, for the next worker. */
    async release(claim: ReplayClaim): Promise<void> {
      await sql.run('update replay_job set lease_until = null where id = $1 and fence = $2', [
        claim.id,
        claim.fence,
      ])
    },

    /** Ends a phase whose items are all done; false when somebody paused or stopped the job meanwhile. */
    async finish(claim: ReplayClaim, now: Date): Promise<boolean> {
      const done = claim.phase === 'applying'
      const moved = await sql.run(
        `update replay_job set status = $3, changed_at = $4, finished_at = $5, lease_until = null
         where id = $1 and fence = $2 and status = $6`,
        [claim.id, claim.fence, done ? 'done' : 'ready', now, done ? now : null, claim.phase],
      )
      return moved === 1
    },

    /** Pauses a claimed job because of how it goes. */
    async pauseItself(claim: ReplayClaim, note: string, now: Date): Promise<void> {
      await sql.run(
        `update replay_job set status = 'paused', paused_from = status, note = $3, changed_at = $4, lease_until = null
         where id = $1 and fence = $2 and status = $5`,
        [claim.id, claim.fence, note, now, claim.phase],
      )
    },

    /**
     * Notes a round that ended in an error before finishing an item; after `max` of them in a row the job has failed.
     * Answers whether it has.
     */
    async stumble(claim: ReplayClaim, error: string, max: number, now: Date): Promise<boolean> {
      const row = await sql.first(
        z.object({ status: z.string() }),
        `update replay_job set stumbles = stumbles + 1,
           status = case when stumbles + 1 >= $4 then 'failed' else status end,
           note = case when stumbles + 1 >= $4 then $3 else note end,
           finished_at = case when stumbles + 1 >= $4 then $5 else finished_at end, changed_at = $5
         where id = $1 and fence = $2 and status in ('shadowing', 'applying') returning status`,
        [claim.id, claim.fence, error, max, now],
      )
      return row?.status === 'failed'
    },

    /** Stops shadow runs that were ready before `before`. Answers whose they were. */
    expire: (before: Date, now: Date, limit: number): Promise<{ id: string; accountId: string }[]> =>
      sql.rows(
        z.object({ id: z.string(), accountId: z.string() }),
        `update replay_job set status = 'stopped', finished_at = $2, changed_at = $2,
           note = 'Nobody applied it in time. Make a new one: what would change may be different by now.'
         where id in (select id from replay_job where status = 'ready' and changed_at < $1
           order by changed_at limit $3 for update skip locked)
         returning id, merchant_account_id as "accountId"`,
        [before, now, limit],
      ),
  }
}
