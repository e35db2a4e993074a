import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { CHECK_EVERY_MS, INVARIANT_CODES } from '../../../server/domain/invariant.ts'
import { checkInvariants } from '../../../server/services/refunds/check-invariants.ts'
import { sendRefund } from '../../../server/services/refunds/send-refund.ts'
import { liftStop } from '../../../server/services/refunds/stop-refunds.ts'
import { invariantSteps, WALLS, WIPE } from '../../support/invariant-steps.ts'
import { openRefundWorld, type RefundWorld } from '../../support/refund-fixtures.ts'

let world: RefundWorld
beforeAll(async () => {
  world = await openRefundWorld()
  await query(WALLS)
})
afterAll(() => world.close())

const { query, check, codes, sent } = invariantSteps(() => world)

/** The person of the account's own total. */
const EVERYBODY = '00000000-0000-0000-0000-000000000000'

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
      'I10',
      'a day that forgot what a person asked for',
      () =>
        query('update refund_day_total set asked_minor = asked_minor - 1 where person = $1', [
          world.support.userId,
        ]),
    ],
    [
      'I10',
      'a day that forgot what was sent',
      () => query(`update refund_day_total set sent_minor = 0, sent_count = 0 where person = '${EVERYBODY}'`),
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

describe('without its walls, the checker finds', () => {
  afterEach(async () => {
    await query(WIPE)
    await query('truncate refund_day_total')
  })

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
