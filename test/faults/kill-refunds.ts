/**
 * T1 for refunds: servers are killed with -9 at random moments while people ask, approve and withdraw, one by one and in
 * batches, and while Juspay
 * loses answers, webhooks and patience. The sandbox has a process of its own and is never killed: its ledger judges.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type pg from 'pg'
import type { Store } from '../../server/store/store.ts'
import { bookViolations, ledgerViolations, ownViolations } from '../support/refund-invariants.ts'
import { seededRandom } from '../support/scenario.ts'
import type { Battery, Outcome, Run } from './battery.ts'
import { holdNothing, judgeBatches } from './batch-load.ts'
import { startRefundLoad, type RefundLoad } from './refund-load.ts'
import { startSandbox, type SandboxProcess } from './sandbox-process.ts'
import type { ServerProcess } from './server-process.ts'
import { ending, openDoors, openShops, settleRefunds } from './shops.ts'
import { ownTimes, type Times } from './times.ts'
import { note, type Violation } from './violations.ts'
import { startServers } from './world.ts'

const SERVERS = 2
const SHOPS = { short: 2, long: 6 }
/** How long a server lives once it is ready and people are at work. */
const LIFE_MS = { short: [300, 1_500], long: [100, 2_400] } as const
const ALL_SHARE = 0.1
const AT_WORK_MS = 10_000
const POLL_MS = 10
/** The brief form runs beside the rest of the tests. */
const RECOVERY_MS = { short: 120_000, long: 10_000 }
const READY_MS = 240_000
const SETTLE_MS = { short: 90_000, long: 1_200_000 }

/** What Juspay does wrong all the while: about every third refund call, and every fifth webhook. */
const FAULTS = [
  { kind: 'drop_response', route: 'refund', probability: 0.1 },
  { kind: 'status', status: 502, route: 'refund', processed: true, probability: 0.05 },
  { kind: 'status', status: 503, route: 'refund', processed: false, probability: 0.05 },
  { kind: 'reset', route: 'refund', processed: false, probability: 0.05 },
  { kind: 'html', status: 504, route: 'refund', processed: true, probability: 0.05 },
  { kind: 'malformed', route: 'refund', probability: 0.05 },
  { kind: 'slow', route: 'refund', delayMs: 400, probability: 0.1 },
  { kind: 'webhook_drop', probability: 0.1 },
  { kind: 'webhook_duplicate', probability: 0.1 },
  { kind: 'webhook_reorder', delaySeconds: 2, probability: 0.1 },
]

export const killRefunds: Battery = {
  name: 'kill-refunds',
  unit: 'kill',
  title: 'servers killed with -9 while refunds are asked for, approved and sent',
  long: { count: 1_000, events: 0, rate: 1 },
  run: runKills,
  broken: 'rekeying',
  control: {
    what: 'servers that make a new refund key for each call',
    count: 2,
    events: 0,
    rules: ['I4'],
  },
}

async function runKills(run: Run): Promise<Outcome> {
  const { ground, tier, entry, seed } = run
  const violations: Violation[] = []
  const undo: (() => Promise<void>)[] = []
  try {
    const database = await ground.newDatabase()
    undo.push(() => database.close())
    const sandbox = await startSandbox()
    undo.push(() => sandbox.close())
    const { servers, close } = await startServers(
      Array.from({ length: SERVERS }, () => database.url),
      entry,
    )
    undo.push(close)
    const quick = { refundQueueSeconds: 0, refundSettleSeconds: 1, refundArnSeconds: 5 }
    await sandbox.control('/settings', quick)
    await sandbox.control('/faults', FAULTS)
    const world = await openShops({ database, sandbox, servers, count: SHOPS[tier] })
    undo.push(() => world.close())
    const { pool } = database
    await openDoors(world.shops)
    for (const { account, people } of world.shops)
      await holdNothing(world.store, { accountId: account.id, userId: people.admin.userId })
    const hurry = tier === 'short'
    const load = startRefundLoad({ shops: world.shops, pool, random: seededRandom(seed + 1), hurry })
    const recovery = ownTimes()
    const kills = await killInTurn(run, { pool, servers, load, recovery, violations })
    run.progress('no more faults')
    await sandbox.clearFaults()
    await load.finish()
    // What the control has done wrong cannot all be settled, and need not be.
    const limits = { limitMs: SETTLE_MS[tier], hurry, signal: run.signal }
    const settled = entry === 'real' ? await settleRefunds(database, limits) : { open: 0, settledMs: 0 }
    if (settled.open > 0) note(violations, 'I11', `${settled.open} refunds are still open`, settled.open)
    for (const server of servers)
      for (const death of server.deaths) note(violations, 'death', `a server ended by itself: ${death}`)
    const refunds = await judge({ pool, store: world.store, sandbox, load, violations })
    return {
      violations,
      counts: {
        kills,
        refunds,
        answered: load.answered(),
        ...countsOf(load),
        settledMs: settled.settledMs,
        recoveryP50Ms: recovery.at(0.5),
        recoveryP99Ms: recovery.at(0.99),
        recoveryMaxMs: recovery.max(),
      },
    }
  } finally {
    for (const step of undo.toReversed()) await step()
  }
}

function countsOf(load: RefundLoad): Record<string, number> {
  return {
    gestures: load.gestures.length,
    requests: load.gestures.filter((one) => one.requestId !== null).length,
    refused: load.gestures.filter((one) => one.refusedAs !== null).length,
    askedAgain: load.gestures.filter((one) => one.tries > 1).length,
    unanswered: load.unanswered(),
    portal: load.portal.size,
    batches: load.batches.length,
    batchesApproved: load.batches.filter((one) => one.decision === 'approve').length,
    ...load.decisions,
  }
}

/** The servers die independently of each other, now and then all at once; each is started again at once. */
async function killInTurn(
  run: Run,
  {
    pool,
    servers,
    load,
    recovery,
    violations,
  }: Pick<Case, 'pool' | 'load' | 'violations'> & { servers: readonly ServerProcess[]; recovery: Times },
): Promise<number> {
  const { tier, signal, count } = run
  const random = seededRandom(run.seed)
  const dying = new Set<ServerProcess>()
  let kills = 0
  const killOne = async (server: ServerProcess): Promise<void> => {
    if (dying.has(server) || kills >= count) return
    dying.add(server)
    kills += 1
    await server.kill()
    const [since, deaths] = [performance.now(), server.deaths.length]
    server.start()
    await server.ready(READY_MS)
    // A start that a busy machine made too slow, and that was made again, is in the time that it took.
    server.deaths.length = deaths
    const took = performance.now() - since
    recovery.add(took)
    // A sign-in that died with its server counts as a wrong password; a few hundred of them lock everybody out.
    await pool.query('delete from sign_in_try')
    if (took > RECOVERY_MS[tier])
      note(violations, 'recovery', `a server took ${Math.round(took)} ms to be ready again`)
    dying.delete(server)
    run.progress(
      `${kills}/${count} kills, ${load.gestures.length} gestures, recovery p50 ${recovery.at(0.5)} ms`,
    )
  }
  const lives = servers.map(async (server) => {
    while (kills < count && !signal.aborted) {
      await untilAnswered(load)
      const [least, most] = LIFE_MS[tier]
      await wait(least + random() * (most - least))
      await Promise.all((random() < ALL_SHARE ? servers : [server]).map(killOne))
    }
  })
  await Promise.all(lives)
  return kills
}

/** A kill of a server that nobody has used yet would show nothing. */
async function untilAnswered(load: RefundLoad): Promise<void> {
  const [before, deadline] = [load.answered(), performance.now() + AT_WORK_MS]
  while (load.answered() === before && performance.now() < deadline) await wait(POLL_MS)
}

type Case = {
  pool: pg.Pool
  store: Store
  sandbox: SandboxProcess
  load: RefundLoad
  violations: Violation[]
}

/** From the sandbox's ledger, from what people were told, and from the database; the servers are not asked. */
async function judge({ pool, store, sandbox, load, violations }: Case): Promise<number> {
  const ledger = sandbox.accepted()
  const strangers = new Set(load.portal.keys())
  const found = [
    ...(await bookViolations(pool)),
    ...(await ownViolations(pool, store)),
    ...(await ledgerViolations(pool, ledger, { strangers })),
  ]
  for (const { rule, detail } of found) note(violations, rule, detail)
  for (const answer of load.strange) note(violations, 'outcome', `somebody was answered ${answer}`)
  await judgeGestures(pool, load, violations)
  await judgeBatches(pool, load.batches, violations)
  await judgePortal(pool, load, violations)
  const unheard = load.gestures.filter((one) => one.requestId === null && one.refusedAs === null)
  if (unheard.length > 0) note(violations, 'I3', `${unheard.length} gestures were never answered`)
  if (load.gestures.every((one) => one.requestId === null))
    note(violations, 'vacuous', 'nothing was asked for')
  return ledger.length
}

/** Every answer is the truth: a yes is one request with that key, a no is none. */
async function judgeGestures(pool: pg.Pool, load: RefundLoad, violations: Violation[]): Promise<void> {
  const { rows } = await pool.query<{ id: string; client_key: string; amount: bigint | string }>(
    'select id, client_key, amount_minor as amount from refund_request',
  )
  const stored = new Map(rows.map((row) => [row.client_key, row]))
  for (const { clientKey, requestId, refusedAs, amountMinor } of load.gestures) {
    const row = stored.get(clientKey)
    if (requestId !== null && (row?.id !== requestId || BigInt(row.amount) !== amountMinor))
      note(violations, 'I3', `gesture ${clientKey} was answered ${requestId} and is ${row?.id ?? 'nothing'}`)
    if (refusedAs !== null && row !== undefined)
      note(violations, 'I3', `gesture ${clientKey} was refused (${refusedAs}) and is ${row.id}`)
  }
}

/** Asked about the order once more, Paydesk knows every refund that was made in the portal (I7). */
async function judgePortal(pool: pg.Pool, load: RefundLoad, violations: Violation[]): Promise<void> {
  for (const { shop, order } of load.portal.values()) {
    const check = shop.people.finance
      .on(0)
      .then((api) => api.orders.checkStatus.mutate({ orderId: order.orderId }))
    const asked = await ending(check)
    if (!asked.ok && asked.code === 'rate_limited') await wait(200)
  }
  const { rows } = await pool.query<{ key: string }>(
    `select key from unnest($1::text[]) as made (key)
     where not exists (select 1 from refund r where r.unique_request_id = key and r.origin = 'external')`,
    [[...load.portal.keys()]],
  )
  for (const { key } of rows) note(violations, 'I7', `Paydesk does not know the portal's refund ${key}`)
}
