import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { CHECK_EVERY_MS, INVARIANT_CODES } from '../../../server/domain/invariant.ts'
import { drainEvents } from '../../../server/jobs/process-events.ts'
import { SCENARIOS } from '../../../server/sandbox/scenarios.ts'
import { checkInvariants } from '../../../server/services/refunds/check-invariants.ts'
import { sendRefund } from '../../../server/services/refunds/send-refund.ts'
import { liftStop } from '../../../server/services/refunds/stop-refunds.ts'
import { createAccount } from '../../support/factories.ts'
import { deliver } from '../../support/harness.ts'
import { openRefundWorld, type RefundWorld } from '../../support/refund-fixtures.ts'
import { hundredWebhooks } from '../../support/scenario.ts'

/** Thousands of rows, on machines that do other things as well. */
const PATIENT = { timeout: 120_000 }

let world: RefundWorld
beforeAll(async () => {
  world = await openRefundWorld({ webhooks: true })
})
afterAll(() => world.close())

const query = (sql: string, values: readonly unknown[] = []) =>
  world.deps.database.pool.query(sql, [...values])

/** Walls that stand in front of the invariants; the checker must also find what gets around them. */
const WALLS = `
  alter table orders drop constraint orders_balance_check, drop constraint orders_amounts_check;
  alter table refund drop constraint refund_sent_check, drop constraint refund_request_of_ours_check;
  alter table refund_request drop constraint refund_request_four_eyes_check, drop constraint refund_request_approval_check;
  drop index refund_own_key, refund_live_attempt_key, refund_in_flight_key;
  drop index refund_merchant_account_id_order_id_unique_request_id_key;
  alter table refund disable trigger user;
  alter table refund_stop disable trigger user;
  alter table refund_request disable trigger user;
  alter table audit_entry disable trigger user;`

/** Runs the check as the job does a minute later. */
async function check() {
  await world.advance(CHECK_EVERY_MS)
  const run = await checkInvariants(world.deps)
  if (run === null) throw new Error('the check was not due')
  return run
}

const codes = async (): Promise<string[]> => [
  ...new Set((await check()).found.map((violation) => violation.invariant)),
]

/** A refund of ₹25.00 that was asked for by support, approved and sent. */
async function sent() {
  const order = await world.chargedOrder()
  const { request } = await world.ask(order, 2_500n, { actor: world.support })
  await world.decide(request.id, 'approve')
  const [made] = await world.refunds(order.orderId)
  const refundId = made?.id ?? ''
  expect(await sendRefund(world.deps, refundId)).toBe('answered')
  return { ...order, requestId: request.id, refundId, key: made?.uniqueRequestId ?? '' }
}

type Sent = Awaited<ReturnType<typeof sent>>

const COPY_OF_REFUND = (status: string): string => `
  insert into refund (merchant_account_id, order_id, refund_request_id, attempt_no, unique_request_id, origin, amount_minor,
    currency, status, first_sent_at, next_action_at)
  select merchant_account_id, order_id, refund_request_id, attempt_no + 7, $2, origin, amount_minor, currency,
    '${status}', first_sent_at, next_action_at from refund where id = $1`

/** What to break, and how. Each is undone by throwing the order's rows away. */
const BROKEN: readonly (readonly [code: string, what: string, breakIt: (made: Sent) => Promise<unknown>])[] =
  [
    [
      'I1',
      'more set aside than charged',
      ({ orderId }) => query('update orders set charged_minor = 100 where id = $1', [orderId]),
    ],
    [
      'I1',
      'a sum that is not that of the rows',
      ({ orderId }) =>
        query('update orders set reserved_minor = reserved_minor - 1 where id = $1', [orderId]),
    ],
    [
      'I1',
      'a charge that no attempt took',
      ({ orderId }) => query('update orders set charged_minor = charged_minor + 1 where id = $1', [orderId]),
    ],
    [
      'I2',
      'two live refunds of one request',
      ({ refundId }) => query(COPY_OF_REFUND('pending'), [refundId, 'SECONDKEY00000000000']),
    ],
    [
      'I2',
      'a request paid twice',
      async ({ refundId }) => {
        await query(`update refund set status = 'succeeded' where id = $1`, [refundId])
        await query(COPY_OF_REFUND('succeeded'), [refundId, 'SECONDKEY00000000001'])
      },
    ],
    [
      'I3',
      'one key for two refunds',
      async ({ refundId, key }) => {
        const other = await sent()
        await query('update refund set unique_request_id = $2 where id = $1', [other.refundId, key])
        expect(refundId).not.toBe(other.refundId)
      },
    ],
    [
      'I3',
      'one gesture, two requests',
      async ({ requestId }) => {
        const other = await sent()
        await query('drop index refund_request_merchant_account_id_client_key_key')
        await query(
          'update refund_request set client_key = (select client_key from refund_request where id = $2) where id = $1',
          [other.requestId, requestId],
        )
      },
    ],
    [
      'I4',
      'a key of ours under another order',
      async ({ key }) => {
        const other = await world.chargedOrder()
        await query(
          `insert into refund (merchant_account_id, order_id, unique_request_id, origin, amount_minor, currency, status)
       values ($1, $2, $3, 'external', 100, 'INR', 'succeeded')`,
          [world.account.id, other.orderId, key],
        )
      },
    ],
    [
      'I5',
      'another amount than was asked for',
      ({ refundId }) => query('update refund set amount_minor = amount_minor + 1 where id = $1', [refundId]),
    ],
    [
      'I5',
      'another currency',
      ({ requestId }) => query(`update refund_request set currency = 'USD' where id = $1`, [requestId]),
    ],
    [
      'I6',
      'a refund that left unwritten',
      ({ refundId }) => query('update refund set first_sent_at = null where id = $1', [refundId]),
    ],
    [
      'I7',
      'a refund of ours without a request',
      ({ refundId }) => query('update refund set refund_request_id = null where id = $1', [refundId]),
    ],
    [
      'I8',
      'an approval by the asker',
      ({ requestId }) =>
        query('update refund_request set decided_by = requested_by where id = $1', [requestId]),
    ],
    [
      'I8',
      'a sending before the approval',
      ({ requestId }) =>
        query(`update refund_request set decided_at = decided_at + interval '1 hour' where id = $1`, [
          requestId,
        ]),
    ],
    [
      'I8',
      'a sending after the approval lapsed',
      ({ requestId }) =>
        query(`update refund_request set expires_at = decided_at - interval '1 hour' where id = $1`, [
          requestId,
        ]),
    ],
    [
      'I8',
      'a sending without the approval it needed',
      ({ requestId }) => query(`update refund_request set decided_by = null where id = $1`, [requestId]),
    ],
    [
      'I8',
      'a sending of a rejected request',
      ({ requestId }) => query(`update refund_request set status = 'rejected' where id = $1`, [requestId]),
    ],
    [
      'I9',
      'a failure that became a success without a work item',
      ({ orderId, key }) =>
        query(
          `insert into order_change (merchant_account_id, order_id, source, changes, at) values ($1, $2, 'webhook', $3, now())`,
          [
            world.account.id,
            orderId,
            JSON.stringify([
              { subject: `refund:${key}`, field: 'status', before: 'failed', after: 'succeeded' },
            ]),
          ],
        ),
    ],
    [
      'I11',
      'a refund nobody looks at',
      ({ refundId }) =>
        query(`update refund set status = 'unknown', next_action_at = null where id = $1`, [refundId]),
    ],
    [
      'I11',
      'a refund in doubt for an hour',
      ({ refundId }) =>
        query(
          `update refund set status = 'unknown', last_sent_at = $2::timestamptz - interval '1 hour' where id = $1`,
          [refundId, world.deps.clock.now()],
        ),
    ],
    [
      'I11',
      'an action that is overdue',
      ({ refundId }) =>
        query(`update refund set next_action_at = $2::timestamptz - interval '1 hour' where id = $1`, [
          refundId,
          world.deps.clock.now(),
        ]),
    ],
    [
      'I11',
      'an approval of which nothing was made',
      async () => {
        const order = await world.chargedOrder()
        const { request } = await world.ask(order, 2_500n, { actor: world.support })
        await query(`update refund_request set status = 'approved', needs_approval = false where id = $1`, [
          request.id,
        ])
      },
    ],
    [
      'I12',
      'a sending that was not audited',
      ({ refundId }) => query('update refund set send_count = send_count + 1 where id = $1', [refundId]),
    ],
    [
      'I12',
      'a decision that was not audited',
      ({ requestId }) =>
        query(`delete from audit_entry where action = 'refund_request.approve' and subject_id = $1`, [
          requestId,
        ]),
    ],
    [
      'J2',
      'an event that nobody processes',
      () =>
        query(
          `insert into webhook_event (id, bucket, merchant_account_id, dedupe_key, body_sha256, body, headers, remote_address, next_try_at)
       values ($1, 0, $2, 'overdue', '\\x00', '\\x7b7d', '{}', '127.0.0.1', $3::timestamptz - interval '1 hour')`,
          [randomUUID(), world.account.id, world.deps.clock.now()],
        ),
    ],
  ]

/** Everything that hangs on orders goes with them. */
const WIPE = `truncate orders, webhook_event, live_change, invariant_violation, audit_entry, refund_stop cascade;
  create unique index if not exists refund_request_merchant_account_id_client_key_key on refund_request (merchant_account_id, client_key)`

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
    await query(MANY, [world.account.id, world.finance.userId, world.support.userId, world.deps.clock.now()])
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

/** Five thousand charged orders with a refund each, in every end there is, as the services leave them. */
const MANY = `
  with n as (select n, gen_random_uuid() as order_id, gen_random_uuid() as request_id, gen_random_uuid() as refund_id,
      (array['succeeded', 'pending', 'failed', 'manual_review'])[1 + n % 4] as status from generate_series(1, 5000) as n),
  made as (insert into orders (id, merchant_account_id, order_ref, order_ref_key, currency, amount_minor, charged_minor,
      reserved_minor, refunded_minor, provider_status, payment_status, display_status, created_at)
    select order_id, $1, 'MANY-' || n, 'many-' || n, 'INR', 10000, 10000,
      case when status in ('pending', 'manual_review') then 2500 else 0 end, case when status = 'succeeded' then 2500 else 0 end,
      'CHARGED', 'charged', 'charged', $4 from n returning id),
  asked as (insert into refund_request (id, merchant_account_id, order_id, client_key, request_hash, amount_minor, currency,
      reason, status, policy_version, needs_approval, policy_reason, approval_hash, requested_by, requested_at, expires_at, decided_by, decided_at)
    select request_id, $1, order_id, 'many-key-of-gesture-' || n, '\\x00', 2500, 'INR', 'goodwill', 'approved', 0, true, 'rule',
      '\\x00', $3, $4, $4::timestamptz + interval '3 days', $2, $4 from n returning id),
  paid as (insert into refund (id, merchant_account_id, order_id, refund_request_id, unique_request_id, origin, amount_minor, currency,
      status, provider_status, send_count, first_sent_at, last_sent_at, next_action_at)
    select refund_id, $1, order_id, request_id, 'MANY' || lpad(n::text, 16, '0'), 'paydesk', 2500, 'INR', status, 'PENDING', 1, $4, $4,
      case when status in ('pending', 'manual_review') then $4::timestamptz + interval '1 day' end from n returning id)
  insert into audit_entry (merchant_account_id, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, outcome, request_id)
    select $1, 'system', 'refund-sender', 'refund-sender', 'refund.send', 'refund', refund_id::text, 'done', 'x' from n
    union all select $1, 'user', $2::text, 'Asha', 'refund_request.approve', 'refund_request', request_id::text, 'done', 'x' from n`

describe('without its walls, the checker finds', () => {
  beforeAll(async () => {
    await query(WALLS)
    await query(WIPE)
  })
  afterEach(() => query(WIPE))

  test('nothing, as long as nothing is broken', async () => {
    await sent()
    expect(await codes()).toEqual([])
  })

  test.each(BROKEN)('%s: %s', async (code, _what, breakIt) => {
    const made = await sent()
    expect(await codes()).toEqual([])
    await breakIt(made)
    // Told as every change is told; the pass over all orders would find it as well.
    await query(
      `insert into live_change (merchant_account_id, subject, subject_id) select merchant_account_id, 'order', id from orders`,
    )
    expect(await codes()).toContain(code)
  })

  test('each invariant that is listed has a broken row here', () => {
    expect([...new Set(BROKEN.map(([code]) => code))].sort()).toEqual([...INVARIANT_CODES].sort())
  })
})

describe('what is found', () => {
  afterEach(() => query(WIPE))

  test('is told once, stays open, and is over when it is no longer so', async () => {
    const { orderId } = await sent()
    await query('update orders set reserved_minor = reserved_minor - 1 where id = $1', [orderId])
    const first = await check()
    expect(first.fresh).toMatchObject([{ invariant: 'I1', orderId, breach: true }])
    expect((await check()).fresh).toEqual([])
    const open = await world.deps.store.invariantChecks.openViolations(world.account.id)
    expect(open).toMatchObject([{ invariant: 'I1', orderId }])
    const { rows } = await query(`select reason from audit_entry where action = 'invariant.broken'`)
    expect(rows).toHaveLength(1)
    await query('update orders set reserved_minor = reserved_minor + 1 where id = $1', [orderId])
    await check()
    expect(await world.deps.store.invariantChecks.openViolations(world.account.id)).toEqual([])
  })

  test('is of one account only', async () => {
    const { orderId } = await sent()
    await query('update orders set reserved_minor = reserved_minor - 1 where id = $1', [orderId])
    await check()
    expect(await world.deps.store.invariantChecks.openViolations(randomUUID())).toEqual([])
  })
})

describe('the kill switch', () => {
  afterEach(() => query(WIPE))
  const stops = async () =>
    (await query(`select id, reason, set_by_name as by from refund_stop order by set_at`)).rows

  test('is tripped once by what is broken, not each minute, and again only by something new', async () => {
    const { orderId } = await sent()
    await query('update orders set reserved_minor = reserved_minor - 1 where id = $1', [orderId])
    await check()
    expect(await stops()).toMatchObject([{ by: 'invariant-checker', reason: expect.stringContaining('I1') }])
    await check()
    expect(await stops()).toHaveLength(1)
    // Somebody looked and lifted it: the same violation does not stop refunds again.
    const [stop] = await stops()
    await liftStop(world.deps, world.approver, { stopId: String(stop?.id), note: 'Looked at it' })
    await check()
    expect(await stops()).toHaveLength(1)
    const other = await sent()
    await query('update orders set charged_minor = charged_minor + 1 where id = $1', [other.orderId])
    await check()
    expect(await stops()).toHaveLength(2)
  })

  test('holds back what is ready, also when the run died before it was thrown', async () => {
    const { orderId } = await sent()
    const { refund } = await world.ask(await world.chargedOrder(), 1_000n)
    await query('update orders set reserved_minor = reserved_minor - 1 where id = $1', [orderId])
    const { store } = world.deps
    const dying = { ...store.invariantChecks, toStop: () => Promise.reject(new Error('the process ended')) }
    await world.advance(CHECK_EVERY_MS)
    const deps = { ...world.deps, store: { ...store, invariantChecks: dying } }
    await expect(checkInvariants(deps)).rejects.toThrow('the process ended')
    expect(await stops()).toEqual([])
    await check()
    expect(await stops()).toHaveLength(1)
    expect(await sendRefund(world.deps, refund?.refundId ?? '')).toBe('stopped')
  })

  test('is not touched by what is only late', async () => {
    const { refundId } = await sent()
    await query(`update refund set next_action_at = $2::timestamptz - interval '1 hour' where id = $1`, [
      refundId,
      world.deps.clock.now(),
    ])
    expect((await check()).found).toMatchObject([{ invariant: 'I11' }])
    expect(await stops()).toEqual([])
  })
})

describe('a run', () => {
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
