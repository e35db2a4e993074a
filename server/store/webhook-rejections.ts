import { z } from 'zod'
import { HOUR_SECONDS, SLOT_SECONDS, slotOf } from '../domain/event-rate.ts'
import {
  REJECTION_CAUSES,
  rejectionDetailSchema,
  type RejectionCause,
  type RejectionDetail,
} from '../domain/rejection.ts'
import type { Sql } from './sql.ts'

/** How many refused deliveries are kept per account and cause (and for unknown accounts together). */
export const REJECTIONS_KEPT = 60
/** Stands for the account of deliveries whose address names none. */
const NO_ACCOUNT = '00000000-0000-0000-0000-000000000000'

const causeRow = z.object({ cause: z.enum(REJECTION_CAUSES), count: z.bigint(), lastAt: z.date() })

const sampleRow = z.object({
  at: z.date(),
  cause: z.enum(REJECTION_CAUSES),
  slug: z.string(),
  remoteAddress: z.string(),
  detail: rejectionDetailSchema,
})

/** One refused delivery of the sample. */
export type RejectionSample = z.infer<typeof sampleRow>

/** How many deliveries were refused for one cause, and the newest of them that is kept. */
export type RejectionCount = {
  cause: RejectionCause
  count: number
  lastAt: Date
  last: RejectionSample | null
}

/** Refused deliveries of one account and cause in one ten-second slot. */
export type RejectionTally = {
  accountId: string | null
  cause: RejectionCause
  slot: Date
  count: number
  lastAt: Date
}

/** Refused deliveries: exact counts, and a bounded sample, so that a wrong password is seen and a flood fills no disk. */
export function webhookRejections(sql: Sql) {
  /** The newest of the sample of an account and of unknown accounts. */
  const samples = (accountId: string, limit: number, cause: RejectionCause | null = null) =>
    sql.rows(
      sampleRow,
      `select at, cause, slug, remote_address as "remoteAddress", detail from webhook_rejection
       where (merchant_account_id = $1 or merchant_account_id is null) and ($2::text is null or cause = $2)
       order by at desc limit $3`,
      [accountId, cause, limit],
    )

  return {
    /** Adds one to the sample and drops the oldest beyond {@link REJECTIONS_KEPT}. */
    async reject(rejection: {
      accountId: string | null
      slug: string
      cause: RejectionCause
      remoteAddress: string
      detail: RejectionDetail
      at: Date
    }): Promise<void> {
      const ofAccount =
        rejection.accountId === null ? 'merchant_account_id is null' : 'merchant_account_id = $1'
      await sql.run(
        `with added as (
           insert into webhook_rejection (merchant_account_id, slug, cause, remote_address, at, detail)
           values ($1::uuid, $2, $3, $4, $5, $6)
         )
         delete from webhook_rejection where id in (
           select id from webhook_rejection where ${ofAccount} and cause = $3
           order by at desc offset ${REJECTIONS_KEPT - 1}
         )`,
        [
          rejection.accountId,
          rejection.slug,
          rejection.cause,
          rejection.remoteAddress,
          rejection.at,
          JSON.stringify(rejection.detail),
        ],
      )
    },

    /** Adds to the counts, fine slots and hours. */
    async countRejections(tallies: readonly RejectionTally[]): Promise<void> {
      // In one order everywhere, so that two processes cannot wait for each other.
      const rows = tallies
        .flatMap((tally) => [
          { ...tally, seconds: SLOT_SECONDS },
          { ...tally, seconds: HOUR_SECONDS, slot: slotOf(tally.slot, HOUR_SECONDS) },
        ])
        .map((row) => ({ ...row, accountId: row.accountId ?? NO_ACCOUNT }))
      const column = <K extends keyof (typeof rows)[number]>(name: K) => rows.map((row) => row[name])
      await sql.run(
        `insert into webhook_rejection_count as kept (merchant_account_id, span_seconds, slot, cause, count, last_at)
         select account, seconds, slot, cause, sum(count), max(last_at)
         from unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::text[], $5::int[], $6::timestamptz[])
           as told (account, seconds, slot, cause, count, last_at)
         group by 1, 2, 3, 4 order by 1, 2, 3, 4
         on conflict (merchant_account_id, span_seconds, slot, cause) do update
           set count = kept.count + excluded.count, last_at = greatest(kept.last_at, excluded.last_at)`,
        [
          column('accountId'),
          column('seconds'),
          column('slot'),
          column('cause'),
          column('count'),
          column('lastAt'),
        ],
      )
    },

    /** What was refused since `since`, by cause, with the newest delivery of each; unknown addresses included. */
    async rejections(accountId: string, since: Date): Promise<RejectionCount[]> {
      const rows = await sql.rows(
        causeRow,
        `select cause, sum(count) as count, max(last_at) as "lastAt" from webhook_rejection_count
         where merchant_account_id in ($1, '${NO_ACCOUNT}') and span_seconds = ${SLOT_SECONDS} and slot >= $2
         group by cause order by max(last_at) desc`,
        [accountId, since],
      )
      return Promise.all(
        rows.map(async (row) => ({
          ...row,
          count: Number(row.count),
          last: (await samples(accountId, 1, row.cause))[0] ?? null,
        })),
      )
    },

    rejectionSamples: (accountId: string, limit: number): Promise<RejectionSample[]> =>
      samples(accountId, limit),
  }
}
