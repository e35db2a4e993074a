import { createHash } from 'node:crypto'
import type { StaffActor } from '../../domain/actor.ts'
import { BULK_OPEN_MAX, bulkCan, bulkRefusal, bulkStatesFor } from '../../domain/bulk-batch.ts'
import { mappingProblem, matchHeaders, type BulkMapping } from '../../domain/bulk-columns.ts'
import { BULK_ROWS_MAX, BULK_SELECTION_MAX, saysNothing, valuesOf } from '../../domain/bulk-row.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { BulkBatchRecord } from '../../store/bulk-batches.ts'
import type { NewBulkRow } from '../../store/bulk-rows.ts'
import type { StoreTx } from '../../store/store.ts'
import type { Deps } from '../deps.ts'
import { demandBatch, headerHash, lockBatch, noteDeed } from './bulk-facts.ts'
import { readBulkFile } from './read-file.ts'

type CreateDeps = Pick<Deps, 'store' | 'clock' | 'ids' | 'wake'>

/** Rows copied from another batch in one read. */
const COPY_PAGE = 1_000
const NAME_MAX = 200
/** A selection and its single column. */
const SELECTION_HEADERS = ['order_id']

/**
 * Makes a batch of an uploaded file. When its columns are recognised, or were chosen before, the check begins at once;
 * otherwise somebody has to say which column holds the orders. The same key is the same batch.
 * @throws Refusal invalid_input, limit_exceeded
 */
export async function createBatchFromFile(
  deps: CreateDeps,
  actor: StaffActor,
  input: { bytes: Buffer; name: string; requestKey: string },
): Promise<BulkBatchRecord> {
  const { headers, rows } = readBulkFile(input.bytes)
  const known = await deps.store.bulk.remembered(actor.accountId, actor.userId, headerHash(headers))
  const mapping =
    known !== null && mappingProblem(known, headers.length) === null ? known : matchHeaders(headers)
  return makeBatch(deps, actor, {
    requestKey: input.requestKey,
    source: 'file',
    name: input.name.trim().slice(0, NAME_MAX) || 'File',
    fileHash: createHash('sha256').update(input.bytes).digest(),
    headers,
    mapping,
    parentId: null,
    rows: rows.map(({ no, cells }) => ({ n: no, cells, fields: valuesOf(cells, mapping) })),
  })
}

/**
 * Makes a batch of chosen orders, each for all that is left.
 * @throws Refusal not_found, limit_exceeded
 */
export async function createBatchFromOrders(
  deps: CreateDeps,
  actor: StaffActor,
  input: { orderIds: readonly string[]; requestKey: string },
): Promise<BulkBatchRecord> {
  if (input.orderIds.length > BULK_SELECTION_MAX)
    throw new Refusal(
      'limit_exceeded',
      `Choose up to ${BULK_SELECTION_MAX} orders. More can be uploaded as a file.`,
    )
  const refs = await deps.store.orders.refsOf(actor.accountId, input.orderIds)
  if (refs.length === 0) throw new Refusal('not_found', 'There are no such orders in this account.')
  const mapping = matchHeaders(SELECTION_HEADERS)
  return makeBatch(deps, actor, {
    requestKey: input.requestKey,
    source: 'selection',
    name: `${refs.length} chosen ${refs.length === 1 ? 'order' : 'orders'}`,
    fileHash: null,
    headers: SELECTION_HEADERS,
    mapping,
    parentId: null,
    rows: refs.map((ref, index) => ({ n: index + 1, cells: [ref], fields: valuesOf([ref], mapping) })),
  })
}

/**
 * Makes a batch of the rows of another one that failed or were not sent. It is checked and approved like any other:
 * nothing is sent again under an old approval or an old key.
 * @throws Refusal not_found, conflict
 */
export async function rerunBatch(
  deps: CreateDeps,
  actor: StaffActor,
  input: { batchId: string; requestKey: string },
): Promise<BulkBatchRecord> {
  const { accountId } = actor
  const parent = await demandBatch(deps.store, accountId, input.batchId)
  if (!bulkCan('rerun', parent.status)) throw new Refusal('conflict', bulkRefusal('rerun', parent.status))
  const rows = await rowsToRepeat(deps, parent)
  if (rows.length === 0)
    throw new Refusal('conflict', 'Nothing of this batch failed, so there is nothing to run again.')
  return makeBatch(deps, actor, {
    requestKey: input.requestKey,
    source: 'rerun',
    name: parent.name,
    fileHash: null,
    headers: parent.headers,
    mapping: parent.mapping,
    parentId: parent.id,
    rows,
  })
}

async function rowsToRepeat(deps: CreateDeps, parent: BulkBatchRecord): Promise<NewBulkRow[]> {
  const rows: NewBulkRow[] = []
  // A batch that was never sent for approval has no failed rows; all of it is taken.
  const view = parent.submittedAt === null ? 'all' : 'failed'
  let cursor: string | null = null
  do {
    const page = await deps.store.bulk.rows(parent.id, { view }, { cursor, limit: COPY_PAGE })
    rows.push(...page.rows.map(({ n, cells, fields }) => ({ n, cells, fields })))
    cursor = page.nextCursor
  } while (cursor !== null && rows.length < BULK_ROWS_MAX)
  return rows
}

/**
 * Reads the rows of a batch with other columns and checks them from the start; remembered for this person's next file
 * with the same headers. Corrections of single rows are lost.
 * @throws Refusal not_found, conflict, invalid_input
 */
export async function mapColumns(
  deps: CreateDeps,
  actor: StaffActor,
  input: { batchId: string; mapping: BulkMapping },
): Promise<BulkBatchRecord> {
  const { accountId, userId } = actor
  const batch = await deps.store.transaction(async (tx) => {
    const now = deps.clock.now()
    const act = 'map'
    const before = await lockBatch(tx, accountId, input.batchId, {
      act,
      can: ({ status }) => bulkCan(act, status),
    })
    const problem = mappingProblem(input.mapping, before.headers.length)
    if (problem !== null) throw new Refusal('invalid_input', problem)
    const { rows } = await tx.bulk.rows(before.id, { view: 'all' }, { cursor: null, limit: BULK_ROWS_MAX })
    await tx.bulk.replaceFields(
      before.id,
      rows.map(({ n, cells }) => ({ n, fields: valuesOf(cells, input.mapping) })),
    )
    await tx.bulk.recount(before.id)
    await tx.bulk.remember(accountId, userId, headerHash(before.headers), input.mapping, now)
    const set = { mapping: input.mapping, runAt: now, runDone: 0, remark: null }
    await tx.bulk.move(accountId, before.id, {
      from: bulkStatesFor(act),
      to: 'checking',
      now,
      nextAt: now,
      set,
    })
    await noteDeed(tx, actor, {
      action: 'map',
      batchId: before.id,
      before: { mapping: before.mapping },
      after: { mapping: input.mapping },
    })
    return demandBatch(tx, accountId, before.id)
  })
  deps.wake('bulk')
  deps.wake('live')
  return batch
}

type NewBatch = {
  requestKey: string
  source: BulkBatchRecord['source']
  name: string
  fileHash: Buffer | null
  headers: readonly string[]
  mapping: BulkMapping
  parentId: string | null
  rows: readonly NewBulkRow[]
}

async function makeBatch(deps: CreateDeps, actor: StaffActor, input: NewBatch): Promise<BulkBatchRecord> {
  const { accountId } = actor
  const account = await deps.store.accounts.byId(accountId)
  if (account === null) throw new Refusal('not_found', 'There is no such merchant account.')
  const rows = input.rows.filter(({ fields }) => input.mapping.orderRef === null || !saysNothing(fields))
  const { rows: _rows, ...batch } = input
  const made = await deps.store.transaction(async (tx) => {
    const now = deps.clock.now()
    const { id, made: isNew } = await tx.bulk.create({
      ...batch,
      id: deps.ids.uuid(),
      accountId,
      currency: account.currency,
      createdBy: actor.userId,
      now,
    })
    if (isNew) await fill(tx, actor, { id, batch: input, rows, now })
    return demandBatch(tx, accountId, id)
  })
  deps.wake('bulk')
  deps.wake('live')
  return made
}

async function fill(
  tx: StoreTx,
  actor: StaffActor,
  { id, batch, rows, now }: { id: string; batch: NewBatch; rows: readonly NewBulkRow[]; now: Date },
): Promise<void> {
  const { accountId } = actor
  const open = await tx.bulk.countIn(accountId, [
    'draft',
    'checking',
    'ready',
    'submitting',
    'waiting_approval',
  ])
  if (open > BULK_OPEN_MAX)
    throw new Refusal(
      'limit_exceeded',
      `${BULK_OPEN_MAX} batches are being prepared.`,
      'Finish or cancel one of them first.',
    )
  await tx.bulk.insertRows(id, rows)
  await tx.bulk.recount(id)
  if (batch.mapping.orderRef !== null)
    await tx.bulk.move(accountId, id, {
      from: ['draft'],
      to: 'checking',
      now,
      nextAt: now,
      set: { runAt: now, runDone: 0 },
    })
  await noteDeed(tx, actor, {
    action: 'create',
    batchId: id,
    after: {
      source: batch.source,
      name: batch.name,
      fileHash: batch.fileHash?.toString('hex') ?? null,
      rows: rows.length,
      parentId: batch.parentId,
    },
  })
}
