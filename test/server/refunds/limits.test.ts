import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { DEFAULT_POLICY, type ApprovalPolicy } from '../../../server/domain/approval-policy.ts'
import { dayInIndia, nextDayInIndia, type RefundLimits } from '../../../server/domain/refund-limit.ts'
import { checkStatus } from '../../../server/services/orders/check-status.ts'
import { previewRefund } from '../../../server/services/refunds/preview-refund.ts'
import { withdrawRefundRequest } from '../../../server/services/refunds/withdraw-refund-request.ts'
import { setPolicy } from '../../../server/services/settings/set-policy.ts'
import type { StaffActor } from '../../../server/domain/actor.ts'
import { createStaff } from '../../support/factories.ts'
import { drainEvents } from '../../../server/jobs/process-events.ts'
import { deliver } from '../../support/harness.ts'
import { openRefundWorld, type RefundWorld } from '../../support/refund-fixtures.ts'

let world: RefundWorld
let admin: StaffActor
let version = 0
let listed = DEFAULT_POLICY.rules.reasons

beforeAll(async () => {
  world = await openRefundWorld()
  admin = await createStaff(world.deps.database, world.account, 'admin', 'Mira Rao')
})

afterAll(() => world.close())

/** Each test begins a day of its own: what was asked for before is yesterday's. */
beforeEach(async () => {
  const now = world.deps.clock.now()
  await world.advance(nextDayInIndia(now).getTime() - now.getTime() + 60_000)
  await limit({})
})

async function limit(limits: Partial<RefundLimits>, rules: Partial<ApprovalPolicy> = {}): Promise<void> {
  const base = { ...DEFAULT_POLICY.rules, reasons: listed, approvalAboveMinor: 1_000_000n, ...rules }
  const open = { ...base.limits, roles: [], ...limits }
  const set = await setPolicy(world.deps, world.approver, {
    basedOn: version,
    rules: { ...base, limits: open },
    confirmOff: false,
  })
  version = set.version
}

const finance = (dayMinor: bigint) => ({ roles: [{ role: 'finance' as const, dayMinor }] })

/** Totals as the triggers keep them, and as the rows say. */
async function totalsDiffer(): Promise<unknown[]> {
  const { rows } = await world.deps.database.pool.query(`
    with asked as (
      select day_in_india(q.requested_at) as day, q.requested_by as person, count(*) as n,
        coalesce(sum(q.amount_minor) filter (where q.currency = a.currency), 0) as minor
      from refund_request q join merchant_account a on a.id = q.merchant_account_id
      where q.status = 'pending_approval' or (q.status = 'approved' and (
        not exists (select from refund r where r.refund_request_id = q.id)
        or exists (select from refund r where r.refund_request_id = q.id and r.status not in ('failed', 'rejected'))))
      group by 1, 2),
    sent as (
      select day_in_india(r.first_sent_at) as day, q.requested_by as person, count(*) as n,
        coalesce(sum(r.amount_minor) filter (where r.currency = a.currency), 0) as minor
      from refund r join refund_request q on q.id = r.refund_request_id
      join merchant_account a on a.id = q.merchant_account_id
      where r.first_sent_at is not null and r.status not in ('failed', 'rejected') group by 1, 2),
    rows as (
      select coalesce(asked.day, sent.day) as day, coalesce(asked.person, sent.person) as person,
        coalesce(asked.minor, 0) as am, coalesce(asked.n, 0) as an, coalesce(sent.minor, 0) as sm, coalesce(sent.n, 0) as sn
      from asked full join sent on asked.day = sent.day and asked.person = sent.person),
    everybody as (
      select * from rows union all
      select day, '00000000-0000-0000-0000-000000000000', sum(am), sum(an), sum(sm), sum(sn) from rows group by day)
    select t.*, e.* from refund_day_total t full join everybody e on e.day = t.day and e.person = t.person
    where (coalesce(t.asked_minor, 0), coalesce(t.asked_count, 0), coalesce(t.sent_minor, 0), coalesce(t.sent_count, 0))
      is distinct from (coalesce(e.am, 0), coalesce(e.an, 0), coalesce(e.sm, 0), coalesce(e.sn, 0))`)
  return rows
}

describe('what a person may ask for in a day', () => {
  test('ends at the limit, and begins again at midnight in India', async () => {
    await limit(finance(9_000n))
    const order = await world.chargedOrder()
    await world.ask(order, 6_000n)
    expect(await previewRefund(world.deps, world.finance, order)).toMatchObject({
      limit: { scope: 'person', limitMinor: 9_000n, leftMinor: 3_000n },
      block: null,
    })
    await expect(world.ask(order, 3_001n)).rejects.toMatchObject({
      code: 'limit_exceeded',
      message: 'Only ₹30.00 is left of your limit for today, ₹90.00.',
    })
    await world.ask(order, 3_000n)
    const other = await world.chargedOrder()
    expect(await previewRefund(world.deps, world.finance, other)).toMatchObject({
      block: { code: 'limit_exceeded' },
    })
    await expect(world.ask(other, 1n)).rejects.toMatchObject({ code: 'limit_exceeded' })
    // The limit is one of finance: others have their own.
    await world.ask(other, 1_000n, { actor: world.support })
    const now = world.deps.clock.now()
    await world.advance(nextDayInIndia(now).getTime() - now.getTime())
    await world.ask(other, 9_000n)
    expect(await totalsDiffer()).toEqual([])
  })

  test('is not passed by many at the same moment', async () => {
    await limit(finance(10_000n))
    const orders: { orderId: string }[] = []
    while (orders.length < 10) orders.push(await world.chargedOrder())
    const asked = await Promise.allSettled(orders.map((order) => world.ask(order, 3_000n)))
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    for (const result of asked)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'limit_exceeded' })
    expect(await totalsDiffer()).toEqual([])
  })

  test('comes back when a request is withdrawn, rejected or expires', async () => {
    await limit(finance(10_000n), { alwaysApproveRoles: ['finance'], expiresAfterHours: 1 })
    const order = await world.chargedOrder()
    const left = async () => (await previewRefund(world.deps, world.finance, order)).limit?.leftMinor
    const first = await world.ask(order, 4_000n)
    const second = await world.ask(order, 5_000n)
    expect(await left()).toBe(1_000n)
    await withdrawRefundRequest(world.deps, world.finance, { requestId: first.request.id, note: null })
    expect(await left()).toBe(5_000n)
    await world.decide(second.request.requestId ?? '', 'reject')
    expect(await left()).toBe(10_000n)
    expect(await totalsDiffer()).toEqual([])
  })

  test('may be set for one person in place of the role', async () => {
    await limit({ ...finance(100n), people: [{ userId: world.finance.userId, dayMinor: 2_000n }] })
    await world.ask(await world.chargedOrder(), 2_000n)
  })
})

describe('a refund that comes to nothing', () => {
  test('gives back what it took of the day, and takes it again when it is paid after all', async () => {
    await limit(finance(10_000n))
    const order = await world.chargedOrder()
    const left = async () => (await previewRefund(world.deps, world.finance, order)).limit?.leftMinor
    await world.control('/settings', { refundOutcome: 'failure' })
    const { refund } = await world.ask(order, 7_000n)
    expect(await left()).toBe(3_000n)
    await world.drainUntilSettled(order.orderId)
    await world.control('/settings', { refundOutcome: 'success' })
    expect((await world.refunds(order.orderId)).map(({ status }) => status)).toEqual(['failed'])
    expect(await left()).toBe(10_000n)
    expect(await totalsDiffer()).toEqual([])
    const key = refund?.uniqueRequestId ?? ''
    await world.control(`/orders/${order.orderRef}/refunds/${key}`, { status: 'SUCCESS' })
    await checkStatus(world.deps, world.finance, { orderId: order.orderId })
    expect((await world.refunds(order.orderId)).map(({ status }) => status)).toEqual(['succeeded'])
    expect(await left()).toBe(3_000n)
    expect(await totalsDiffer()).toEqual([])
  })

  test('counts once, whatever way its request goes: returned, approved again, sent again', async () => {
    await limit(finance(10_000n), { alwaysApproveRoles: ['finance'] })
    const order = await world.chargedOrder()
    const { request } = await world.ask(order, 8_000n)
    await world.decide(request.requestId ?? '', 'approve')
    expect(await totalsDiffer()).toEqual([])
    // A portal refund takes what was set aside: ours is closed unsent and waits for another decision.
    await world.client.refund({
      orderRef: order.orderRef,
      uniqueRequestId: 'PORTALLIMIT',
      amountMinor: 5_000n,
      currency: 'INR',
      routingId: 'x',
    })
    await world.drain()
    expect(
      await world.deps.store.refundRequests.byId(world.account.id, request.requestId ?? ''),
    ).toMatchObject({
      status: 'pending_approval',
    })
    expect(await totalsDiffer()).toEqual([])
    await world.decide(request.requestId ?? '', 'reject')
    expect(await totalsDiffer()).toEqual([])
  })
})

describe('a refund in another currency than the account’s', () => {
  test('always needs approval, is added to no amount, and counts as one', async () => {
    await limit({ ...finance(1_000n), accountDayMinor: 1_000n })
    const order = await world.chargedOrder()
    const set = (sql: string) => world.deps.database.pool.query(sql, [order.orderId])
    await set(`update orders set currency = 'USD' where id = $1`)
    const preview = await previewRefund(world.deps, world.finance, order)
    expect(preview).toMatchObject({ limit: null, needsApprovalAlways: true, block: null })
    const { request, needsApproval } = await world.ask(order, 5_000n, { currency: 'USD' })
    expect(needsApproval).toBe(true)
    const asked = await world.deps.store.refundRequests.byId(world.account.id, request.requestId ?? '')
    expect(asked?.policyReason).toBe('Refunds in USD always need approval: the limits are in INR.')
    const { accountId, userId: personId } = world.finance
    const day = dayInIndia(world.deps.clock.now())
    const totals = await world.deps.store.refundDays.totals({ accountId, personId, day })
    expect(totals).toMatchObject({ person: { askedMinor: 0n }, account: { askedMinor: 0n } })
    const { rows } = await world.deps.database.pool.query(
      'select asked_count from refund_day_total where merchant_account_id = $1 and person = $2 and day = $3::date',
      [accountId, personId, day],
    )
    expect(rows).toEqual([{ asked_count: 1 }])
    expect(await totalsDiffer()).toEqual([])
  })
})

describe('what an account may ask for in a day', () => {
  test('is shared by everybody', async () => {
    await limit({ accountDayMinor: 5_000n })
    await world.ask(await world.chargedOrder(), 3_000n)
    await expect(
      world.ask(await world.chargedOrder(), 2_001n, { actor: world.support }),
    ).rejects.toMatchObject({
      message: 'Only ₹20.00 is left of the limit of this account for today, ₹50.00.',
    })
    await world.ask(await world.chargedOrder(), 2_000n, { actor: world.support })
  })
})

describe('one order', () => {
  test('has at most so many refunds that came to something', async () => {
    await limit({ orderRefundsMax: 2 }, { alwaysApproveRoles: ['finance'] })
    const order = await world.chargedOrder()
    const first = await world.ask(order, 1_000n)
    await world.ask(order, 1_100n)
    await expect(world.ask(order, 1_200n)).rejects.toMatchObject({
      code: 'limit_exceeded',
      message: 'One order can have 2 refunds at most.',
    })
    await withdrawRefundRequest(world.deps, world.finance, { requestId: first.request.id, note: null })
    await world.ask(order, 1_200n)
  })
})

describe('sending', () => {
  test('waits for tomorrow when today is used up, and keeps its approval', async () => {
    const orders = [await world.chargedOrder(), await world.chargedOrder()]
    for (const order of orders) await world.ask(order, 5_000n)
    await limit(finance(7_000n))
    await world.drain()
    const sent = orders.filter(({ orderRef }) => world.accepted(orderRef).length > 0)
    expect(sent).toHaveLength(1)
    await world.advance(60 * 60_000)
    await world.drain()
    expect(orders.filter(({ orderRef }) => world.accepted(orderRef).length > 0)).toHaveLength(1)
    const now = world.deps.clock.now()
    const waiting = orders.find((order) => !sent.includes(order))
    const [kept] = await world.deps.store.refunds.byOrder(world.account.id, waiting?.orderId ?? '')
    expect(kept?.held).toMatchObject({ why: 'day_limit', until: nextDayInIndia(now) })
    await world.advance(nextDayInIndia(now).getTime() - now.getTime() + 1_000)
    for (const order of orders) await world.drainUntilSettled(order.orderId)
    for (const order of orders) expect(world.accepted(order.orderRef)).toHaveLength(1)
    expect(await totalsDiffer()).toEqual([])
  })

  test('goes on today when the limit is raised', async () => {
    const order = await world.chargedOrder()
    await world.ask(order, 5_000n)
    await limit(finance(4_000n))
    await world.drain()
    expect(world.accepted(order.orderRef)).toEqual([])
    await limit(finance(5_000n))
    await world.drainUntilSettled(order.orderId)
    expect(world.accepted(order.orderRef)).toHaveLength(1)
  })

  test('counts a refund once, however often it is sent', async () => {
    await limit(finance(5_000n))
    const order = await world.chargedOrder()
    await world.fault({ kind: 'timeout', route: 'refund', count: 2 })
    await world.ask(order, 5_000n)
    await world.drainUntilSettled(order.orderId)
    await world.clearFaults()
    expect(world.accepted(order.orderRef)).toHaveLength(1)
    const { accountId, userId: personId } = world.finance
    const day = dayInIndia(world.deps.clock.now())
    const totals = await world.deps.store.refundDays.totals({ accountId, personId, day })
    expect(totals.person.sentMinor).toBe(5_000n)
    expect(await totalsDiffer()).toEqual([])
  })
})

describe('amounts just under the line', () => {
  test('the fourth of a day goes to an approver', async () => {
    await limit({}, { approvalAboveMinor: 2_000n })
    const ask = async () => (await world.ask(await world.chargedOrder(), 1_999n)).request.status
    expect([await ask(), await ask(), await ask()]).not.toContain('waiting_approval')
    const order = await world.chargedOrder()
    expect((await previewRefund(world.deps, world.finance, order)).nearLine).toEqual({
      overMinor: 1_800n,
      upToMinor: 2_000n,
      today: 3,
    })
    expect(await ask()).toBe('waiting_approval')
    expect((await world.ask(order, 1_500n)).request.status).not.toBe('waiting_approval')
  })
})

describe('changing the policy', () => {
  const now = () => world.deps.store.refundPolicies.current(world.account.id)

  test('nobody raises their own limit, and switching approvals off has to be said', async () => {
    await limit({ roles: [{ role: 'admin', dayMinor: 1_000n }] })
    const { rules } = await now()
    const write = (change: Partial<ApprovalPolicy>, actor = admin) =>
      setPolicy(world.deps, actor, { basedOn: version, rules: { ...rules, ...change }, confirmOff: false })
    const raised = { ...rules.limits, roles: [{ role: 'admin' as const, dayMinor: 1_001n }] }
    await expect(write({ limits: raised })).rejects.toMatchObject({ code: 'own_limit' })
    const own = { ...rules.limits, people: [{ userId: admin.userId, dayMinor: 5_000n }] }
    await expect(write({ limits: own })).rejects.toMatchObject({ code: 'own_limit' })
    await expect(write({ limits: { ...rules.limits, roles: [] } })).rejects.toMatchObject({
      code: 'own_limit',
    })
    await expect(write({ approvalAboveMinor: 10_000_000_000_000n })).rejects.toMatchObject({
      code: 'confirmation_needed',
    })
    const reasons = rules.reasons.filter(({ code }) => code !== 'fraud')
    await expect(write({ reasons })).rejects.toMatchObject({ message: expect.stringContaining('Fraud') })
    version = (await write({ limits: raised }, world.approver)).version
  })

  test('a reason of one’s own can be chosen, one switched off cannot', async () => {
    const { reasons } = DEFAULT_POLICY.rules
    const own = { code: 'damaged_in_transit', label: 'Damaged in transit', active: true, noteMinLength: 4 }
    const off = reasons.map((reason) => ({ ...reason, active: reason.code !== 'goodwill' }))
    await limit({}, { reasons: [...off, own] })
    const order = await world.chargedOrder()
    await expect(world.ask(order, 100n, { reason: own.code })).rejects.toMatchObject({
      code: 'note_required',
    })
    const { request } = await world.ask(order, 100n, { reason: own.code, note: 'Wet box' })
    expect(request.reason).toBe('Damaged in transit')
    await expect(world.ask(order, 100n, { reason: 'goodwill', note: 'x'.repeat(20) })).rejects.toMatchObject({
      code: 'invalid_input',
    })
    const history = await world.deps.store.refundPolicies.history(world.account.id, { below: null, limit: 2 })
    expect(history.map((one) => one.version)).toEqual([version, version - 1])
    expect(history[0]?.writtenBy).toBe('Rohan Das')
    // One that was ever listed stays.
    listed = [...reasons, own]
  })
})

describe('disputed money', () => {
  async function dispute(orderId: string, amountMinor: bigint, status = 'received'): Promise<void> {
    const { orderRef } = (await world.deps.store.orders.byId(world.account.id, orderId)) ?? { orderRef: '' }
    const content = {
      chargeback: {
        id: `cb_${orderRef}`,
        amount: (Number(amountMinor) / 100).toFixed(2),
        order_id: orderRef,
      },
    }
    const name = status === 'received' ? 'CHARGEBACK_RECEIVED' : 'CHARGEBACK_RESOLVED_IN_MERCHANT_FAVOUR'
    const body = {
      id: randomUUID(),
      event_name: name,
      date_created: world.deps.clock.now().toISOString(),
      content,
    }
    await deliver(world.deps, world.account.id, Buffer.from(JSON.stringify(body)))
    await drainEvents(world.deps)
  }

  test('is not left to refund, and comes back when the merchant wins', async () => {
    const order = await world.chargedOrder()
    await dispute(order.orderId, 7_000n)
    expect(await previewRefund(world.deps, world.finance, order)).toMatchObject({
      leftMinor: 3_000n,
      block: null,
    })
    await expect(world.ask(order, 3_001n)).rejects.toMatchObject({ code: 'amount_exceeds_left' })
    await world.ask(order, 3_000n)
    await world.advance(60_000)
    await dispute(order.orderId, 7_000n, 'resolved')
    expect((await previewRefund(world.deps, world.finance, order)).leftMinor).toBe(7_000n)
  })

  test('takes back an agreement that its money no longer covers; nothing is sent', async () => {
    await limit({}, { alwaysApproveRoles: ['finance'] })
    const order = await world.chargedOrder()
    const { request } = await world.ask(order, 6_000n)
    const waiting = await world.ask(order, 1_000n)
    await world.decide(request.requestId ?? '', 'approve')
    await dispute(order.orderId, 5_000n)
    await world.drain()
    expect(world.accepted(order.orderRef)).toEqual([])
    const [refund] = await world.refunds(order.orderId)
    expect(refund?.status).toBe('rejected')
    await expect(world.decide(waiting.request.requestId ?? '', 'approve')).rejects.toMatchObject({
      code: 'amount_exceeds_left',
      message: expect.stringContaining('₹50.00 of this order is disputed'),
    })
    await world.advance(60_000)
    await dispute(order.orderId, 5_000n, 'resolved')
    await world.decide(request.requestId ?? '', 'approve')
    await world.drainUntilSettled(order.orderId)
    expect(world.accepted(order.orderRef)).toHaveLength(1)
  })
})
