import { z } from 'zod'
import { failureReason, type FailureReason } from '../domain/event-failure.ts'
import { REPLAY_ITEMS_MAX, type ReplayScope } from '../domain/replay.ts'
import { BUSY_PATTERNS, isBusy, selectionOf } from './event-selection.ts'
import type { Sql } from './sql.ts'

const row = z.object({
  status: z.enum(['processed', 'ignored', 'failed', 'dead']),
  outcome: z.string().nullable(),
  busy: z.boolean(),
  count: z.bigint(),
  oldestAt: z.date(),
  newestAt: z.date(),
})

/** What a scope matches now. `count` stops one above the limit of a job. */
export type ReplayPreview = {
  count: number
  appliedBefore: number
  oldestAt: Date | null
  newestAt: Date | null
  /** Those that were not applied, by reason; the largest first. */
  groups: { reason: FailureReason; count: number }[]
}

/** Counts what a job of `scope` would be about, without making it. */
export async function previewReplay(sql: Sql, accountId: string, scope: ReplayScope): Promise<ReplayPreview> {
  const { text, values } = selectionOf(accountId, scope)
  const rows = await sql.rows(
    row,
    `select status, outcome, ${isBusy(`$${values.push(BUSY_PATTERNS)}`)} as busy, count(*) as count,
       min(received_at) as "oldestAt", max(received_at) as "newestAt"
     from (select status, outcome, error, received_at from webhook_event where ${text}
           order by received_at, seq limit ${REPLAY_ITEMS_MAX + 1}) as matching
     group by 1, 2, 3`,
    values,
  )
  const groups = new Map<FailureReason, number>()
  const preview: ReplayPreview = { count: 0, appliedBefore: 0, oldestAt: null, newestAt: null, groups: [] }
  for (const { status, outcome, busy, count, oldestAt, newestAt } of rows) {
    preview.count += Number(count)
    if (preview.oldestAt === null || oldestAt < preview.oldestAt) preview.oldestAt = oldestAt
    if (preview.newestAt === null || newestAt > preview.newestAt) preview.newestAt = newestAt
    if (status === 'processed') {
      preview.appliedBefore += Number(count)
      continue
    }
    const reason = busy ? 'database_busy' : failureReason({ outcome, error: null })
    groups.set(reason, (groups.get(reason) ?? 0) + Number(count))
  }
  preview.groups = [...groups]
    .map(([reason, count]) => ({ reason, count }))
    .toSorted((a, b) => b.count - a.count)
  return preview
}
