import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { winningAttempt } from '../../../server/sandbox/status.ts'
import type { AttemptRecord, AttemptStatus } from '../../../server/sandbox/types.ts'
import { HOUR, MINUTE, SECOND, START, nested, refundsOf, startHarness } from './support.ts'
import type { Harness } from './support.ts'

let harness: Harness
beforeEach(async () => {
  harness = await startHarness()
})
afterEach(() => harness.close())

const scenario = (name: string, orderId = 'ORD1', more = {}) =>
  harness.control('POST', '/control/orders', { orderId, scenario: name, amount: '1000.00', ...more })

const attempt = (orderId: string, outcome: string, n?: number) =>
  harness.control(
    'POST',
    `/control/orders/${orderId}/attempts`,
    n === undefined ? { outcome } : { outcome, attempt: n },
  )

function statuses(...list: AttemptStatus[]): AttemptStatus | undefined {
  const attempts = list.map((status, index): AttemptRecord => {
    const instrument = { type: 'UPI', method: 'UPI', gateway: 'DUMMY', vpa: null, lastFour: null } as const
    const texts = { rrn: '', epgTxnId: '', authId: '', errorCode: '', errorMessage: '' }
    const unknown = { respCode: null, respMessage: null, respCategory: null }
    const ids = { txnUuid: `u${index}`, orderKey: 'o', n: index + 1, txnId: `t${index}` }
    return {
      ...ids,
      status,
      amountMinor: 1n,
      instrument,
      channel: 'WEB',
      ...texts,
      ...unknown,
      createdAt: 0,
      updatedAt: 0,
    }
  })
  return winningAttempt(attempts)?.status
}

describe('precedence (reference 3.4)', () => {
  it.each<[AttemptStatus[], AttemptStatus]>([
    [['AUTHORIZATION_FAILED', 'PENDING_VBV'], 'PENDING_VBV'],
    [['PENDING_VBV', 'AUTHORIZATION_FAILED'], 'PENDING_VBV'],
    [['CHARGED', 'AUTHORIZATION_FAILED'], 'CHARGED'],
    [['AUTHORIZATION_FAILED', 'AUTHENTICATION_FAILED'], 'AUTHENTICATION_FAILED'],
    [['CHARGED', 'AUTO_REFUNDED'], 'CHARGED'],
    [['AUTO_REFUNDED', 'PENDING_VBV'], 'AUTO_REFUNDED'],
  ])('%j shows %s', (list, shown) => {
    expect(statuses(...list)).toBe(shown)
  })

  it('a failed retry does not downgrade a charged order, unless that observed oddity is switched on', async () => {
    await scenario('charged')
    await attempt('ORD1', 'authorization_failed')
    expect(await harness.status('ORD1')).toMatchObject({ status: 'CHARGED', txn_id: 'paydeskdemo-ORD1-1' })
    await harness.control('POST', '/control/settings', { statusFollowsLastAttempt: true })
    expect(await harness.status('ORD1')).toMatchObject({ status: 'AUTHORIZATION_FAILED' })
  })

  it('ORDER_FAILED then ORDER_SUCCEEDED on one order is normal', async () => {
    await scenario('auth_failed_then_success')
    await harness.sandbox.control.idle()
    const order = await harness.status('ORD1')
    expect(order).toMatchObject({ status: 'CHARGED', txn_id: 'paydeskdemo-ORD1-2', bank_error_code: '' })
    const names = harness.receiver.names().filter((name) => String(name).startsWith('ORDER_'))
    expect(names).toEqual(['ORDER_CREATED', 'ORDER_FAILED', 'ORDER_SUCCEEDED'])
  })
})

describe('late success and double charge (reference 4.3)', () => {
  it('a late success within the threshold becomes a charge', async () => {
    await scenario('late_success')
    expect((await harness.status('ORD1'))['status']).toBe('AUTHORIZATION_FAILED')
    await harness.sandbox.control.advance(45 * SECOND)
    expect(await harness.status('ORD1')).toMatchObject({
      status: 'CHARGED',
      amount_refunded: 0,
      resp_code: null,
    })
  })

  it('a success after the threshold is refunded by rule under an AR id', async () => {
    await scenario('conflict')
    await harness.sandbox.control.advance(12 * MINUTE)
    const order = await harness.status('ORD1')
    expect(order).toMatchObject({
      status: 'AUTO_REFUNDED',
      status_id: 36,
      amount_refunded: 1000,
      refunded: true,
    })
    const [refund] = refundsOf(order)
    expect(refund).toMatchObject({ status: 'SUCCESS', initiated_by: 'AUTO_REFUNDED', amount: 1000 })
    expect(refund?.['unique_request_id']).toMatch(/^AR[A-Za-z0-9]{14}$/)
    expect(harness.receiver.names()).toEqual(
      expect.arrayContaining(['AUTO_REFUND_INITIATED', 'AUTO_REFUND_SUCCEEDED']),
    )
  })

  it('stays charged after the threshold when the switch is off', async () => {
    await harness.control('POST', '/control/merchants', {
      merchantId: 'paydeskdemo',
      autoRefundConflict: false,
    })
    await scenario('conflict')
    await harness.sandbox.control.advance(12 * MINUTE)
    expect((await harness.status('ORD1'))['status']).toBe('CHARGED')
  })

  it('refunds the second charge; the order stays charged on the first', async () => {
    await scenario('double_charge')
    await harness.sandbox.control.advance(MINUTE)
    const order = await harness.status('ORD1')
    expect(order).toMatchObject({ status: 'CHARGED', txn_id: 'paydeskdemo-ORD1-1', amount_refunded: 0 })
    expect(order).not.toHaveProperty('refunds')
    const event = harness.receiver.received.find(
      ({ event: { event_name } }) => event_name === 'AUTO_REFUND_SUCCEEDED',
    )
    const told = nested(event?.event, 'content', 'order')
    expect(told).toMatchObject({
      status: 'AUTO_REFUNDED',
      status_id: 36,
      txn_id: 'paydeskdemo-ORD1-2',
      amount_refunded: 1000,
    })
    expect((await harness.refund('ORD1', 'RF1', '1000')).status).toBe(200)
  })

  it('keeps both charges when the switch is off, and shows one', async () => {
    await harness.control('POST', '/control/merchants', {
      merchantId: 'paydeskdemo',
      autoRefundMultiple: false,
    })
    await scenario('double_charge')
    await harness.sandbox.control.idle()
    expect(await harness.status('ORD1')).toMatchObject({ status: 'CHARGED', txn_id: 'paydeskdemo-ORD1-1' })
    const fields = { unique_request_id: 'RF1', amount: '1000', txn_id: 'paydeskdemo-ORD1-2' }
    const refunded = await harness.call('POST', '/orders/ORD1/refunds', fields)
    expect(refundsOf(refunded.body)).toHaveLength(1)
    expect(refunded.body).toMatchObject({ txn_id: 'paydeskdemo-ORD1-1', amount_refunded: 0 })
    const { body } = await harness.control('GET', '/control/ledger?limit=500')
    const lines = Array.isArray(body['lines']) ? body['lines'] : []
    expect(lines.filter((line: { kind: string }) => line.kind === 'charge')).toHaveLength(2)
  })
})

describe('/control', () => {
  it('back-dates an order with its whole history', async () => {
    const createdAt = new Date(START - 3 * HOUR).toISOString()
    const made = await scenario('refunded', 'OLD1', { createdAt })
    expect(made.body['order']).toMatchObject({
      date_created: '2026-01-05T06:06:53Z',
      last_updated: '2026-01-05T06:07:22Z',
      status: 'CHARGED',
      amount_refunded: 1000,
    })
    await harness.sandbox.control.idle()
    expect(harness.receiver.names()).toEqual([
      'ORDER_CREATED',
      'TXN_CREATED',
      'TXN_CHARGED',
      'ORDER_SUCCEEDED',
      'REFUND_INITIATED',
      'ORDER_REFUNDED',
      'REFUND_ARN_CAPTURED',
    ])
  })

  it.each([
    ['POST', '/control/orders', { scenario: 'unheard' }, /scenario/],
    ['POST', '/control/orders', { amount: 'free' }, /amount/],
    ['POST', '/control/clock', {}, /advanceSeconds or factor/],
    ['POST', '/control/traffic', { perMinute: -1 }, /perMinute/],
    ['POST', '/control/settings', { refundOutcome: 'maybe' }, /refundOutcome/],
    ['POST', '/control/settings', { typo: 1 }, /typo/],
  ] as const)('%s %s refuses %j with a clear 400', async (method, path, body, reason) => {
    const refused = await harness.control(method, path, body)
    expect(refused.status).toBe(400)
    expect(refused.body['error']).toMatch(reason)
  })

  it('refuses pages of other sites and serves its own', async () => {
    const headers = { origin: 'https://evil.example' }
    expect((await fetch(`${harness.address}/control/state`, { headers })).status).toBe(403)
    const page = await fetch(`${harness.address}/control`)
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html'])
    expect((await harness.control('GET', '/healthz')).body).toEqual({ status: 'ok' })
  })

  it('moves the clock over HTTP, and time with everything in it survives a restart', async () => {
    await scenario('pending')
    await harness.control('POST', '/control/clock', { advanceSeconds: 5 })
    expect(harness.clock.now()).toBe(START + 5 * SECOND)
    await harness.restart()
    expect((await harness.status('ORD1'))['status']).toBe('PENDING_VBV')
    await harness.control('POST', '/control/clock', { advanceSeconds: 15 })
    expect((await harness.status('ORD1'))['status']).toBe('CHARGED')
  })
})
