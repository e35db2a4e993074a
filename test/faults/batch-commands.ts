/** The commands of T8 about batches of refunds: people make, send and decide them, workers carry them out. */
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { bulkCan, type BulkStatus } from '../../server/domain/bulk-batch.ts'
import { toDecimal } from '../../server/domain/money.ts'
import { drainBulk } from '../../server/jobs/run-bulk.ts'
import { controlBatch, type ControlAct } from '../../server/services/bulk/control-batch.ts'
import { createBatchFromFile } from '../../server/services/bulk/create-batch.ts'
import { decideBatch } from '../../server/services/bulk/decide-batch.ts'
import { tickRows } from '../../server/services/bulk/edit-rows.ts'
import { submitBatch } from '../../server/services/bulk/submit-batch.ts'
import type { BulkBatchRecord } from '../../server/store/bulk-batches.ts'
import { DECISION_NOTES } from '../support/refund-fixtures.ts'
import { codeOf, command, expectCode, nowOf, often, working, type Command } from './model-command.ts'
import { REQUEST_LIFE_MS, type Approver, type Model, type ModelBatch, type Real } from './refund-model.ts'

const hasBatches = ({ batches }: Readonly<Model>): boolean => batches.length > 0

async function recordOf({ deps, world }: Real, { id }: ModelBatch): Promise<BulkBatchRecord> {
  const found = await deps.store.bulk.byId(world.account.id, id)
  if (found === null) throw new Error(`batch ${id} is not stored`)
  return found
}

/** A batch, and as it is stored before the command. */
type About = { batch: ModelBatch; before: BulkBatchRecord }

/** A command about one of the batches there are. */
const about = (
  name: string,
  at: number,
  run: (model: Model, real: Real, about: About) => Promise<void>,
): Command =>
  command(
    `${name}(${at})`,
    async (model, real) => {
      const batch = model.batches[at % model.batches.length]
      if (batch !== undefined) await run(model, real, { batch, before: await recordOf(real, batch) })
    },
    hasBatches,
  )

type Reach = 'made' | 'checked' | 'waiting'

/** @param reach how far it comes at once */
const make = (amountMinor: bigint, reach: Reach): Command =>
  command(`batch(${amountMinor}, ${reach})`, async (model, real) => {
    const { deps, world, order } = real
    const amount = toDecimal({ minor: amountMinor, currency: 'INR' })
    const { id } = await createBatchFromFile(deps, world.finance, {
      bytes: Buffer.from(`order_id,amount\n${order.orderRef},${amount}`),
      name: 'model.csv',
      requestKey: randomUUID(),
    })
    const batch = { id, amountMinor, sent: false, approvedBy: null, over: false }
    model.batches.push(batch)
    if (reach === 'made') return
    await drainBulk(deps)
    if (reach === 'checked') return
    await sendNow(model, real, { batch, before: await recordOf(real, batch) })
    await drainBulk(deps)
  })

const send = (at: number): Command => about('send batch', at, sendNow)

async function sendNow(model: Model, { deps, world }: Real, { batch, before }: About): Promise<void> {
  if (before.status === 'ready')
    await tickRows(deps, world.finance, { batchId: batch.id, deed: 'accept', n: null, accepted: true })
  const code = await codeOf(
    submitBatch(deps, world.finance, {
      batchId: batch.id,
      typedTotal: toDecimal({ minor: batch.amountMinor, currency: 'INR' }),
      reason: 'item_returned',
      note: null,
      // Batches of the same amount about the same order are files alike.
      confirmSameFile: true,
    }),
  )
  expectCode('sending a batch', code, [sendCode(model, before)])
  if (code === null) batch.sent = true
}

function sendCode(model: Model, { status, errorRows }: BulkBatchRecord): string | null {
  if (status !== 'ready') return 'conflict'
  if (model.barred.has('finance')) return 'permission_denied'
  if (errorRows > 0) return 'conflict'
  return model.barred.has('approver') && model.barred.has('approver2') ? 'limit_exceeded' : null
}

type Decision = { approver: Approver; decision: 'approve' | 'reject'; soon: boolean }

/** `soon`: the workers are at it at once. */
const decide = (at: number, { approver, decision, soon }: Decision): Command =>
  about(
    `${decision} batch as ${approver}${soon ? ' and work' : ''}`,
    at,
    async (model, real, { batch, before }) => {
      const { deps, world } = real
      const code = await codeOf(
        decideBatch(deps, world[approver], {
          batchId: batch.id,
          decision,
          note: DECISION_NOTES[decision],
          approvalHash: before.approvalHash?.toString('hex') ?? '',
        }),
      )
      const expired = before.expiresAt !== null && before.expiresAt.getTime() <= nowOf(real)
      expectCode(`${decision} of a batch`, code, [
        decisionCode(model, before.status, { approver, decision, expired }),
      ])
      if (code !== null) return
      if (decision === 'reject') {
        batch.over = true
        return
      }
      batch.approvedBy = approver
      const expiresAt = nowOf(real) + REQUEST_LIFE_MS
      for (const request of model.requests)
        if (request.batch?.id === batch.id && request.status === 'pending_approval')
          request.expiresAt = expiresAt
      if (soon) await drainBulk(deps)
    },
  )

function decisionCode(
  model: Model,
  status: BulkStatus,
  act: { approver: Approver; decision: 'approve' | 'reject'; expired: boolean },
): string | null {
  if (!bulkCan(act.decision, status)) return 'conflict'
  if (model.barred.has(act.approver)) return 'permission_denied'
  if (act.decision === 'reject') return null
  if (act.expired) return 'request_expired'
  return model.barred.has('finance') ? 'conflict' : null
}

const control = (at: number, act: ControlAct): Command =>
  about(`${act} batch`, at, async (_model, { deps, world }, { batch, before }) => {
    const code = await codeOf(controlBatch(deps, world.finance, { batchId: batch.id, act }))
    expectCode(`${act} of a batch`, code, [bulkCan(act, before.status) ? null : 'conflict'])
    if (code === null && (act === 'cancel' || act === 'stop')) batch.over = true
  })

const work = working('work on batches', drainBulk)

/** Ends what is left of the batches: nothing more is released, and what was set aside is given back. */
export async function endBatches(model: Model, real: Real): Promise<void> {
  const { deps, world } = real
  for (const batch of model.batches) {
    const { status } = await recordOf(real, batch)
    const act = (['cancel', 'stop'] as const).find((one) => bulkCan(one, status))
    if (act === undefined) continue
    await controlBatch(deps, world.finance, { batchId: batch.id, act })
    batch.over = true
  }
  await drainBulk(deps)
}

const index = fc.nat({ max: 2 })

/** @param amount what a row asks for */
export function batchCommands(amount: fc.Arbitrary<bigint>) {
  const reach = fc.constantFrom<Reach>('made', 'checked', 'waiting', 'waiting', 'waiting')
  const decision = fc.record({
    approver: fc.constantFrom<Approver>('approver', 'approver2'),
    decision: fc.constantFrom<Decision['decision']>('approve', 'approve', 'approve', 'reject'),
    soon: fc.constantFrom(true, true, false),
  })
  const act = fc.constantFrom<ControlAct>('cancel', 'pause', 'resume', 'resume', 'stop')
  return [
    often(
      fc.tuple(amount, reach).map(([minor, far]) => make(minor, far)),
      5,
    ),
    often(index.map(send), 2),
    often(
      fc.tuple(index, decision).map(([at, what]) => decide(at, what)),
      7,
    ),
    often(
      fc.tuple(index, act).map(([at, what]) => control(at, what)),
      2,
    ),
    often(fc.constant(work), 4),
  ]
}
