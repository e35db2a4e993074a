/** The people of a run: they ask twice, retry what got no answer, decide at the same time and change their minds. */
import type { StaffActor } from '../../server/domain/actor.ts'
import { Refusal } from '../../server/domain/refusal.ts'
import type { Deps } from '../../server/services/deps.ts'
import { decideRefundRequest } from '../../server/services/refunds/decide-refund-request.ts'
import { requestRefund } from '../../server/services/refunds/request-refund.ts'
import { withdrawRefundRequest } from '../../server/services/refunds/withdraw-refund-request.ts'
import type { RefundRequestRecord } from '../../server/store/refund-requests.ts'
import type { Gesture } from './judge-end.ts'
import type { Alarm } from './loops.ts'
import { connectTo } from './memory-connection.ts'
import { ConnectionLost } from './memory-database.ts'
import type { PlannedGesture } from './plan.ts'
import type { Host } from './scheduler.ts'
import { callServer, type CallOutcome } from './servers.ts'
import { txnRefOf, type Build, type World } from './world.ts'

/** Tries of one gesture before the person gives up. */
const TRIES = 6
const PATIENCE_MS = 20_000

export function browser(name: string): Host {
  return { name, life: 0, frozenUntil: 0 }
}

/** A call to some server; what nobody foresaw is told to the judge. */
export async function call<T>(world: World, work: (deps: Deps) => Promise<T>): Promise<CallOutcome<T>> {
  const { servers, random, plan, judge } = world
  const server = servers[Math.floor(random() * servers.length)]
  if (server === undefined) return { kind: 'unknown' }
  const lost = !world.calm() && random() * 100 < plan.answersLost
  const outcome = await callServer(server, work, lost)
  if (outcome.kind !== 'failed' || outcome.error instanceof Refusal) return outcome
  if (!(outcome.error instanceof ConnectionLost)) judge.say('error', String(outcome.error))
  return { kind: 'unknown' }
}

/** One gesture: asks until there is an answer, with the key that the form was opened with. */
export async function askForRefund(
  world: World,
  build: Build,
  planned: PlannedGesture,
  gesture: Gesture,
): Promise<void> {
  const { scheduler, random, staff, orderIds } = world
  const actor = staff.find(({ role }) => role === planned.asker)
  const orderId = orderIds[planned.order]
  if (actor === undefined || orderId === undefined) return
  const host = browser(`${actor.name}, ${gesture.id}`)
  await scheduler.sleep(host, planned.atMs)
  let confirmSameAmount = false
  for (let tries = 0; tries < TRIES; tries += 1) {
    const clientKey = `${gesture.id}-client-key${build.newKeyOnRetry ? tries : ''}`
    gesture.clientKeys.add(clientKey)
    const input = {
      orderId,
      clientKey,
      confirmSameAmount,
      version: 1,
      amountMinor: planned.amountMinor,
      currency: 'INR',
      txnRef: planned.charge === null ? null : txnRefOf(`SIM${planned.order + 1}`, planned.charge),
      reason: 'item_returned',
      note: null,
    }
    const press = () => call(world, (deps) => requestRefund(deps, actor, input))
    const outcomes = await Promise.all(planned.doubleClick && tries === 0 ? [press(), press()] : [press()])
    const done = outcomes.find((outcome) => outcome.kind === 'done')
    if (done !== undefined) return withdrawLater(world, host, actor, planned, done.value.request.requestId)
    const refused = outcomes.find((outcome) => outcome.kind === 'failed')
    if (refused !== undefined) {
      const code = refused.error instanceof Refusal ? refused.error.code : null
      if (code === 'confirmation_needed' && planned.insists) confirmSameAmount = true
      else if (code !== 'rate_limited' && code !== 'conflict' && code !== 'charge_unconfirmed') return
    }
    await scheduler.sleep(host, 500 + random() * PATIENCE_MS)
  }
}

async function withdrawLater(
  world: World,
  host: Host,
  actor: StaffActor,
  { withdrawAfterMs }: PlannedGesture,
  requestId: string | null,
): Promise<void> {
  if (withdrawAfterMs === null || requestId === null) return
  await world.scheduler.sleep(host, withdrawAfterMs)
  await call(world, (deps) => withdrawRefundRequest(deps, actor, { requestId, note: null }))
}

/** Refusals after which an approver rejects what cannot be approved any more. */
const TO_REJECT = new Set(['request_changed', 'amount_exceeds_left', 'conflict'])
/** Of a hundred decisions so many are about something else than what was shown. */
const MISTAKEN = 4

/** An approver decides what waits, their own requests among it. */
export async function approveWhatWaits(world: World, alarm: Alarm, actor: StaffActor): Promise<never> {
  const { random, plan, scheduler, database } = world
  const host = browser(`${actor.name}'s inbox`)
  const reads = connectTo(database, host)
  const hopeless = new Set<string>()
  const unapprovable = new Set<string>()
  const waits = ({ id, status }: RefundRequestRecord): boolean =>
    status === 'pending_approval' && !hopeless.has(id)
  const due = (): number | null =>
    [...database.tables.refundRequests.rows.values()].some(waits) ? scheduler.now() : null
  for (;;) {
    await alarm.rest(host, { topic: null, everyMs: plan.approvalPaceMs, due })
    const page = await reads
      .statement('inbox', (view) => view.all('refundRequests').filter(waits))
      .catch((): RefundRequestRecord[] => [])
    const shown = page[Math.floor(random() * page.length)]
    if (shown === undefined) continue
    const rejects = unapprovable.has(shown.id) || random() < 0.15
    const approvalHash = random() * 100 < MISTAKEN ? '00' : shown.approvalHash.toString('hex')
    const decision = rejects ? 'reject' : 'approve'
    const note = rejects ? 'not this one' : null
    const input = { requestId: shown.id, decision, note, approvalHash } as const
    const outcome = await call(world, (deps) => decideRefundRequest(deps, actor, input))
    if (outcome.kind !== 'failed' || !(outcome.error instanceof Refusal)) continue
    if (approvalHash === '00') continue
    if (TO_REJECT.has(outcome.error.code) && !rejects) unapprovable.add(shown.id)
    else hopeless.add(shown.id)
  }
}
