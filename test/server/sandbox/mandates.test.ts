/** Mandates registered with an order, and what the merchant does with them (reference 2.1, 3.5, 4.2, 4.3, 9.1). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MINUTE, nested, startHarness, type Harness, type Json } from './support.ts'

let harness: Harness
beforeEach(async () => {
  harness = await startHarness()
})
afterEach(() => harness.close())

const TERMS = {
  order_id: 'ORD1',
  amount: '1.00',
  customer_id: 'cust_1',
  'options.create_mandate': 'REQUIRED',
  'mandate.max_amount': '1000.00',
  'mandate.start_date': '1598745600',
  'mandate.end_date': '1606521610',
  'mandate.frequency': 'MONTHLY',
  'mandate.rule_type': 'AFTER',
  'mandate.rule_value': '30',
}

const create = (change: Json = {}) => harness.call('POST', '/orders', { ...TERMS, ...change })
const pay = (outcome = 'success', more: Json = {}) =>
  harness.control('POST', '/control/orders/ORD1/attempts', { outcome, ...more })
const mandateNames = () => harness.receiver.names().filter((name) => String(name).startsWith('MANDATE_'))

async function active(): Promise<string> {
  await create()
  await pay()
  await harness.sandbox.control.idle()
  return String(nested(await harness.status('ORD1'), 'mandate')['mandate_id'])
}

describe('a registration', () => {
  it('is created with the attempt, active with the charge, and told in the order (sample order-status/076)', async () => {
    await active()
    const order = await harness.status('ORD1')
    expect(nested(order, 'mandate')).toMatchObject({
      mandate_status: 'ACTIVE',
      mandate_type: 'EMANDATE',
      frequency: 'MONTHLY',
      max_amount: 1000,
      start_date: '1598745600',
      end_date: '1606521610',
      rule_type: 'AFTER',
      rule_value: 30,
      amount_rule: 'VARIABLE',
      revokable_by_customer: true,
      block_fund: false,
    })
    expect(nested(order, 'txn_detail')).toMatchObject({
      txn_object_type: 'EMANDATE_REGISTER',
      source_object: 'MANDATE',
    })
    expect(mandateNames()).toEqual(['MANDATE_CREATED', 'MANDATE_ACTIVATED'])
  })

  it('fails with its payment, and is asked for again with the next attempt', async () => {
    await create()
    await pay('authorization_failed')
    expect(nested(await harness.status('ORD1'), 'mandate')['mandate_status']).toBe('FAILURE')
    await pay('success', { paymentMethodType: 'CARD' })
    const order = await harness.status('ORD1')
    expect(nested(order, 'mandate')).toMatchObject({ mandate_status: 'ACTIVE', mandate_type: 'MANDATE' })
    await harness.sandbox.control.idle()
    expect(mandateNames()).toEqual([
      'MANDATE_CREATED',
      'MANDATE_FAILED',
      'MANDATE_CREATED',
      'MANDATE_ACTIVATED',
    ])
  })

  it('is not refunded as a late success (reference 4.3)', async () => {
    await create()
    await pay('authorization_failed')
    await harness.sandbox.control.advance(30 * MINUTE)
    await pay('success', { attempt: 1 })
    expect((await harness.status('ORD1'))['status']).toBe('CHARGED')
  })

  it.each([
    [{ customer_id: '' }, 'CUSTOMER_ID_NOT_FOUND', undefined],
    [{ 'mandate.max_amount': '100000.01' }, 'INVALID_REQUEST', 'mandate.max_amount'],
    [{ 'mandate.start_date': 'soon' }, 'INVALID_START_DATE', 'mandate.start_date'],
    [{ 'mandate.end_date': '1598745599' }, 'INVALID_START_DATE', 'mandate.start_date'],
    [{ 'mandate.frequency': 'HOURLY' }, 'INVALID_FREQUENCY', 'mandate.frequency'],
    [{ 'mandate.block_funds': 'true' }, 'INVALID_BLOCK_FUNDS', 'mandate.block_funds'],
  ])('with %j is refused as %s', async (change, code, field) => {
    const refused = await create(change)
    expect(refused.status).toBe(400)
    expect(refused.body['error_code']).toBe(code)
    const fields = nested(refused.body, 'error_info')['fields']
    expect(fields).toEqual(field === undefined ? undefined : [{ field_name: field, reason: 'Invalid Value' }])
  })
})

describe('POST /mandates/:id', () => {
  const command = (id: string, name: string, more: Json = {}) =>
    harness.call('POST', `/mandates/${id}`, { command: name, ...more })

  it('pauses, resumes and revokes, each with its event; a revoked mandate stays revoked', async () => {
    const id = await active()
    expect((await command(id, 'pause')).body).toMatchObject({ mandate_id: id, status: 'PAUSED' })
    expect((await command(id, 'pause')).body).toMatchObject({ error_code: 'invalid_request' })
    expect((await command(id, 'resume')).body['status']).toBe('ACTIVE')
    expect((await command(id, 'revoke')).body['status']).toBe('REVOKED')
    expect((await command(id, 'resume')).status).toBe(400)
    expect((await command(id, 'check_status')).body['status']).toBe('REVOKED')
    await harness.sandbox.control.idle()
    expect(mandateNames().slice(2)).toEqual(['MANDATE_PAUSED', 'MANDATE_UNPAUSED', 'MANDATE_REVOKED'])
  })

  it('announces a debit and calls it off, not within five minutes (samples error/01, 02, 25)', async () => {
    const id = await active()
    const cancel = (more: Json = { order_id: 'ORD1' }) => command(id, 'cancel_recurring_transaction', more)
    expect((await cancel({})).body).toMatchObject({
      error_code: 'bad_request',
      error_message: 'Please send order_id',
    })
    expect((await cancel()).body['message']).toBe('No active recurring transactions are scheduled.')
    await command(id, 'pre_debit_notify')
    await harness.sandbox.control.idle()
    expect(harness.receiver.names().at(-1)).toBe('NOTIFICATION_SUCCEEDED')
    expect((await cancel()).body).toMatchObject({
      type: 'INVALID_REQUEST_ERROR',
      message: 'No scheduled recurring transactions are found.',
    })
    await harness.sandbox.control.advance(5 * MINUTE)
    expect((await cancel()).status).toBe(200)
    expect((await cancel()).status).toBe(400)
  })

  it('knows no mandate of another merchant, none that was never started, and no other command', async () => {
    const id = await active()
    expect((await command('mdt0', 'revoke')).status).toBe(404)
    expect((await command(id, 'sell')).body['error_message']).toBe('Unknown command sell')
    const other = { merchantId: 'other', apiKey: 'other-key', clientId: 'other' }
    await harness.control('POST', '/control/merchants', other)
    const headers = { authorization: `Basic ${btoa('other-key:')}`, 'x-merchantid': 'other' }
    const foreign = await harness.call('POST', `/mandates/${id}`, { command: 'revoke' }, headers)
    expect(foreign.status).toBe(404)
  })
})
