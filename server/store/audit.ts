import { z } from 'zod'
import type { Actor } from '../domain/actor.ts'
import { cursorText, readCursor, toPage } from './page.ts'
import type { Page } from './page.ts'
import type { Sql } from './sql.ts'

/** Somebody who is not signed in, such as a failed sign-in; `name` is the address that was typed. */
export type AnonymousActor = {
  kind: 'anonymous'
  name: string
  /** The account of the person whose address it is; null when nobody has it. */
  accountId: string | null
  requestId: string
  ip: string | null
}

/** What is written about one change or one refusal. `before` and `after` carry ids and facts, never secrets. */
export type NewAuditEntry = {
  actor: Actor | AnonymousActor
  /** Dotted verb, such as `refund_request.create`. */
  action: string
  subjectKind: string
  subjectId: string | null
  outcome: 'done' | 'refused'
  reason?: string | null
  before?: unknown
  after?: unknown
}

/** One entry as read back; `id` is the log's own growing number, as text. */
export type AuditRow = {
  id: string
  at: Date
  actorName: string
  actorKind: string
  actorId: string
  action: string
  subjectKind: string
  subjectId: string | null
  outcome: 'done' | 'refused'
  reason: string | null
  before: unknown
  after: unknown
  ip: string | null
  requestId: string
}

export type AuditFilter = {
  q: string
  action: string | null
  outcome: 'done' | 'refused' | null
  cursor: string | null
  limit: number
}

const auditRow = z
  .object({
    id: z.bigint(),
    at: z.date(),
    actor_name: z.string(),
    actor_kind: z.string(),
    actor_id: z.string(),
    action: z.string(),
    subject_kind: z.string(),
    subject_id: z.string().nullable(),
    outcome: z.enum(['done', 'refused']),
    reason: z.string().nullable(),
    before: z.unknown(),
    after: z.unknown(),
    ip: z.string().nullable(),
    request_id: z.string(),
  })
  .transform((row): AuditRow => ({
    id: row.id.toString(),
    at: row.at,
    actorName: row.actor_name,
    actorKind: row.actor_kind,
    actorId: row.actor_id,
    action: row.action,
    subjectKind: row.subject_kind,
    subjectId: row.subject_id,
    outcome: row.outcome,
    reason: row.reason,
    before: row.before,
    after: row.after,
    ip: row.ip,
    requestId: row.request_id,
  }))

const COLUMNS = `id, at, actor_name, actor_kind, actor_id, action, subject_kind, subject_id, outcome, reason,
  before, after, ip, request_id`

/** The audit log: append-only; a change and its entry commit together or not at all (invariant I12). */
export function auditStore(sql: Sql) {
  return {
    /** Writes one entry. Call it in the transaction of the change it describes. */
    async append(entry: NewAuditEntry): Promise<void> {
      const { actor } = entry
      await sql.run(
        `insert into audit_entry (merchant_account_id, actor_kind, actor_id, actor_name, action, subject_kind,
           subject_id, outcome, reason, before, after, request_id, ip)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
        [
          actor.accountId,
          actor.kind,
          actor.kind === 'user' ? actor.userId : actor.name,
          actor.name,
          entry.action,
          entry.subjectKind,
          entry.subjectId,
          entry.outcome,
          entry.reason ?? null,
          jsonb(entry.before),
          jsonb(entry.after),
          actor.requestId,
          'ip' in actor ? actor.ip : null,
        ],
      )
    },

    /** Newest first, one page. `q` matches names, actions, subjects and reasons, without regard to case. */
    async list(accountId: string, filter: AuditFilter): Promise<Page<AuditRow>> {
      const cursor = readCursor(filter.cursor, z.tuple([z.string().regex(/^\d{1,18}$/)]))
      const rows = await sql.rows(
        auditRow,
        `select ${COLUMNS} from audit_entry
         where merchant_account_id = $1
           and ($2::bigint is null or id < $2)
           and ($3::text is null or action = $3)
           and ($4::text is null or outcome = $4)
           and ($5 = '' or position(lower($5) in lower(concat_ws(' ', actor_name, action, subject_kind, subject_id, reason))) > 0)
         order by id desc limit $6`,
        [accountId, cursor?.[0] ?? null, filter.action, filter.outcome, filter.q.trim(), filter.limit + 1],
      )
      return toPage(rows, filter.limit, (row) => cursorText([row.id]))
    },

    /** Everything written about one subject, oldest first, at most `limit` newest entries. */
    async bySubject(
      accountId: string,
      subjectKind: string,
      subjectId: string,
      limit = 200,
    ): Promise<AuditRow[]> {
      const rows = await sql.rows(
        auditRow,
        {
          name: 'audit_by_subject',
          text: `select ${COLUMNS} from audit_entry
         where merchant_account_id = $1 and subject_kind = $2 and subject_id = $3
         order by id desc limit $4`,
        },
        [accountId, subjectKind, subjectId, limit],
      )
      return rows.reverse()
    },

    /** The distinct actions of the account, for the filter; a skip scan over the index, not over the rows. */
    async actions(accountId: string): Promise<string[]> {
      const rows = await sql.rows(
        z.object({ action: z.string() }),
        `with recursive found as (
           (select action from audit_entry where merchant_account_id = $1 order by action limit 1)
           union all
           select (select action from audit_entry
                   where merchant_account_id = $1 and action > found.action order by action limit 1)
           from found where found.action is not null
         )
         select action from found where action is not null`,
        [accountId],
      )
      return rows.map((row) => row.action)
    },
  }
}

/** Amounts in `before` and `after` are bigints, which JSON has no word for: they are kept as decimal text. */
function jsonb(value: unknown): string | null {
  if (value === undefined || value === null) return null
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'bigint' ? inner.toString() : inner,
  )
}
