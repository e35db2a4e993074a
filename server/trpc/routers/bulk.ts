import { z } from 'zod'
import { HOLD_MINUTES_DEFAULT } from '../../domain/bulk-batch.ts'
import { BULK_FIELDS } from '../../domain/bulk-columns.ts'
import { BULK_CELL_MAX, BULK_COLUMNS_MAX, BULK_SELECTION_MAX } from '../../domain/bulk-row.ts'
import { demandBatch } from '../../services/bulk/bulk-facts.ts'
import { controlBatch, haltBatch } from '../../services/bulk/control-batch.ts'
import { createBatchFromOrders, mapColumns, rerunBatch } from '../../services/bulk/create-batch.ts'
import { decideBatch } from '../../services/bulk/decide-batch.ts'
import { dropRow, fixRow, recheckRow, tickRows } from '../../services/bulk/edit-rows.ts'
import { batchLimitProblem, submitBatch } from '../../services/bulk/submit-batch.ts'
import { approversFor } from '../../services/refunds/refund-facts.ts'
import { ROW_VIEWS } from '../../store/bulk-rows.ts'
import { procedure, router } from '../init.ts'
import { cursor, id, limit, note, word } from '../inputs.ts'
import {
  bulkBatchView,
  bulkRowView,
  type BulkBatchView,
  type BulkReviewView,
  type BulkRowView,
  type BulkSampleView,
} from '../views/bulk.ts'

const SHA256_HEX = /^[0-9a-f]{64}$/
const TYPED_MAX = 40
const SAMPLE = { largest: 5, random: 10 } as const

/** Made when the form opens: a double click is the same batch. */
const requestKey = z.string().min(8).max(100)
const batch = z.strictObject({ batchId: id })
const n = z.int().min(1).max(1_000_000)
const cell = z.string().max(BULK_CELL_MAX)
const column = z
  .int()
  .min(0)
  .max(BULK_COLUMNS_MAX - 1)
  .nullable()
const mapping = z.strictObject({
  orderRef: column,
  amount: column,
  currency: column,
  reason: column,
  note: column,
  yourRef: column,
  txnRef: column.default(null),
})

type RowChanged = { batch: BulkBatchView; row: BulkRowView }

/** Batches of refunds: made, checked, corrected, sent for approval, decided, run. Files come in by their own route. */
export const bulkRouter = router({
  list: procedure('order:read')
    .input(z.strictObject({ cursor, limit }))
    .query(async ({ ctx, input }): Promise<{ rows: BulkBatchView[]; nextCursor: string | null }> => {
      const { signedIn, deps } = ctx
      const page = await deps.store.bulk.list(signedIn.accountId, input)
      const now = deps.clock.now()
      return {
        rows: page.rows.map((row) => bulkBatchView(row, signedIn, now)),
        nextCursor: page.nextCursor,
      }
    }),

  get: procedure('order:read')
    .input(batch)
    .query(async ({ ctx, input }): Promise<BulkBatchView> => {
      const found = await demandBatch(ctx.deps.store, ctx.signedIn.accountId, input.batchId)
      return bulkBatchView(found, ctx.signedIn, ctx.deps.clock.now())
    }),

  rows: procedure('order:read')
    .input(z.strictObject({ batchId: id, view: z.enum(ROW_VIEWS).default('all'), cursor, limit }))
    .query(async ({ ctx, input }): Promise<{ rows: BulkRowView[]; nextCursor: string | null }> => {
      const { store } = ctx.deps
      const found = await demandBatch(store, ctx.signedIn.accountId, input.batchId)
      const page = await store.bulk.rows(found.id, { view: input.view }, input)
      return { rows: page.rows.map((row) => bulkRowView(row, ctx.signedIn)), nextCursor: page.nextCursor }
    }),

  review: procedure('order:read')
    .input(batch)
    .query(async ({ ctx, input }): Promise<BulkReviewView> => {
      const { store } = ctx.deps
      const { accountId } = ctx.signedIn
      const found = await demandBatch(store, accountId, input.batchId)
      const [totals, byGateway, byReason, byDay, sameFile, approvers, { rules }] = await Promise.all([
        store.bulk.totals(found.id),
        store.bulk.groups(found.id, 'gateway'),
        store.bulk.groups(found.id, 'reason'),
        store.bulk.groups(found.id, 'day'),
        found.fileHash === null ? null : store.bulk.sameFile(accountId, found.fileHash, found.id),
        approversFor(store, accountId, found.submittedBy ?? ctx.signedIn.userId),
        store.refundPolicies.current(accountId),
      ])
      const now = ctx.deps.clock.now()
      return {
        totals,
        overLimit: await batchLimitProblem(store, rules, ctx.signedIn, {
          batch: found,
          amountMinor: totals.amountMinor,
          now,
        }),
        byGateway,
        byReason,
        byDay,
        sameFile,
        approvers,
        holdMinutes: rules.bulkHoldMinutes ?? HOLD_MINUTES_DEFAULT,
        approvalAboveMinor: rules.approvalAboveMinor,
        reasons: rules.reasons.filter(({ active }) => active),
      }
    }),

  sample: procedure('refund:approve')
    .input(batch)
    .query(async ({ ctx, input }): Promise<BulkSampleView> => {
      const { store } = ctx.deps
      const found = await demandBatch(store, ctx.signedIn.accountId, input.batchId)
      // Nobody who writes a file can know which rows an approver will be shown, and the approver sees the same ones again.
      const seed = `${found.approvalHash?.toString('hex') ?? found.id} ${ctx.signedIn.userId} `
      return store.bulk.sample(found.id, { ...SAMPLE, seed })
    }),

  waiting: procedure('refund:approve').query(({ ctx }): Promise<number> =>
    ctx.deps.store.bulk.waitingFor(ctx.signedIn.accountId, ctx.signedIn.userId),
  ),

  fromOrders: procedure('refund:bulk')
    .input(z.strictObject({ orderIds: z.array(id).min(1).max(BULK_SELECTION_MAX), requestKey }))
    .mutation(async ({ ctx, input }): Promise<BulkBatchView> =>
      bulkBatchView(
        await createBatchFromOrders(ctx.deps, ctx.signedIn, input),
        ctx.signedIn,
        ctx.deps.clock.now(),
      ),
    ),

  rerun: procedure('refund:bulk')
    .input(z.strictObject({ batchId: id, requestKey }))
    .mutation(async ({ ctx, input }): Promise<BulkBatchView> =>
      bulkBatchView(await rerunBatch(ctx.deps, ctx.signedIn, input), ctx.signedIn, ctx.deps.clock.now()),
    ),

  mapColumns: procedure('refund:bulk')
    .input(z.strictObject({ batchId: id, mapping }))
    .mutation(async ({ ctx, input }): Promise<BulkBatchView> =>
      bulkBatchView(await mapColumns(ctx.deps, ctx.signedIn, input), ctx.signedIn, ctx.deps.clock.now()),
    ),

  fixRow: procedure('refund:bulk')
    .input(z.strictObject({ batchId: id, n, fields: z.partialRecord(z.enum(BULK_FIELDS), cell) }))
    .mutation(async ({ ctx, input }): Promise<RowChanged> => {
      const changed = await fixRow(ctx.deps, ctx.signedIn, input)
      return {
        batch: bulkBatchView(changed.batch, ctx.signedIn, ctx.deps.clock.now()),
        row: bulkRowView(changed.row, ctx.signedIn),
      }
    }),

  recheckRow: procedure('refund:bulk')
    .input(z.strictObject({ batchId: id, n }))
    .mutation(async ({ ctx, input }): Promise<RowChanged> => {
      const changed = await recheckRow(ctx.deps, ctx.signedIn, input)
      return {
        batch: bulkBatchView(changed.batch, ctx.signedIn, ctx.deps.clock.now()),
        row: bulkRowView(changed.row, ctx.signedIn),
      }
    }),

  dropRow: procedure('refund:bulk')
    .input(z.strictObject({ batchId: id, n, dropped: z.boolean() }))
    .mutation(async ({ ctx, input }): Promise<RowChanged> => {
      const changed = await dropRow(ctx.deps, ctx.signedIn, input)
      return {
        batch: bulkBatchView(changed.batch, ctx.signedIn, ctx.deps.clock.now()),
        row: bulkRowView(changed.row, ctx.signedIn),
      }
    }),

  acceptRows: procedure('refund:bulk')
    .input(z.strictObject({ batchId: id, n: n.nullable(), accepted: z.boolean() }))
    .mutation(async ({ ctx, input }): Promise<BulkBatchView> =>
      bulkBatchView(
        await tickRows(ctx.deps, ctx.signedIn, { ...input, deed: 'accept' }),
        ctx.signedIn,
        ctx.deps.clock.now(),
      ),
    ),

  dropErrors: procedure('refund:bulk')
    .input(batch)
    .mutation(async ({ ctx, input }): Promise<BulkBatchView> =>
      bulkBatchView(
        await tickRows(ctx.deps, ctx.signedIn, { ...input, deed: 'drop_errors' }),
        ctx.signedIn,
        ctx.deps.clock.now(),
      ),
    ),

  submit: procedure('refund:bulk', { stepUp: true })
    .input(
      z.strictObject({
        batchId: id,
        typedTotal: z.string().max(TYPED_MAX),
        reason: word,
        note,
        confirmSameFile: z.boolean().default(false),
      }),
    )
    .mutation(async ({ ctx, input }): Promise<BulkBatchView> =>
      bulkBatchView(await submitBatch(ctx.deps, ctx.signedIn, input), ctx.signedIn, ctx.deps.clock.now()),
    ),

  decide: procedure('refund:approve', { stepUp: true })
    .input(
      z.strictObject({
        batchId: id,
        decision: z.enum(['approve', 'reject']),
        note,
        approvalHash: z.string().regex(SHA256_HEX),
      }),
    )
    .mutation(async ({ ctx, input }): Promise<BulkBatchView> =>
      bulkBatchView(await decideBatch(ctx.deps, ctx.signedIn, input), ctx.signedIn, ctx.deps.clock.now()),
    ),

  control: procedure('refund:bulk')
    .input(z.strictObject({ batchId: id, act: z.enum(['cancel', 'pause', 'resume', 'stop']) }))
    .mutation(async ({ ctx, input }): Promise<BulkBatchView> =>
      bulkBatchView(await controlBatch(ctx.deps, ctx.signedIn, input), ctx.signedIn, ctx.deps.clock.now()),
    ),

  halt: procedure('refund:approve')
    .input(batch)
    .mutation(async ({ ctx, input }): Promise<BulkBatchView> =>
      bulkBatchView(await haltBatch(ctx.deps, ctx.signedIn, input), ctx.signedIn, ctx.deps.clock.now()),
    ),
})
