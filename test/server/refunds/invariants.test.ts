import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CHECK_EVERY_MS } from '../../../server/domain/invariant.ts'
import { drainEvents } from '../../../server/jobs/process-events.ts'
import { SCENARIOS } from '../../../server/sandbox/scenario-steps.ts'
import { checkInvariants } from '../../../server/services/refunds/check-invariants.ts'
import { createAccount } from '../../support/factories.ts'
import { deliver } from '../../support/harness.ts'
import { invariantSteps, WALLS, WIPE } from '../../support/invariant-steps.ts'
import { openRefundWorld, type RefundWorld } from '../../support/refund-fixtures.ts'
import { hundredWebhooks } from '../../support/scenario.ts'

/** Thousands of rows, on machines that do other things as well. */
const PATIENT = { timeout: 120_000 }

let world: RefundWorld
beforeAll(async () => {
  world = await openRefundWorld({ webhooks: true })
})
afterAll(() => world.close())

const { query, check, sent } = invariantSteps(() => world)

describe('with its walls standing, the database keeps', () => {
  test(
    'nothing that breaks an invariant: refunds asked, approved, sent, failed, rejected, settled',
    PATIENT,
    async () => {
      // The first look remembers where it is; from then on it looks at what changes.
      await check()
      const orders = [await sent(), await sent()]
      const rejected = await world.chargedOrder()
      const { request } = await world.ask(rejected, 2_500n, { actor: world.support })
      await world.decide(request.id, 'reject')
      await world.control('/settings', { refundOutcome: 'failure' })
      orders.push(await sent())
      for (const { orderId } of orders) await world.drainUntilSettled(orderId)
      await world.control('/settings', { refundOutcome: 'success' })
      const run = await check()
      expect(run.found).toEqual([])
      expect(run.changedOrders).toBe(4)
    },
  )

  test('nothing either in whatever Juspay and its gateways do to orders', PATIENT, async () => {
    for (const scenario of SCENARIOS)
      await world.control('/orders', { amount: '1234.56', scenario, repeat: 2, paymentMethodType: 'CARD' })
    await world.control('/merchants', {
      merchantId: 'paydeskdemo',
      autoRefundMultiple: true,
      autoRefundConflict: true,
    })
    for (const scenario of ['double_charge', 'conflict', 'late_success'])
      await world.control('/orders', { amount: '99.00', scenario, repeat: 2 })
    for (let hour = 0; hour < 6; hour += 1) await world.advance(3_600_000)
    const shop = await createAccount(world.deps.database)
    for (const { body } of hundredWebhooks()) await deliver(world.deps, shop.id, body)
    await drainEvents(world.deps)
    const run = await check()
    expect(run.changedOrders).toBeGreaterThan(2 * SCENARIOS.length)
    expect(run.found).toEqual([])
  })

  test('thousands of refunds, checked slice by slice', PATIENT, async () => {
    const [accountId, decider, now] = [world.account.id, world.finance.userId, world.deps.clock.now()]
    await query(MANY_ASKED, [accountId, decider, world.support.userId, now])
    await query(MANY_SENT, [accountId, decider, now])
    await query('analyze')
    const first = await check()
    expect(first.found).toEqual([])
    expect(first.sliceOrders).toBe(2_000)
    const second = await check()
    expect(second.found).toEqual([])
    expect((await world.deps.store.invariantChecks.scan())?.sliceAfter).not.toBeNull()
    const third = await check()
    expect(third.found).toEqual([])
    const scan = await world.deps.store.invariantChecks.scan()
    expect(scan?.sliceAfter).toBeNull()
    expect(scan?.lastPassOrders).toBeGreaterThanOrEqual(5_000)
    // A row that nobody told of is found by the next pass.
    await query(`update orders set refunded_minor = refunded_minor + 1 where order_ref = 'MANY-4321'`)
    const found = [await check(), await check(), await check()].flatMap((run) => run.found)
    expect(new Set(found.map(({ invariant, subject }) => `${invariant} ${subject}`))).toEqual(
      new Set(['I1 sums of MANY-4321']),
    )
  })
})

/** Five thousand charged orders with an approved request each, and a refund in every end there is, as the services leave them. */
const MANY_ASKED = `
  with n as (select n, gen_random_uuid() as order_id,
      (array['succeeded', 'pending', 'failed', 'manual_review'])[1 + n % 4] as status from generate_series(1, 5000) as n),
  made as (insert into orders (id, merchant_account_id, order_ref, order_ref_key, currency, amount_minor, charged_minor,
      reserved_minor, refunded_minor, provider_status, payment_status, display_status, created_at)
    select order_id, $1, 'MANY-' || n, 'many-' || n, 'INR', 10000, 10000,
      case when status in ('pending', 'manual_review') then 2500 else 0 end, case when status = 'succeeded' then 2500 else 0 end,
      'CHARGED', 'charged', 'charged', $4 from n returning id)
  insert into refund_request (merchant_account_id, order_id, client_key, request_hash, amount_minor, currency,
      reason, status, policy_version, needs_approval, policy_reason, approval_hash, requested_by, requested_at, expires_at, decided_by, decided_at)
    select $1, order_id, 'many-key-of-gesture-' || n, '\\x00', 2500, 'INR', 'goodwill', 'approved', 0, true, 'rule',
      '\\x00', $3, $4, $4::timestamptz + interval '3 days', $2, $4 from n`
const MANY_SENT = `
  with n as (select q.id as request_id, q.order_id, gen_random_uuid() as refund_id, no.n,
      (array['succeeded', 'pending', 'failed', 'manual_review'])[1 + no.n % 4] as status
    from orders o join refund_request q on q.order_id = o.id
    cross join lateral (select substr(o.order_ref, 6)::int as n) as no where o.order_ref like 'MANY-%'),
  paid as (insert into refund (id, merchant_account_id, order_id, refund_request_id, unique_request_id, origin, amount_minor, currency,
      status, provider_status, send_count, first_sent_at, last_sent_at, next_action_at)
    select refund_id, $1, order_id, request_id, 'MANY' || lpad(n::text, 16, '0'), 'paydesk', 2500, 'INR', status, 'PENDING', 1, $3, $3,
      case when status in ('pending', 'manual_review') then $3::timestamptz + interval '1 day' end from n returning id)
  insert into audit_entry (merchant_account_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, outcome, request_id)
    select $1, 'system', 'refund-sender', 'refund-sender', 'refund.send', 'refund', refund_id::text, 'done', 'x' from n
    union all select $1, 'user', $2::text, 'Asha', 'refund_request.approve', 'refund_request', request_id::text, 'done', 'x' from n`

describe('a run', () => {
  beforeAll(async () => {
    await query(WALLS)
    await query(WIPE)
  })

  test('is taken by one process', async () => {
    await world.advance(CHECK_EVERY_MS)
    const runs = await Promise.all(Array.from({ length: 5 }, () => checkInvariants(world.deps)))
    expect(runs.filter((run) => run !== null)).toHaveLength(1)
    expect(await checkInvariants(world.deps)).toBeNull()
  })

  test('is kept with what it looked at', async () => {
    await check()
    expect(await world.deps.store.invariantChecks.newest()).toMatchObject({
      at: world.deps.clock.now(),
      failed: [],
      found: 0,
      behind: false,
    })
  })
})
