import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, SECOND, refundsOf, startHarness } from './support.ts'
import type { Harness } from './support.ts'

let harness: Harness
beforeEach(async () => {
  harness = await startHarness()
})
afterEach(() => harness.close())

describe('refund refusals (reference 5.5, bodies verbatim)', () => {
  it('rejects an id that was used for the order, even with another amount', async () => {
    await harness.charged('ORD1', '100.00')
    expect((await harness.refund('ORD1', 'RF1', '5')).status).toBe(200)
    const again = await harness.refund('ORD1', 'RF1', '7.50')
    expect(again.status).toBe(400)
    expect(again.text).toBe(
      '{"status_id":-1,"status":"ERROR","error_code":"duplicate.call","error_message":"A refund call was already completed with this unique_request_id for the order."}',
    )
    expect(refundsOf(await harness.status('ORD1'))).toHaveLength(1)
  })

  it('rejects the same amount within five seconds with a string status_id, and takes it at five seconds', async () => {
    await harness.charged('ORD1', '100.00')
    await harness.refund('ORD1', 'RF1', '50.00')
    harness.clock.jumpTo(harness.clock.now() + 5 * SECOND - 1)
    const early = await harness.refund('ORD1', 'RF2', '50')
    expect(early.status).toBe(400)
    expect(early.text).toBe(
      '{"status_id":"-1","status":"ERROR","error_code":"duplicate.call","error_message":"A refund call was already processing with this amount for the order."}',
    )
    harness.clock.jumpTo(harness.clock.now() + 1)
    const later = await harness.refund('ORD1', 'RF2', '50')
    expect(later.status).toBe(200)
    expect(refundsOf(later.body).map((refund) => refund['unique_request_id'])).toEqual(['RF1', 'RF2'])
  })

  it('takes another amount at once', async () => {
    await harness.charged('ORD1', '100.00')
    await harness.refund('ORD1', 'RF1', '50.00')
    expect((await harness.refund('ORD1', 'RF2', '50.01')).body['error_code']).toBe('invalid.amount.exceeded')
    expect((await harness.refund('ORD1', 'RF3', '49.99')).status).toBe(200)
  })

  it('rejects more than what is left, counting pending refunds', async () => {
    await harness.charged('ORD1', '10.80')
    await harness.refund('ORD1', 'RF1', '10.00')
    const over = await harness.refund('ORD1', 'RF2', '0.81')
    expect(over.status).toBe(400)
    expect(over.text).toBe(
      '{"status_id":-1,"status":"ERROR","error_code":"invalid.amount.exceeded","error_message":"Refund amount exceeds the refundable amount."}',
    )
  })

  it.each(['0', '0.00', '-5', 'abc', '1.001'])('rejects the amount %s', async (amount) => {
    await harness.charged('ORD1')
    const refused = await harness.refund('ORD1', 'RF1', amount)
    expect(refused.status).toBe(400)
    expect(refused.text).toBe(
      '{"status_id":-1,"status":"ERROR","error_code":"invalid amount","error_message":"Amount is invalid."}',
    )
  })

  it.each([{ amount: '1' }, { unique_request_id: 'RF1' }, {}])(
    'rejects missing fields: %j',
    async (fields) => {
      await harness.charged('ORD1')
      const refused = await harness.call('POST', '/orders/ORD1/refunds', fields)
      expect(refused.status).toBe(400)
      expect(refused.text).toBe(
        '{"status":"Bad Request","error_code":"Mandatory fields are missing","error_message":"Mandatory fields are missing"}',
      )
    },
  )

  it('rejects an order that is not charged', async () => {
    await harness.control('POST', '/control/orders', { orderId: 'ORD1', scenario: 'failed' })
    const refused = await harness.refund('ORD1', 'RF1', '1')
    expect(refused.status).toBe(400)
    expect(refused.text).toBe(
      '{"status_id":-1,"status":"ERROR","error_code":"invalid.order.not_successful","error_message":"Cannot process unsuccessful order."}',
    )
  })

  it('does not know an unknown order: 400 by default, 404 when switched', async () => {
    const refused = await harness.refund('TEST1r32766', 'RF1', '1')
    expect(refused.status).toBe(400)
    expect(refused.text).toBe('{"status_id":40,"status":"NOT_FOUND","order_id":"TEST1r32766"}')
    await harness.control('POST', '/control/settings', { unknownOrderOnRefund: 404 })
    expect((await harness.refund('TEST1r32766', 'RF1', '1')).status).toBe(404)
  })

  it('takes 25 refunds an order and no more', async () => {
    await harness.charged('ORD1', '1000.00')
    for (let i = 1; i <= 25; i += 1) expect((await harness.refund('ORD1', `RF${i}`, `${i}`)).status).toBe(200)
    const refused = await harness.refund('ORD1', 'RF26', '26')
    expect([refused.status, refused.body['error_code']]).toEqual([400, 'request.exceeded'])
  })

  it('refuses a wrong key without touching money', async () => {
    await harness.charged('ORD1')
    const fields = { unique_request_id: 'RF1', amount: '1' }
    const refused = await harness.call('POST', '/orders/ORD1/refunds', fields, {
      authorization: 'Basic d3Jvbmc6',
    })
    expect(refused.status).toBe(401)
    expect(await harness.status('ORD1')).not.toHaveProperty('refunds')
  })
})

describe('refund life (reference 5.3)', () => {
  it('goes PENDING, sent, SUCCESS with a reference, then gets its ARN; the order stays CHARGED', async () => {
    await harness.charged('ORD1')
    const accepted = await harness.refund('ORD1', 'RF1', '5')
    expect(accepted.body).toMatchObject({
      status: 'CHARGED',
      status_id: 21,
      amount_refunded: 5,
      refunded: false,
    })
    expect(refundsOf(accepted.body)[0]).toMatchObject({
      unique_request_id: 'RF1',
      id: null,
      ref: null,
      status: 'PENDING',
      amount: 5,
      sent_to_gateway: false,
      initiated_by: 'API',
      refund_source: 'DUMMY',
      refund_type: 'STANDARD',
      error_code: null,
      error_message: '',
    })
    await harness.sandbox.control.advance(2 * SECOND)
    const sent = refundsOf(await harness.status('ORD1'))[0]
    expect(sent).toMatchObject({ status: 'PENDING', sent_to_gateway: true, id: null })
    await harness.sandbox.control.advance(3 * SECOND)
    const paid = refundsOf(await harness.status('ORD1'))[0]
    expect(paid).toMatchObject({
      status: 'SUCCESS',
      id: 'RF1',
      error_code: '00',
      error_message: 'Refund Success',
    })
    expect(paid?.['ref']).toMatch(/^\d{12}$/)
    expect(paid).not.toHaveProperty('arn')
    await harness.sandbox.control.advance(20 * SECOND)
    expect(refundsOf(await harness.status('ORD1'))[0]?.['arn']).toMatch(/^74\d{21}$/)
    expect(harness.receiver.names().slice(-3)).toEqual([
      'REFUND_INITIATED',
      'ORDER_REFUNDED',
      'REFUND_ARN_CAPTURED',
    ])
  })

  it('rolls the amount back when it fails, and lets a new id try again', async () => {
    await harness.control('POST', '/control/settings', { refundOutcome: 'failure' })
    await harness.charged('ORD1')
    const accepted = await harness.refund('ORD1', 'RF1', '10.80')
    expect(accepted.body).toMatchObject({
      amount_refunded: 10.8,
      refunded: true,
      maximum_eligible_refund_amount: 0,
    })
    await harness.sandbox.control.advance(5 * SECOND)
    const order = await harness.status('ORD1')
    expect(order).toMatchObject({
      status: 'CHARGED',
      amount_refunded: 0,
      refunded: false,
      maximum_eligible_refund_amount: 10.8,
    })
    expect(refundsOf(order)[0]).toMatchObject({ status: 'FAILURE', id: 'RF1', ref: null, error_code: '105' })
    expect(harness.receiver.names().at(-1)).toBe('ORDER_REFUND_FAILED')
    expect((await harness.refund('ORD1', 'RF2', '10.80')).status).toBe(200)
  })

  it('asks for manual review after ten days of silence, and a person settles it', async () => {
    await harness.control('POST', '/control/settings', { refundOutcome: 'stuck' })
    await harness.charged('ORD1')
    await harness.refund('ORD1', 'RF1', '5')
    await harness.sandbox.control.advance(10 * DAY - 1)
    expect(refundsOf(await harness.status('ORD1'))[0]).toMatchObject({
      status: 'PENDING',
      sent_to_gateway: true,
    })
    await harness.sandbox.control.advance(1)
    const order = await harness.status('ORD1')
    expect(refundsOf(order)[0]).toMatchObject({ status: 'MANUAL_REVIEW', id: null })
    expect(order['amount_refunded']).toBe(5)
    expect(harness.receiver.names().at(-1)).toBe('REFUND_MANUAL_REVIEW_NEEDED')
    const settled = await harness.control('POST', '/control/orders/ORD1/refunds/RF1', { status: 'SUCCESS' })
    expect(refundsOf(settled.body)[0]).toMatchObject({ status: 'SUCCESS', id: 'RF1' })
  })
})

describe('other refund calls', () => {
  it('answers POST /refunds with one flat refund (reference 5.2)', async () => {
    await harness.charged('ORD1')
    const fields = { unique_request_id: 'RF1', amount: '1', txn_id: 'paydeskdemo-ORD1-1' }
    const accepted = await harness.call('POST', '/refunds', fields)
    expect(accepted.status).toBe(200)
    expect(accepted.body).toEqual({
      unique_request_id: 'RF1',
      txn_id: 'paydeskdemo-ORD1-1',
      order_id: 'ORD1',
      status: 'PENDING',
      sent_to_gateway: false,
      response_code: null,
      refund_type: 'STANDARD',
      refund_source: 'DUMMY',
      refund_arn: null,
      reference_id: null,
      initiated_by: 'API',
      gateway: 'DUMMY',
      error_message: null,
      epg_txn_id: null,
      created: '2026-01-05T09:06:53Z',
      authorization_id: null,
      amount: 1,
    })
  })

  it('takes JSON bodies and number amounts', async () => {
    await harness.charged('ORD1')
    const accepted = await harness.postJson('/orders/ORD1/refunds', {
      unique_request_id: 'RF1',
      amount: 10.8,
    })
    expect(refundsOf(accepted.body)[0]?.['amount']).toBe(10.8)
  })

  it('writes every call, acceptance, refusal and state change to the ledger', async () => {
    await harness.charged('ORD1')
    await harness.refund('ORD1', 'RF1', '5')
    await harness.refund('ORD1', 'RF1', '5')
    await harness.sandbox.control.advance(5 * SECOND)
    const { body } = await harness.control('GET', '/control/ledger?limit=500')
    const lines = Array.isArray(body['lines']) ? body['lines'] : []
    const kinds = lines
      .map((line: { kind: string }) => line.kind)
      .filter((kind: string) => kind.startsWith('refund'))
    expect(kinds).toEqual([
      'refund_accepted',
      'refund_call',
      'refund_refused',
      'refund_call',
      'refund_state',
      'refund_state',
    ])
    const call = lines.find((line: { kind: string }) => line.kind === 'refund_call')
    expect(call).toMatchObject({
      requestBody: 'unique_request_id=RF1&amount=5',
      status: 200,
      left: 'complete',
    })
  })
})
