/**
 * Batches of refunds, over HTTP, whatever happens to the servers: made of orders that others refund one by one at the same
 * time, checked, sent for approval, and approved, rejected or cancelled. What is not answered is tried again, as the page
 * does.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { TRPCClient } from '@trpc/client'
import type pg from 'pg'
import type { BulkStatus } from '../../server/domain/bulk-batch.ts'
import { toDecimal } from '../../server/domain/money.ts'
import type { Store } from '../../server/store/store.ts'
import type { AppRouter } from '../../server/trpc/router.ts'
import { DECISION_NOTES } from '../support/refund-fixtures.ts'
import { approvalHashOf, hurryBatches, type Ending, type Person, type Shop, type ShopOrder } from './shops.ts'
import { note, type Violation } from './violations.ts'

const POLL_MS = 50
const MOVED_WITHIN_MS = 240_000
/** Of those sent for approval, so many are rejected, and so many cancelled. */
const REJECTED = 0.15
const CANCELLED = 0.15

/** Tries until somebody answers. */
export type Insist = <T>(
  person: Person,
  call: (api: TRPCClient<AppRouter>) => Promise<T>,
) => Promise<{ result: Ending<T> }>

export type BatchDeed = {
  requestKey: string
  /** Null when it was refused. */
  batchId: string | null
  /** What a person did about it in the end; null when nothing of it was left. */
  decision: 'approve' | 'reject' | 'cancel' | null
}

type BatchWork = {
  shop: Shop
  orders: readonly ShopOrder[]
  pool: pg.Pool
  insist: Insist
  /** Takes batches from workers that died, long before their lease is over. */
  hurry: boolean
}

/** Runs one batch until it was decided. */
export async function runBatch(work: BatchWork & { random: () => number }): Promise<BatchDeed> {
  const { shop, insist, random } = work
  const requestKey = randomUUID()
  const { batchId, status, approvalHash } = await sendBatch(work, requestKey)
  // Refused, or others were faster with each of its orders.
  if (batchId === null || status === 'cancelled') return { requestKey, batchId, decision: null }
  const chance = random()
  if (status === 'ready' || chance < CANCELLED) {
    await insist(shop.people.finance, (api) => api.bulk.control.mutate({ batchId, act: 'cancel' }))
    return { requestKey, batchId, decision: 'cancel' }
  }
  const decision = chance < CANCELLED + REJECTED ? 'reject' : 'approve'
  await insist(shop.people.approver, (api) =>
    api.bulk.decide.mutate({ batchId, decision, note: DECISION_NOTES[decision], approvalHash }),
  )
  return { requestKey, batchId, decision }
}

/** A batch of whole orders on its way to an approver: made, checked, sent. `ready` when it could not be sent. */
export async function sendBatch(
  { shop, orders, pool, insist, hurry }: BatchWork,
  requestKey: string,
): Promise<{ batchId: string | null; status: BulkStatus; approvalHash: string }> {
  const { finance } = shop.people
  const input = { orderIds: orders.map(({ orderId }) => orderId), requestKey }
  const made = await insist(finance, (api) => api.bulk.fromOrders.mutate(input))
  if (!made.result.ok) return { batchId: null, status: 'draft', approvalHash: '' }
  const batchId = made.result.value.id
  const batch = { batchId }
  await untilIn(pool, batchId, { states: ['ready'], hurry })
  await insist(finance, (api) => api.bulk.dropErrors.mutate(batch))
  await insist(finance, (api) => api.bulk.acceptRows.mutate({ ...batch, n: null, accepted: true }))
  await untilIn(pool, batchId, { states: ['ready'], hurry })
  await insist(finance, async (api) => {
    const { totals } = await api.bulk.review.query(batch)
    const typedTotal = toDecimal({ minor: totals.amountMinor, currency: 'INR' })
    return api.bulk.submit.mutate({ ...batch, typedTotal, reason: 'item_returned', note: null })
  })
  // A second try hears of a conflict: what counts is what the batch has become.
  const status = await untilIn(pool, batchId, { states: ['ready', 'waiting_approval', 'cancelled'], hurry })
  return { batchId, status, approvalHash: await approvalHashOf(pool, 'bulk_batch', batchId) }
}

async function statusOf(pool: pg.Pool, batchId: string): Promise<BulkStatus> {
  const { rows } = await pool.query<{ status: BulkStatus }>('select status from bulk_batch where id = $1', [
    batchId,
  ])
  const status = rows[0]?.status
  if (status === undefined) throw new Error(`batch ${batchId} was answered and is not there`)
  return status
}

/** Waits for workers to bring a batch to one of these states. @throws when they do not */
async function untilIn(
  pool: pg.Pool,
  batchId: string,
  { states, hurry }: { states: readonly BulkStatus[]; hurry: boolean },
): Promise<BulkStatus> {
  const deadline = performance.now() + MOVED_WITHIN_MS
  for (;;) {
    const status = await statusOf(pool, batchId)
    if (states.includes(status)) return status
    if (performance.now() > deadline) throw new Error(`batch ${batchId} is ${status} for too long`)
    if (hurry) await hurryBatches(pool)
    await wait(POLL_MS)
  }
}

/** Has what is approved begin at once: nobody waits ten minutes in a battery. */
export async function holdNothing(
  { refundPolicies }: Pick<Store, 'refundPolicies'>,
  by: { accountId: string; userId: string },
): Promise<void> {
  const { version, rules } = await refundPolicies.current(by.accountId)
  await refundPolicies.write({
    accountId: by.accountId,
    basedOn: version,
    rules: { ...rules, bulkHoldMinutes: 0 },
    createdBy: by.userId,
    now: new Date(),
  })
}

/** Per rule of batches a sentence, and the query that finds what breaks it once all is settled. */
const CHECKS: readonly (readonly [string, string])[] = [
  [
    // One that was paused, by a stop of all refunds or by many failures, waits for a person.
    'a batch that was approved comes to its end',
    `select no::text || ' is ' || status as what from bulk_batch
     where decided_at is not null and status in ('held', 'running')`,
  ],
  [
    'who sent a batch for approval does not decide on it',
    `select no::text as what from bulk_batch where decided_by in (submitted_by, created_by)`,
  ],
  [
    'of a batch that was not approved nothing is sent',
    `select b.no::text || '/' || w.n as what from bulk_batch b join bulk_row w on w.batch_id = b.id
     join refund r on r.refund_request_id = w.refund_request_id
     where r.first_sent_at is not null and b.status in ('rejected', 'cancelled')`,
  ],
  [
    'a batch that is over holds nothing back',
    `select b.no::text || '/' || w.n as what from bulk_batch b join bulk_row w on w.batch_id = b.id
     join refund_request q on q.id = w.refund_request_id
     where b.status in ('finished', 'finished_failures', 'rejected', 'cancelled', 'stopped')
       and w.outcome = 'reserved'`,
  ],
]

/** What is wrong with the batches, from the database and from what people were told. */
export async function judgeBatches(
  pool: pg.Pool,
  deeds: readonly BatchDeed[],
  violations: Violation[],
): Promise<void> {
  for (const [sentence, sql] of CHECKS) {
    const { rows } = await pool.query<{ what: string }>(sql)
    for (const { what } of rows) note(violations, 'batch', `${sentence}: ${what}`)
  }
  const { rows } = await pool.query<{ key: string; id: string }>(
    'select request_key as key, id from bulk_batch',
  )
  const stored = new Map(rows.map(({ key, id }) => [key, id]))
  for (const { requestKey, batchId } of deeds)
    if ((stored.get(requestKey) ?? null) !== batchId)
      note(
        violations,
        'batch',
        `key ${requestKey} was answered ${batchId} and is ${stored.get(requestKey) ?? 'nothing'}`,
      )
}
