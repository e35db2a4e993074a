/**
 * T9: what excludes itself, done at the same time on two server processes. Exactly one may win; and in the end the books
 * and the sandbox's ledger must agree.
 */
import { createPaydesk } from '../../server/compose.ts'
import { createLog } from '../../server/log.ts'
import { TEST_SECRET_KEY } from '../support/factories.ts'
import { bookViolations, ledgerViolations, ownViolations } from '../support/refund-invariants.ts'
import { seededRandom } from '../support/scenario.ts'
import type { Battery, Outcome, Run } from './battery.ts'
import { holdNothing, judgeBatches } from './batch-load.ts'
import { RACES, type RaceGround, type RaceName } from './race-kinds.ts'
import { startSandbox } from './sandbox-process.ts'
import { openShops, settleRefunds, type Shop, type ShopOrder } from './shops.ts'
import { note, type Violation } from './violations.ts'
import { startServers } from './world.ts'

const SERVERS = 2
const SHOPS = { short: 2, long: 6 }
/** How often each kind comes up in a round: those that end sessions are slower than the rest. */
const ROUND: readonly RaceName[] = [
  'same_gesture',
  'partials',
  'approve_withdraw',
  'approve_twice',
  'approve_reject',
  'approve_expiry',
  'tellings',
  'partials',
  'approve_withdraw',
  'approve_twice',
  'approve_reject',
  'disable_send',
  'stop_send',
  'batch_decide',
]
/** Orders made at once. */
const STOCK = { short: 8, long: 40 }
const SETTLE_MS = { short: 60_000, long: 600_000 }
const NAMED_MAX = 10

export const races: Battery = {
  name: 'races',
  unit: 'race',
  title: 'refund races across two servers',
  long: { count: 10_000, events: 0, rate: 1 },
  run: runRaces,
  broken: 'unlocked',
  control: {
    what: "servers without the order's lock and without the unique key of a gesture",
    // More than a round: on a busy machine a race may be over before the other runner has started.
    count: 24,
    events: 0,
    rules: ['race', 'I1'],
  },
}

async function runRaces(run: Run): Promise<Outcome> {
  const { ground, tier, entry } = run
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
    await sandbox.control('/settings', { refundQueueSeconds: 0, refundSettleSeconds: 1, refundArnSeconds: 3 })
    await sandbox.control('/faults', { kind: 'webhook_before_response' })
    const world = await openShops({ database, sandbox, servers, count: SHOPS[tier] })
    undo.push(() => world.close())
    for (const { account, people } of world.shops)
      await holdNothing(world.store, { accountId: account.id, userId: people.admin.userId })
    // Its clock, its services: expiry has no address of its own, so a third process does it.
    const third = await createPaydesk({
      env: {
        mode: 'serve',
        publicUrl: 'http://127.0.0.1:9',
        webhookRetentionDays: 400,
        trustProxy: false,
        metricsToken: null,
        secretKey: TEST_SECRET_KEY,
      },
      databaseUrl: database.url,
      log: createLog('silent'),
      sandbox: null,
      demo: null,
    })
    undo.push(() => third.close())
    const { pool } = database
    const { counts, violations } = await raceInLanes(run, world.shops, { pool, sandbox, deps: third.deps })
    run.progress('settling')
    const limits = { limitMs: SETTLE_MS[tier], hurry: true, signal: run.signal }
    // What the control leaves behind cannot all be settled, and need not be.
    const settled = entry === 'real' ? await settleRefunds(database, limits) : { open: 0, settledMs: 0 }
    if (settled.open > 0) note(violations, 'I11', `${settled.open} refunds are still open`, settled.open)
    const ledger = sandbox.accepted()
    for (const { rule, detail } of [
      ...(await bookViolations(pool)),
      ...(await ownViolations(pool, world.store)),
      ...(await ledgerViolations(pool, ledger)),
    ])
      note(violations, rule, detail)
    if (entry === 'real') await judgeBatches(pool, [], violations)
    for (const server of servers)
      for (const death of server.deaths) note(violations, 'death', `a server ended by itself: ${death}`)
    return { violations, counts: { ...counts, refunds: ledger.length, settledMs: settled.settledMs } }
  } finally {
    for (const step of undo.toReversed()) await step()
  }
}

/** One lane per shop: the races of a lane follow each other, and lanes run side by side. */
async function raceInLanes(
  run: Run,
  shops: readonly Shop[],
  shared: Pick<RaceGround, 'pool' | 'sandbox' | 'deps'>,
): Promise<Outcome> {
  const violations: Violation[] = []
  const counts: Record<string, number> = { races: 0 }
  const random = seededRandom(run.seed)
  let next = 0
  const lane = async (shop: Shop): Promise<void> => {
    const stock: ShopOrder[] = []
    while (next < run.count && !run.signal.aborted) {
      const name = ROUND[next % ROUND.length] ?? 'partials'
      next += 1
      if (stock.length === 0) stock.push(...(await shop.chargedOrders(STOCK[run.tier])))
      const order = stock.pop()
      if (order === undefined) throw new Error('the sandbox makes no orders')
      const wrong = await RACES[name]({ ...shared, shop, order, random })
      counts['races'] = (counts['races'] ?? 0) + 1
      counts[name] = (counts[name] ?? 0) + 1
      if (wrong !== null && violations.length < NAMED_MAX) note(violations, 'race', `${name}: ${wrong}`)
      if (wrong !== null) counts['lost'] = (counts['lost'] ?? 0) + 1
      run.progress(`${counts['races']}/${run.count} races`)
    }
  }
  await Promise.all(shops.map(lane))
  return { counts, violations }
}
