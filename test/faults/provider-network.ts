/** The half of T5 between Paydesk and Juspay: status checks through a network that fails, judged by what Juspay really holds. */
import { sweepOrders } from '../../server/services/orders/sweep-orders.ts'
import { PROXY_FAULTS } from '../support/fault-proxy.ts'
import type { Outcome, Run } from './battery.ts'
import { openProviderWorld, type ProviderWorld } from './provider-world.ts'
import { note, type Violation } from './violations.ts'

/** Orders asked about under each fault. */
const ORDERS = { short: 2, long: 4 }
const SWEEPS_MAX = 8
const DELAY_MAX_MS = { short: 2_000, long: 60_000 }
/** The first rung of the ladder of checks. */
const DUE_MS = 31_000
/** No wait after an unanswered check is longer while an order is young. */
const LATER_MS = 61 * 60_000

/** What was found wrong with orders, checks and findings, as SQL sees it. */
const WRONG = `select 'order ' || order_ref || ' became ' || payment_status as what from orders
    where merchant_account_id = $1 and payment_status not in ('pending', 'charged')
  union all
  select 'a check without an answer was noted as ' || outcome from status_check asked
    where merchant_account_id = $1 and body is null and outcome <> 'unavailable'
    -- The daily look at an order that was charged does not keep the same answer once more.
    and not (outcome = 'no_change' and exists (select 1 from status_check kept
      where kept.merchant_account_id = $1 and kept.order_id = asked.order_id and kept.body is not null
        and kept.outcome = 'changed' and kept.asked_at < asked.asked_at))
  union all
  select 'a check was noted as ' || outcome from status_check
    where merchant_account_id = $1 and outcome in ('not_found', 'wrong_merchant', 'unauthorised')
  union all
  select 'a finding was opened: ' || kind from discrepancy where merchant_account_id = $1`

export async function runProviderFaults(run: Run): Promise<Outcome> {
  const violations: Violation[] = []
  const counts: Record<string, number> = {
    provider_faults: 0,
    provider_checks: 0,
    provider_orders: 0,
    provider_strikes: 0,
  }
  const world = await openProviderWorld(run)
  const add = (name: string, more: number): void => {
    counts[name] = (counts[name] ?? 0) + more
  }
  try {
    for (let index = 0; index < run.count && !run.signal.aborted; index += 1) {
      const kind = PROXY_FAULTS[index % PROXY_FAULTS.length] ?? 'refuse'
      const refs = await world.openOrders(ORDERS[run.tier])
      await world.advance(DUE_MS)
      await world.proxy.inject({ kind, delayMs: DELAY_MAX_MS[run.tier] })
      await sweepOrders(world.deps)
      const struck = world.proxy.struck()
      await world.proxy.heal()
      if (struck === 0) note(violations, 'vacuous', `${kind} met no call to Juspay`)
      add('provider_faults', 1)
      add('provider_strikes', struck)
      add('provider_orders', refs.length)
      await judgeNow(world, `under ${kind}`, violations)
      await sweepUntilTrue(world, kind, refs, violations)
      run.progress(`${index + 1}/${run.count} faults before Juspay`)
    }
    const { rows } = await world.database.pool.query<{ outcome: string; count: number }>(
      'select outcome, count(*)::int as count from status_check where merchant_account_id = $1 group by 1',
      [world.accountId],
    )
    for (const { outcome, count } of rows) {
      add('provider_checks', count)
      add(`provider_${outcome}`, count)
    }
    return { counts, violations }
  } finally {
    await world.close()
  }
}

async function judgeNow(world: ProviderWorld, when: string, violations: Violation[]): Promise<void> {
  const { rows } = await world.database.pool.query<{ what: string }>(
    `select distinct what from (${WRONG}) as wrong`,
    [world.accountId],
  )
  for (const { what } of rows) note(violations, 'outcome', `${when}: ${what}`)
}

/** With the network well again, later checks find out what Juspay holds. */
async function sweepUntilTrue(
  world: ProviderWorld,
  kind: string,
  refs: readonly string[],
  violations: Violation[],
): Promise<void> {
  for (let sweep = 0; sweep < SWEEPS_MAX; sweep += 1) {
    const { rowCount } = await world.database.pool.query(
      `select 1 from orders where merchant_account_id = $1 and order_ref = any($2) and payment_status = 'charged'`,
      [world.accountId, refs],
    )
    if (rowCount === refs.length) return
    await world.advance(LATER_MS)
    await sweepOrders(world.deps)
  }
  note(
    violations,
    'recovery',
    `after ${kind}, ${SWEEPS_MAX} sweeps did not bring the orders to what Juspay holds`,
  )
}
