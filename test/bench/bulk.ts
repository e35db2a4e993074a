/**
 * How fast a batch of ten thousand refunds goes through: rows checked, set aside and released per second, with the
 * sandbox answering over HTTP on the same two cores. Our own limits of how often Juspay is asked are out of the way here
 * (the clock jumps over them), so that these are the machine's figures; what the limits allow is said beside them.
 */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toDecimal } from '../../server/domain/money.ts'
import { ACCOUNT_BUDGET } from '../../server/domain/status-budget.ts'
import { drainRefundPolls } from '../../server/jobs/poll-refunds.ts'
import { drainBulk } from '../../server/jobs/run-bulk.ts'
import { drainRefunds } from '../../server/jobs/send-refunds.ts'
import { createJuspayClient } from '../../server/juspay/client.ts'
import { manualClock } from '../../server/sandbox/clock.ts'
import { createSandbox, type Sandbox } from '../../server/sandbox/create.ts'
import { createBatchFromFile } from '../../server/services/bulk/create-batch.ts'
import { decideBatch } from '../../server/services/bulk/decide-batch.ts'
import { tickRows } from '../../server/services/bulk/edit-rows.ts'
import { submitBatch } from '../../server/services/bulk/submit-batch.ts'
import { applyProviderOrder } from '../../server/services/orders/apply-order.ts'
import { connect } from '../../server/store/database.ts'
import type { BulkBatchRecord } from '../../server/store/bulk-batches.ts'
import { createAccount, createStaff } from '../support/factories.ts'
import { buildDeps, type TestDeps } from '../support/harness.ts'
import type { Bench, BenchContext, BenchResult, Row } from './bench.ts'

const ROWS = 10_000
const START = Date.parse('2040-01-05T09:00:00Z')
const MERCHANT = 'paydeskdemo'
/** Orders made side by side before the clock starts. */
const MADE_AT_ONCE = 8
const SECOND_MS = 1_000
const HOLD_MS = 10 * 60_000
/** Refunds settle before they are looked at for the first time, as they do when webhooks arrive. */
const PACE = { refundQueueSeconds: 1, refundSettleSeconds: 1, refundArnSeconds: 1 }

export const bulk: Bench = {
  name: 'bulk',
  title: 'A batch of refunds: rows per second in each phase',
  async run(context) {
    const count = Math.max(20, Math.round(ROWS * context.scale))
    const world = await openWorld(context)
    try {
      const refs = await makeOrders(world, count, context.progress)
      const { phases, batch, doubles } = await runThrough(world, refs, context.progress)
      const rows = phases.map(({ name, ms }) => rowOf(name, count, ms))
      return { rows, aims: aimsOf(batch, count, doubles) }
    } finally {
      await world.close()
    }
  },
}

function rowOf(name: string, count: number, ms: number): Row {
  const seconds = ms / SECOND_MS
  return {
    name,
    rows: count,
    seconds: Number(seconds.toFixed(1)),
    'rows/s': Number((count / seconds).toFixed(1)),
    'status calls/s allowed': ACCOUNT_BUDGET.perSecond,
  }
}

function aimsOf(batch: BulkBatchRecord, count: number, doubles: number): BenchResult['aims'] {
  const { succeededRows, pendingRows, failedRows, status } = batch
  return [
    {
      aim: 'every row of the batch reached Juspay once, judged from the sandbox’s ledger',
      found: `${doubles} not exactly once`,
      met: doubles === 0,
    },
    {
      aim: 'the batch ends by itself without a failure',
      found: `${status}: ${succeededRows + pendingRows} of ${count} taken, ${failedRows} failed`,
      met: status === 'finished' && succeededRows + pendingRows === count,
    },
  ]
}

type World = Awaited<ReturnType<typeof openWorld>>

async function openWorld({ ground }: BenchContext) {
  const dir = mkdtempSync(join(tmpdir(), 'bulk-bench-'))
  const clock = manualClock(START)
  const sandbox = createSandbox({ dir, clock, webhookUrl: null, settings: PACE })
  const baseUrl = await sandbox.listen(0)
  const made = await ground.newDatabase()
  const database = connect(made.url)
  const account = await createAccount(database, {
    slug: 'bulk',
    juspayMerchantId: MERCHANT,
    clientId: MERCHANT,
    baseUrl,
  })
  const client = createJuspayClient({
    baseUrl,
    merchantId: MERCHANT,
    clientId: MERCHANT,
    apiKey: 'sandbox-api-key',
    apiVersion: '2023-06-30',
  })
  const deps: TestDeps = buildDeps({
    database,
    juspay: client,
    clock: {
      now: () => new Date(clock.now()),
      advance: (ms) => clock.jumpTo(clock.now() + ms),
      set: (to) => clock.jumpTo(to.getTime()),
    },
  })
  return {
    deps,
    account,
    sandbox,
    client,
    baseUrl,
    finance: await createStaff(database, account, 'finance', 'Asha Menon'),
    approver: await createStaff(database, account, 'approver', 'Rohan Das'),
    async close() {
      await client.close()
      await sandbox.close()
      await database.close()
      await made.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

async function makeOrders(world: World, count: number, progress: (line: string) => void): Promise<string[]> {
  const refs = Array.from({ length: count }, (_, index) => `BULK${String(index).padStart(6, '0')}`)
  const queue = [...refs]
  const worker = async (): Promise<void> => {
    for (let ref = queue.shift(); ref !== undefined; ref = queue.shift()) {
      await makeOrder(world, ref)
      if (queue.length % 1_000 === 0) progress(`making orders: ${queue.length} to go`)
    }
  }
  await Promise.all(Array.from({ length: MADE_AT_ONCE }, worker))
  return refs
}

async function makeOrder({ deps, account, client, baseUrl }: World, orderId: string): Promise<void> {
  const body = JSON.stringify({ orderId, amount: '100.00', scenario: 'charged', paymentMethodType: 'UPI' })
  const headers = { 'content-type': 'application/json' }
  await fetch(`${baseUrl}/control/orders`, { method: 'POST', headers, body })
  const answer = await client.getOrder(orderId, { routingId: orderId })
  if (!answer.ok) throw new Error(`the sandbox does not know ${orderId}`)
  const source = { kind: 'status_check', id: null, occurredAt: null } as const
  const now = deps.clock.now()
  await deps.store.transaction((tx) => applyProviderOrder(tx, { account, order: answer.order, source, now }))
}

async function runThrough(world: World, refs: readonly string[], progress: (line: string) => void) {
  const { deps, account, finance, approver } = world
  const phases: { name: string; ms: number }[] = []
  const phase = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    progress(name)
    const startedAt = performance.now()
    const result = await work()
    phases.push({ name, ms: performance.now() - startedAt })
    return result
  }
  const bytes = Buffer.from(['order_id,amount', ...refs.map((ref) => `${ref},`)].join('\n'))
  const { id } = await phase('read and store the file', () =>
    createBatchFromFile(deps, finance, { bytes, name: 'bulk.csv', requestKey: randomUUID() }),
  )
  await phase('check with a live status call each', () => until(world, id, ['ready']))
  await tickRows(deps, finance, { batchId: id, deed: 'accept', n: null, accepted: true })
  const { amountMinor } = await deps.store.bulk.totals(id)
  const typedTotal = toDecimal({ minor: amountMinor, currency: account.currency })
  const input = { batchId: id, typedTotal, reason: 'order_cancelled', note: null, confirmSameFile: false }
  await submitBatch(deps, finance, input)
  const waiting = await phase('set aside', () => until(world, id, ['waiting_approval']))
  const approvalHash = waiting.approvalHash?.toString('hex') ?? ''
  await phase('approve', () =>
    decideBatch(deps, approver, { batchId: id, decision: 'approve', note: null, approvalHash }),
  )
  await world.sandbox.control.advance(HOLD_MS)
  const batch = await phase('release, send and settle', () =>
    until(world, id, ['finished', 'finished_failures']),
  )
  return { phases, batch, doubles: notOnce(world.sandbox, refs) }
}

/** Lets the workers go on; the clock jumps whenever they have to wait for it. */
async function until(world: World, id: string, wanted: readonly string[]): Promise<BulkBatchRecord> {
  const { deps, account, sandbox } = world
  for (;;) {
    await drainBulk(deps)
    const batch = await deps.store.bulk.byId(account.id, id)
    if (batch === null) throw new Error('the batch is gone')
    if (wanted.includes(batch.status)) return batch
    if (batch.status === 'running') {
      await drainRefunds(deps)
      await drainRefundPolls(deps)
    }
    if (batch.status === 'paused' || batch.status === 'cancelled')
      throw new Error(batch.remark ?? batch.status)
    await sandbox.control.advance(SECOND_MS)
  }
}

function notOnce(sandbox: Sandbox, refs: readonly string[]): number {
  const times = new Map<string, number>()
  const lines: readonly Record<string, unknown>[] = sandbox.control.context.ledger.read(0, 1_000_000)
  for (const line of lines) {
    if (line['kind'] !== 'refund_accepted') continue
    const ref = String(line['orderId'])
    times.set(ref, (times.get(ref) ?? 0) + 1)
  }
  return refs.filter((ref) => times.get(ref) !== 1).length
}
