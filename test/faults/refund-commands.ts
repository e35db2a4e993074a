/** The commands of T8: each does something to Paydesk and to the model, and knows what may be answered. */
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { Refusal } from '../../server/domain/refusal.ts'
import { drainExpiredRequests } from '../../server/jobs/expire-requests.ts'
import { drainRefundPolls } from '../../server/jobs/poll-refunds.ts'
import { drainRefunds } from '../../server/jobs/send-refunds.ts'
import { askJuspay } from '../../server/services/orders/check-status.ts'
import { liftStop, stopRefunds } from '../../server/services/refunds/stop-refunds.ts'
import { withdrawRefundRequest } from '../../server/services/refunds/withdraw-refund-request.ts'
import { batchCommands } from './batch-commands.ts'
import { command, codeOf, expectCode, nowOf, often, working, type Command } from './model-command.ts'
import {
  leftOf,
  readStored,
  REQUEST_LIFE_MS,
  type Approver,
  type Model,
  type ModelRequest,
  type Real,
  type Requester,
} from './refund-model.ts'

const AMOUNTS = [100n, 2_500n, 4_000n, 6_000n, 10_000n, 10_001n] as const

const ask = (by: Requester, amountMinor: bigint): Command =>
  command(`ask(${by}, ${amountMinor})`, async (model, real) => {
    const clientKey = randomUUID()
    const left = leftOf(model, await readStored(real))
    const allowed = askCodes(model, by, amountMinor, left)
    let id: string | null = null
    const asked = real.world.ask(real.order, amountMinor, {
      actor: real.world[by],
      clientKey,
      deps: real.deps,
    })
    const code = await codeOf(asked.then((answer) => void (id = answer.request.requestId)))
    expectCode('asking', code, allowed)
    if (id === null) return
    const status = by === 'support' ? 'pending_approval' : 'approved'
    const expiresAt = nowOf(real) + REQUEST_LIFE_MS
    model.requests.push({ id, clientKey, by, amountMinor, status, decidedBy: null, expiresAt, batch: null })
  })

function askCodes(model: Model, by: Requester, amountMinor: bigint, left: bigint): (string | null)[] {
  if (model.barred.has(by)) return ['permission_denied']
  if (left <= 0n) return ['nothing_left']
  if (amountMinor > left) return ['amount_exceeds_left']
  const nobody = model.barred.has('approver') && model.barred.has('approver2')
  return by === 'support' && nobody ? ['limit_exceeded'] : [null]
}

const pick = (model: Model, at: number): ModelRequest | undefined =>
  model.requests[at % model.requests.length]
/** Whether a request is decided with its batch. */
const isOfBatch = ({ batch }: ModelRequest): boolean => batch !== null && !batch.released
const hasRequests = (model: Readonly<Model>): boolean => model.requests.length > 0

/** The same gesture again, from a second tab or after a lost answer: the same request, or a "no" when it says otherwise. */
const askAgain = (at: number, changed: boolean): Command =>
  command(
    `askAgain(${at}${changed ? ', another amount' : ''})`,
    async (model, real) => {
      const request = pick(model, at)
      // A row of a batch is nobody's gesture.
      if (request === undefined || request.batch !== null) return
      const amount = changed ? request.amountMinor + 1n : request.amountMinor
      const { clientKey, by } = request
      const again = real.world.ask(real.order, amount, { actor: real.world[by], clientKey, deps: real.deps })
      const code = await codeOf(
        again.then((answer) => {
          if (answer.request.requestId !== request.id) throw new Error('one gesture became two requests')
        }),
      )
      expectCode('asking again', code, [changed ? 'key_reused' : null])
    },
    hasRequests,
  )

const decide = (at: number, approver: Approver, decision: 'approve' | 'reject'): Command =>
  command(
    `${decision}(${at}, ${approver})`,
    async (model, real) => {
      const request = pick(model, at)
      if (request === undefined) return
      const before = await readStored(real)
      const now = nowOf(real)
      const code = await codeOf(real.world.decide(request.id, decision, real.world[approver], real.deps))
      expectCode(decision, code, [
        decisionCode(model, request, { approver, decision, now, excess: before.balance.excess }),
      ])
      if (code !== null) return
      request.status = decision === 'approve' ? 'approved' : 'rejected'
      request.decidedBy = approver
      request.expiresAt = now + REQUEST_LIFE_MS
    },
    hasRequests,
  )

function decisionCode(
  model: Model,
  request: ModelRequest,
  act: { approver: Approver; decision: 'approve' | 'reject'; now: number; excess: bigint },
): string | null {
  if (model.barred.has(act.approver)) return 'permission_denied'
  if (request.status !== 'pending_approval') return 'already_decided'
  if (request.expiresAt <= act.now) return 'request_expired'
  if (isOfBatch(request)) return 'conflict'
  if (act.decision === 'reject') return null
  if (act.excess > 0n) return 'amount_exceeds_left'
  return model.barred.has(request.by) ? 'conflict' : null
}

const withdraw = (at: number, by: Requester): Command =>
  command(
    `withdraw(${at}, ${by})`,
    async (model, real) => {
      const request = pick(model, at)
      if (request === undefined) return
      const act = withdrawRefundRequest(real.deps, real.world[by], { requestId: request.id, note: null })
      const code = await codeOf(act)
      const mine = request.by === by && request.status === 'pending_approval' && !isOfBatch(request)
      expectCode('withdrawing', code, [mine ? null : 'not_withdrawable'])
      if (code === null) request.status = 'withdrawn'
    },
    hasRequests,
  )

const expire: Command = command('expire', async (model, real) => {
  await drainExpiredRequests(real.deps)
  for (const request of model.requests)
    if (request.status === 'pending_approval' && request.expiresAt <= nowOf(real)) request.status = 'expired'
})

const send = working('send', drainRefunds)
const poll = working('poll', drainRefundPolls)
const work = working('two workers', (deps) =>
  Promise.all([drainRefunds(deps), drainRefundPolls(deps), drainRefunds(deps)]),
)

const STOP_REASON = 'Something looks wrong here'
const stop: Command = command(
  'stop',
  async (model, { deps, world }) => {
    const by = world.approver
    const set = await stopRefunds(deps, { by, gateway: null, reason: STOP_REASON, expiresAt: null })
    model.stopId = set?.id ?? null
  },
  (model) => model.stopId === null,
)
/** Lets refunds leave again. */
export async function lift(model: Model, { deps, world }: Real, stopId: string): Promise<void> {
  await liftStop(deps, world.approver, { stopId, note: STOP_REASON })
  model.stopId = null
}
const liftAgain: Command = command(
  'lift',
  async (model, real) => {
    if (model.stopId !== null) await lift(model, real, model.stopId)
  },
  (model) => model.stopId !== null,
)

const check: Command = command('check status', async (_model, { deps, world, order }) => {
  await askJuspay(deps, world.finance, order.orderId, 'refund').catch((error: unknown) => {
    if (!(error instanceof Refusal)) throw error
  })
})
const pass = (seconds: number): Command =>
  command(`pass ${seconds} s`, async (_model, { world }) => world.advance(seconds * 1_000))

const portal = (amountMinor: bigint): Command =>
  command(`portal(${amountMinor})`, async (model, { world, order }) => {
    const uniqueRequestId = `PORTAL${randomUUID().replaceAll('-', '').slice(0, 12)}`
    const call = {
      orderRef: order.orderRef,
      uniqueRequestId,
      amountMinor,
      currency: 'INR',
      routingId: 'portal',
    }
    // Whatever the answer: a fault may have spoiled it.
    model.portal.add(uniqueRequestId)
    await world.client.refund(call)
    await world.sandbox.control.idle()
  })

const bar = (name: Requester | Approver, how: 'disabled' | 'viewer', on: boolean): Command =>
  command(`${on ? 'bar' : 'readmit'}(${name}, ${how})`, async (model, { world }) => {
    const { staff } = world.deps.store
    const { userId, role } = world[name]
    if (how === 'disabled' || !on) await staff.setDisabled(userId, on)
    if (how === 'viewer' || !on) await staff.setRole(world.account.id, userId, on ? 'viewer' : role)
    if (on) model.barred.add(name)
    else model.barred.delete(name)
  })

const fault = (kind: string, processed: boolean): Command =>
  command(`fault(${kind}${processed ? ', processed' : ''})`, async (_model, { world }) => {
    await world.fault({ kind, route: 'refund', count: 1, processed })
  })

const outcome = (refundOutcome: 'success' | 'failure'): Command =>
  command(`refunds end in ${refundOutcome}`, async (_model, { world }) => {
    await world.control('/settings', { refundOutcome })
  })

/** Webhooks about the order again, out of their order: what they say is what is, whenever they come. */
const tellAgain = (event: string): Command =>
  command(`webhook ${event} again`, async (_model, { world, order }) => {
    const merchantId = world.account.juspayMerchantId
    await world.control('/webhooks/send', { merchantId, orderId: order.orderRef, event, times: 2 })
    await world.sandbox.control.idle()
  })

const requester = fc.constantFrom<Requester>('finance', 'support')
const approver = fc.constantFrom<Approver>('approver', 'approver2')
const person = fc.constantFrom<Requester | Approver>('finance', 'support', 'approver', 'approver2')
const index = fc.nat({ max: 5 })
const amount = fc.constantFrom(...AMOUNTS)

const anyCommand: fc.Arbitrary<Command> = fc.oneof(
  often(
    fc.tuple(requester, amount).map(([by, minor]) => ask(by, minor)),
    8,
  ),
  often(
    fc.tuple(index, fc.boolean()).map(([at, changed]) => askAgain(at, changed)),
    2,
  ),
  often(
    fc.tuple(index, approver).map(([at, who]) => decide(at, who, 'approve')),
    6,
  ),
  often(
    fc.tuple(index, approver).map(([at, who]) => decide(at, who, 'reject')),
    2,
  ),
  often(
    fc.tuple(index, requester).map(([at, who]) => withdraw(at, who)),
    2,
  ),
  often(fc.constant(send), 5),
  often(fc.constant(poll), 3),
  often(fc.constant(work), 3),
  often(fc.constant(expire), 1),
  often(fc.constant(stop), 1),
  often(fc.constant(liftAgain), 2),
  often(fc.constant(check), 2),
  often(fc.constantFrom(1, 7, 16, 61, 3_600, 49 * 3_600).map(pass), 6),
  often(fc.constantFrom(300n, 5_000n).map(portal), 1),
  often(
    fc
      .tuple(person, fc.constantFrom<'disabled' | 'viewer'>('disabled', 'viewer'), fc.boolean())
      .map(([who, how, on]) => bar(who, how, on)),
    2,
  ),
  often(
    fc
      .tuple(fc.constantFrom('drop_response', 'reset', 'status', 'html', 'empty', 'malformed'), fc.boolean())
      .map(([kind, processed]) => fault(kind, processed)),
    3,
  ),
  often(fc.constantFrom<'success' | 'failure'>('success', 'failure').map(outcome), 1),
  often(fc.constantFrom('ORDER_SUCCEEDED', 'ORDER_REFUNDED', 'REFUND_INITIATED').map(tellAgain), 2),
  ...batchCommands(amount),
)

/** Sequences of commands. */
export const sequences = fc.commands([anyCommand], { maxCommands: 30, size: 'max' })
