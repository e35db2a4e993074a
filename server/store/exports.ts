import { z } from 'zod'
import { EXPORTS_KEPT_MAX, keptExportRequest, type KeptExportRequest } from '../domain/order-export.ts'
import { selectList } from './columns.ts'
import type { Sql } from './sql.ts'

export const EXPORT_STATUSES = ['waiting', 'ready', 'failed'] as const

const exportRow = z.object({
  id: z.string(),
  merchantAccountId: z.string(),
  userId: z.string(),
  request: keptExportRequest,
  fileName: z.string(),
  status: z.enum(EXPORT_STATUSES),
  expected: z.number(),
  written: z.number(),
  bytes: z.bigint(),
  asOf: z.date().nullable(),
  sha256: z.string().nullable(),
  note: z.string().nullable(),
  createdAt: z.date(),
  finishedAt: z.date().nullable(),
  expiresAt: z.date(),
})

/** A file somebody asked for. */
export type ExportRecord = z.infer<typeof exportRow>

const claimRow = exportRow.extend({ fence: z.number() })

/** A file taken by one worker. Under an older fence nothing can be written. */
export type ExportClaim = z.infer<typeof claimRow>

const LIST = selectList(Object.keys(exportRow.shape))
const CLAIM = `${LIST}, fence`

/** Files of the transactions list: asked for, made piece by piece, fetched, forgotten. */
export function exportStore(sql: Sql) {
  return {
    ...pieces(sql),

    /**
     * Notes what somebody asks for, leased to whoever makes it at once. Null when the person has as many files as one may
     * have, or when the same key was used before.
     */
    insert: (asked: {
      id: string
      accountId: string
      userId: string
      requestKey: string
      request: KeptExportRequest
      fileName: string
      expected: number
      at: Date
      expiresAt: Date
      leaseUntil: Date | null
    }): Promise<ExportClaim | null> =>
      sql.first(
        claimRow,
        `insert into order_export (id, merchant_account_id, user_id, request_key, request, file_name, status, expected,
           created_at, expires_at, lease_until)
         select $1::uuid, $2::uuid, $3::uuid, $4, $5::jsonb, $6, 'waiting', $7::int, $8::timestamptz, $9::timestamptz,
           $10::timestamptz
         where (select count(*) from order_export where merchant_account_id = $2 and user_id = $3
                and expires_at > $8) < ${EXPORTS_KEPT_MAX}
         on conflict (merchant_account_id, user_id, request_key) do nothing
         returning ${CLAIM}`,
        [
          asked.id,
          asked.accountId,
          asked.userId,
          asked.requestKey,
          JSON.stringify(asked.request),
          asked.fileName,
          asked.expected,
          asked.at,
          asked.expiresAt,
          asked.leaseUntil,
        ],
      ),

    byKey: (accountId: string, userId: string, requestKey: string): Promise<ExportRecord | null> =>
      sql.first(
        exportRow,
        `select ${LIST} from order_export where merchant_account_id = $1 and user_id = $2 and request_key = $3`,
        [accountId, userId, requestKey],
      ),

    /** A person's file that has not expired; another's does not exist. */
    own: (accountId: string, userId: string, exportId: string, now: Date): Promise<ExportRecord | null> =>
      sql.first(
        exportRow,
        `select ${LIST} from order_export
         where merchant_account_id = $1 and user_id = $2 and id = $3 and expires_at > $4`,
        [accountId, userId, exportId, now],
      ),

    /** A person's files, newest first. */
    ofPerson: (accountId: string, userId: string, now: Date): Promise<ExportRecord[]> =>
      sql.rows(
        exportRow,
        `select ${LIST} from order_export where merchant_account_id = $1 and user_id = $2 and expires_at > $3
         order by created_at desc limit ${EXPORTS_KEPT_MAX}`,
        [accountId, userId, now],
      ),

    /** A person's files that are still to be made, the oldest first. */
    waitingOf: (accountId: string, userId: string): Promise<ExportRecord[]> =>
      sql.rows(
        exportRow,
        `select ${LIST} from order_export where merchant_account_id = $1 and user_id = $2 and status = 'waiting'
         order by created_at limit ${EXPORTS_KEPT_MAX}`,
        [accountId, userId],
      ),

    /** Takes a file away; false when the person has no such file. */
    async remove(accountId: string, userId: string, exportId: string): Promise<boolean> {
      const removed = await sql.run(
        'delete from order_export where merchant_account_id = $1 and user_id = $2 and id = $3',
        [accountId, userId, exportId],
      )
      return removed === 1
    },

    /** Deletes files that expired, `most` of them. */
    prune: (now: Date, most: number): Promise<number> =>
      sql.run(
        `delete from order_export where id in (select id from order_export where expires_at <= $1 limit $2)`,
        [now, most],
      ),
  }
}

/** What whoever makes a file does to it. */
function pieces(sql: Sql) {
  return {
    /** Takes the file that waits longest and that nobody is making. */
    claim: (now: Date, leaseUntil: Date): Promise<ExportClaim | null> =>
      sql.first(
        claimRow,
        `update order_export set fence = fence + 1, lease_until = $2
         where id = (select id from order_export
           where status = 'waiting' and (lease_until is null or lease_until <= $1)
           order by created_at limit 1 for no key update skip locked)
         returning ${CLAIM}`,
        [now, leaseUntil],
      ),

    /** Forgets pieces of an earlier attempt. */
    clear: (claim: ExportClaim): Promise<number> =>
      sql.run(
        `delete from export_chunk c using order_export e
         where c.export_id = e.id and e.id = $1 and e.fence = $2`,
        [claim.id, claim.fence],
      ),

    /** Adds a piece and says how far the file is; false when it is no longer this worker's. */
    async addPiece(
      claim: ExportClaim,
      piece: { seq: number; bytes: Buffer; written: number; leaseUntil: Date },
    ): Promise<boolean> {
      const added = await sql.run(
        `with mine as (update order_export set written = $5, bytes = bytes + length($4::bytea), lease_until = $6
           where id = $1 and fence = $2 and status = 'waiting' returning id)
         insert into export_chunk (export_id, seq, bytes) select id, $3, $4::bytea from mine`,
        [claim.id, claim.fence, piece.seq, piece.bytes, piece.written, piece.leaseUntil],
      )
      return added === 1
    },

    /** Ends the making. `bytes` starts again at zero with every attempt, so it is the file's. */
    async finish(
      claim: ExportClaim,
      end: {
        status: 'ready' | 'failed'
        written: number
        asOf: Date | null
        sha256: string | null
        note: string | null
        at: Date
      },
    ): Promise<boolean> {
      const ended = await sql.run(
        `update order_export set status = $3, written = $4, as_of = $5, sha256 = $6, note = $7, finished_at = $8,
           lease_until = null
         where id = $1 and fence = $2 and status = 'waiting'`,
        [claim.id, claim.fence, end.status, end.written, end.asOf, end.sha256, end.note, end.at],
      )
      return ended === 1
    },

    /** Sets the size back before another attempt. */
    begin: (claim: ExportClaim): Promise<number> =>
      sql.run('update order_export set written = 0, bytes = 0 where id = $1 and fence = $2', [
        claim.id,
        claim.fence,
      ]),

    /** One piece of a file; null behind the last. */
    async piece(exportId: string, seq: number): Promise<Buffer | null> {
      const row = await sql.first(
        z.object({ bytes: z.instanceof(Buffer) }),
        'select bytes from export_chunk where export_id = $1 and seq = $2',
        [exportId, seq],
      )
      return row?.bytes ?? null
    },
  }
}
