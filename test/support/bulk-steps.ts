import { randomUUID } from 'node:crypto'
import type { StaffActor } from '../../server/domain/actor.ts'
import { assert } from '../../server/domain/assert.ts'
import type { BulkStatus } from '../../server/domain/bulk-batch.ts'
import { toDecimal } from '../../server/domain/money.ts'
import { drainBulk } from '../../server/jobs/run-bulk.ts'
import { createBatchFromFile } from '../../server/services/bulk/create-batch.ts'
import { decideBatch } from '../../server/services/bulk/decide-batch.ts'
import { tickRows } from '../../server/services/bulk/edit-rows.ts'
import { submitBatch, type SubmitInput } from '../../server/services/bulk/submit-batch.ts'
import type { BulkBatchRecord } from '../../server/store/bulk-batches.ts'
import type { BulkRowRecord } from '../../server/store/bulk-rows.ts'
import type { TestDeps } from './harness.ts'
import type { RefundWorld } from './refund-fixtures.ts'

const MINUTE_MS = 60_000

/** What the tests of batches do over and over, in the world that is open when they do it. */
export function bulkSteps(open: () => RefundWorld) {
  const batch = async (id: string): Promise<BulkBatchRecord> => {
    const found = await open().deps.store.bulk.byId(open().account.id, id)
    assert(found !== null, 'the batch exists')
    return found
  }

  const rows = async (id: string): Promise<BulkRowRecord[]> =>
    (await open().deps.store.bulk.rows(id, { view: 'all' }, { cursor: null, limit: 20_000 })).rows

  const upload = (text: string | Buffer, actor: StaffActor = open().finance): Promise<BulkBatchRecord> =>
    createBatchFromFile(open().deps, actor, {
      bytes: Buffer.from(text),
      name: 'refunds.csv',
      requestKey: randomUUID(),
    })

  /** Lets the workers go on, second by second, until the batch is in one of `until`; fails after an hour. */
  const runUntil = async (id: string, ...until: BulkStatus[]): Promise<BulkBatchRecord> => {
    for (let step = 0; step < 3_600; step += 1) {
      await drainBulk(open().deps)
      const now = await batch(id)
      if (until.includes(now.status)) return now
      if (now.status === 'running' || now.status === 'paused') await open().drain()
      await open().advance(1_000)
    }
    throw new Error(`the batch is still ${(await batch(id)).status}`)
  }

  const submit = async (
    id: string,
    more: Partial<SubmitInput> & { actor?: StaffActor; tick?: boolean } = {},
  ): Promise<BulkBatchRecord> => {
    const { actor = open().finance, tick = true, ...input } = more
    // On a busy machine an answer of the sandbox may come too late, which is a warning.
    if (tick && (await batch(id)).status === 'ready')
      await tickRows(open().deps, actor, { batchId: id, deed: 'accept', n: null, accepted: true })
    const { amountMinor } = await open().deps.store.bulk.totals(id)
    return submitBatch(open().deps, actor, {
      batchId: id,
      typedTotal: toDecimal({ minor: amountMinor, currency: 'INR' }),
      reason: 'order_cancelled',
      note: null,
      confirmSameFile: false,
      ...input,
    })
  }

  const decide = async (
    id: string,
    decision: 'approve' | 'reject',
    actor: StaffActor = open().approver,
  ): Promise<BulkBatchRecord> => {
    const { approvalHash } = await batch(id)
    return decideBatch(open().deps, actor, {
      batchId: id,
      decision,
      note: decision === 'reject' ? 'Not this month' : null,
      approvalHash: approvalHash?.toString('hex') ?? '',
    })
  }

  /** Charged orders, made a few at a time. */
  const orders = async (
    count: number,
    amount = '100.00',
  ): Promise<{ orderId: string; orderRef: string }[]> => {
    const made: { orderId: string; orderRef: string }[] = []
    while (made.length < count)
      made.push(
        ...(await Promise.all(
          Array.from({ length: Math.min(5, count - made.length) }, () => open().chargedOrder(amount)),
        )),
      )
    return made
  }

  /** A batch with these rows, sent for approval and approved, its hold over. */
  const approved = async (text: string): Promise<BulkBatchRecord> => {
    const { id } = await upload(text)
    await runUntil(id, 'ready')
    await submit(id)
    await runUntil(id, 'waiting_approval')
    await decide(id, 'approve')
    await open().advance(10 * MINUTE_MS)
    return batch(id)
  }

  /** Every refund that really reached Juspay, by order: what happened to money. */
  const paid = (): Map<string, string[]> => {
    const lines: readonly Record<string, unknown>[] = open().sandbox.control.context.ledger.read(0, 100_000)
    const found = new Map<string, string[]>()
    for (const line of lines.filter(({ kind }) => kind === 'refund_accepted')) {
      const key = String(line['orderId'])
      found.set(key, [...(found.get(key) ?? []), String(line['amountMinor'])])
    }
    return found
  }

  return { batch, rows, upload, runUntil, submit, decide, orders, approved, paid }
}

/** Services whose process dies in the middle: at its `n`th transaction, before or after it commits. */
export function mortal(deps: TestDeps, n: number, when: 'before' | 'after'): TestDeps {
  let [begun, dead] = [0, false]
  const alive = (): void => {
    if (dead) throw new Error('this process is dead')
  }
  const { store } = deps
  const bulk = new Proxy(store.bulk, {
    get: (target, name, receiver) => {
      alive()
      const found: unknown = Reflect.get(target, name, receiver)
      return found
    },
  })
  return {
    ...deps,
    store: {
      ...store,
      bulk,
      transaction: async (work) => {
        alive()
        begun += 1
        const last = begun === n
        if (last) dead = true
        if (last && when === 'before') alive()
        const result = await store.transaction(work)
        if (last) alive()
        return result
      },
    },
  }
}
