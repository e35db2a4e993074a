/**
 * T6: every way to answer a refund call, whether Juspay has taken the refund, takes it later or never does; and bodies
 * changed at random. None may become success or failure by default, and in the end nothing is paid twice.
 */
import { createJuspayClient, type JuspayClient } from '../../server/juspay/client.ts'
import { drainRefundPolls } from '../../server/jobs/poll-refunds.ts'
import { drainRefunds } from '../../server/jobs/send-refunds.ts'
import { askJuspay } from '../../server/services/orders/check-status.ts'
import { sendRefund } from '../../server/services/refunds/send-refund.ts'
import type { RefundWorld } from '../support/refund-fixtures.ts'
import { seededRandom } from '../support/scenario.ts'
import { ANSWER_ROWS } from './answer-rows.ts'
import type { Battery, Outcome, Run } from './battery.ts'
import { mutated, wordIn } from './mutated-answers.ts'
import { judgeWorld, openServices } from './refund-world.ts'
import { DEEDS, openDoor, send, type Deed, type Door, type Script } from './scripted-door.ts'
import { note, type Violation } from './violations.ts'

const AMOUNT_MINOR = 2_500n
/** No answer is given up after this long. */
const CALL_MS = { short: 2_000, long: 2_000 }
const STEP_MS = 61_000
const STEPS_MAX = 40

export const answers: Battery = {
  name: 'answers',
  unit: 'mutated body',
  title: `${ANSWER_ROWS.length} ways to answer a refund call × ${DEEDS.length} deeds, and mutated bodies`,
  long: { count: 2_000, events: 0, rate: 1 },
  run: runAnswers,
  broken: 'trusting',
  control: {
    what: 'a client that takes every answer but a refusal for an accepted refund',
    count: 10,
    events: 0,
    rules: ['outcome'],
  },
}

type Scene = {
  run: Run
  world: RefundWorld
  door: Door
  deps: RefundWorld['deps']
  violations: Violation[]
  counts: Record<string, number>
  /** Keys of refunds that an answer says Juspay has, and that it never took. */
  claimed: Set<string>
}

async function runAnswers(run: Run): Promise<Outcome> {
  const world = await openServices(run.ground)
  const door = await openDoor(world.account.baseUrl)
  // What the answer says is judged by itself: no webhook may tell the truth in between.
  await world.control('/merchants', { merchantId: world.account.juspayMerchantId, webhookUrl: null })
  const client = createJuspayClient({
    baseUrl: door.url,
    merchantId: world.account.juspayMerchantId,
    clientId: world.account.clientId,
    apiKey: 'sandbox-api-key',
    apiVersion: world.account.apiVersion,
    timeouts: { totalMs: CALL_MS[run.tier] },
  })
  const used = run.entry === 'real' ? client : believing(client)
  const deps = { ...world.deps, juspay: () => Promise.resolve(used) }
  const scene: Scene = {
    run,
    world,
    door,
    deps,
    violations: [],
    counts: { rows: 0, mutants: 0 },
    claimed: new Set(),
  }
  try {
    for (const deed of DEEDS)
      for (const [index, row] of ANSWER_ROWS.entries()) {
        // The brief form takes each row once, with one deed after the other.
        if (run.tier === 'short' && DEEDS[index % DEEDS.length] !== deed) continue
        if (run.signal.aborted) break
        const expected = deed === 'now' ? row.taken : row.untaken
        await answerWith(scene, `${row.name}, ${deed}`, { deed, answer: row.answer }, (status, key) => {
          if (deed === 'never' && expected === 'pending') scene.claimed.add(key)
          return status === expected ? null : `is ${status}, not ${expected}`
        })
        scene.counts['rows'] = (scene.counts['rows'] ?? 0) + 1
        run.progress(`${scene.counts['rows']} rows`)
      }
    await mutate(scene)
    if (run.entry === 'real') scene.counts['refunds'] = await judgeWorld(world, scene.violations, scene)
    return { counts: scene.counts, violations: scene.violations }
  } finally {
    await client.close()
    await door.close()
    await world.close()
  }
}

/** Sends one refund into the scripted answer, judges at once, and again when all has come to rest. */
async function answerWith(
  { world, door, deps, violations, run }: Scene,
  name: string,
  script: Script,
  judge: (status: string, key: string, orderRef: string) => string | null,
): Promise<void> {
  const order = await world.chargedOrder()
  const { refund } = await world.ask(order, AMOUNT_MINOR)
  const refundId = refund?.refundId ?? ''
  door.script(script)
  await sendRefund(deps, refundId)
  const after = await world.deps.store.refunds.work(refundId)
  const wrong = judge(after?.status ?? 'gone', after?.uniqueRequestId ?? '', order.orderRef)
  if (wrong !== null) note(violations, 'outcome', `${name}: ${wrong}`)
  await door.catchUp()
  // What the control believes cannot come to rest, and need not.
  if (run.entry !== 'real') return
  await world.advance(STEP_MS)
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const [now] = await world.refunds(order.orderId)
    if (now === undefined || ['succeeded', 'failed', 'rejected'].includes(now.status)) break
    await world.advance(STEP_MS)
    await drainRefunds(deps)
    await drainRefundPolls(deps)
  }
  // As the sweep asks: what Juspay has taken after it had refused it is found.
  await askJuspay(deps, world.finance, order.orderId, 'refund')
  const paid = world.accepted(order.orderRef)
  if (paid.length > 1) note(violations, 'I4', `${name}: paid ${paid.length} times`)
  const [end] = await world.refunds(order.orderId)
  const done = end?.status === 'succeeded'
  if ((paid.length === 1) !== done && end?.status !== 'failed')
    note(violations, 'books', `${name}: ended ${end?.status} with ${paid.length} refunds at Juspay`)
}

const STATUS_OF: Readonly<Record<string, string>> = {
  PENDING: 'pending',
  SUCCESS: 'succeeded',
  FAILURE: 'failed',
  MANUAL_REVIEW: 'manual_review',
}

async function mutate(scene: Scene): Promise<void> {
  const { run, counts, world } = scene
  const random = seededRandom(run.seed)
  for (let index = 0; index < run.count && !run.signal.aborted; index += 1) {
    const deed: Deed = 'now'
    let sent = ''
    const answer: Script['answer'] = (response, truth, { key }) => {
      sent = mutated(truth.body, key, random)
      send(response, { ...truth, body: sent })
    }
    await answerWith(scene, `mutant ${index}`, { deed, answer }, (status, key, orderRef) => {
      const word = wordIn(sent, { orderRef, key, amount: '25.00' })
      const allowed = word === null ? 'unknown' : (STATUS_OF[word] ?? 'unknown')
      counts[status] = (counts[status] ?? 0) + 1
      // Doubt is always allowed; anything else has to be what the body says to somebody who reads it plainly.
      return status === 'unknown' || status === allowed
        ? null
        : `is ${status}, the body says ${allowed}: ${sent.slice(sent.indexOf('"refunds"'))}`
    })
    counts['mutants'] = index + 1
    if (index % 50 === 0) run.progress(`${index}/${run.count} mutants, ${world.acceptedAll().length} refunds`)
  }
}

/** The mistake this battery has to find: whatever is not a refusal is taken for the accepted refund. */
function believing(client: JuspayClient): JuspayClient {
  return {
    ...client,
    async refund(call) {
      const answer = await client.refund(call)
      if (answer.ok || answer.error.kind === 'rejected') return answer
      const asked = await client.getOrder(call.orderRef, { routingId: call.routingId })
      if (!asked.ok) return answer
      const refund = {
        uniqueRequestId: call.uniqueRequestId,
        txnRef: null,
        providerStatus: 'SUCCESS',
        amountMinor: call.amountMinor,
        ref: null,
        arn: null,
        sentToGateway: true,
        initiatedBy: 'API',
        refundSource: null,
        refundType: null,
        errorCode: null,
        errorMessage: null,
        expectedCreditAt: null,
        createdAt: null,
      }
      return { ...asked, order: { ...asked.order, refunds: [refund] }, refund }
    },
  }
}
