/**
 * What Paydesk relies on of Juspay's server-to-server API, and may therefore be asked of Juspay's own sandbox as well as
 * of ours: only what the reference documents or samples, and nothing that needs a customer at a bank's page.
 */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createJuspayClient, type JuspayClient } from '../../../server/juspay/client.ts'
import type { Target } from './targets.ts'

/** Juspay's sandbox is far away, and takes its time. */
const PATIENT = { timeout: 60_000 }
const API_VERSION = '2024-01-01'
const RUPEE = 100n

/** An id nobody has used: at most 20 letters and digits (reference 2.1, 5.1). */
const fresh = (prefix: string) => `${prefix}${randomBytes(7).toString('hex').toUpperCase()}`

export function describeContract(name: string, open: () => Promise<Target>): void {
  describe(`the contract with ${name}`, PATIENT, () => {
    let target: Target
    let client: JuspayClient
    beforeAll(async () => {
      target = await open()
      client = createJuspayClient({ ...target.account, apiVersion: API_VERSION })
    }, PATIENT.timeout)
    afterAll(async () => {
      await client.close()
      await target.close()
    })
    const parts = { client: () => client, target: () => target }
    describeOrders(parts)
    describeRefusals(parts)
    describeRefunds(parts)
  })
}

type Parts = { client: () => JuspayClient; target: () => Target }

const routingId = 'contract'

async function newOrder({ client }: Parts, amountMinor = 1_050n) {
  const orderRef = fresh('CT')
  const result = await client().createSession({
    orderRef,
    amountMinor,
    currency: 'INR',
    customerRef: 'contract',
    routingId,
    returnUrl: 'https://shop.example.com/return',
    udf: { udf6: 'store-12' },
  })
  if (!result.ok) throw new Error(`no session: ${result.error.kind}`)
  return { orderRef, session: result.session }
}

async function orderOf({ client }: Parts, orderRef: string) {
  const result = await client().getOrder(orderRef, { routingId })
  if (!result.ok) throw new Error(`no order ${orderRef}: ${result.error.kind}`)
  return result
}

function describeOrders(parts: Parts): void {
  test('a session makes the order and returns what starts the SDK (§2.2)', async () => {
    const { session } = await newOrder(parts)
    expect(session.paymentLinks['web']).toMatch(/^https?:\/\//)
    const payload: unknown = JSON.parse(session.sdkPayloadJson ?? 'null')
    expect(payload).toMatchObject({
      requestId: expect.stringMatching(/^[0-9a-f-]{32,36}$/),
      service: expect.stringMatching(/^in\.juspay\./),
      payload: { clientAuthToken: expect.stringMatching(/^tkn_/), action: 'paymentPage' },
    })
  })

  test('its status is NEW with the amount, the fields sent, and no refunds (§3.4, §3.5)', async () => {
    const { orderRef } = await newOrder(parts, 1_050n)
    const { order, raw, requestId } = await orderOf(parts, orderRef)
    expect(order).toMatchObject({ orderRef, amountMinor: 1_050n, currency: 'INR', providerStatus: 'NEW' })
    expect(order.refunds).toEqual([])
    const body: unknown = JSON.parse(Buffer.from(raw).toString('utf8'))
    expect(body).toMatchObject({ udf6: 'store-12', status: 'NEW', status_id: 10 })
    expect(requestId).not.toBeNull()
  })

  test('order ids are the same in capitals and small letters (§2.1)', async () => {
    const { orderRef } = await newOrder(parts)
    const response = await call(parts, 'GET', `/orders/${orderRef.toLowerCase()}`)
    expect(response.status).toBe(200)
    expect(String(response.body['order_id']).toUpperCase()).toBe(orderRef)
  })

  test('an unpaid order takes another amount (§3.2)', async () => {
    const { orderRef } = await newOrder(parts)
    const change = { orderRef, amountMinor: 2_075n, currency: 'INR', routingId }
    const changed = await parts.client().updateAmount(change)
    expect(changed.ok).toBe(true)
    expect((await orderOf(parts, orderRef)).order.amountMinor).toBe(2_075n)
  })
}

function describeRefusals(parts: Parts): void {
  test('a wrong key is unauthorised (§9.6)', async () => {
    const { account } = parts.target()
    const stranger = createJuspayClient({ ...account, apiKey: 'wrong', apiVersion: API_VERSION })
    const denied = await stranger.getOrder(fresh('CT'), { routingId })
    await stranger.close()
    expect(denied).toMatchObject({ ok: false, error: { kind: 'unauthorised', httpStatus: 401 } })
  })

  test('an order nobody made is not found, by status and by refund (§3.6)', async () => {
    const orderRef = fresh('CT')
    const missing = await parts.client().getOrder(orderRef, { routingId })
    expect(missing).toMatchObject({ ok: false, error: { kind: 'rejected', reason: 'not_found' } })
    const refund = await refundOf(parts, orderRef, fresh('CR'), RUPEE)
    expect(refund).toBe('not_found')
  })

  test.each([
    ['without an amount', { amount: '' }],
    ['of nothing', { amount: '0' }],
    ['in words', { amount: 'ten' }],
    ['with an id of forty characters', { order_id: 'A'.repeat(40) }],
    ['of another client', { payment_page_client_id: 'contract-nobody' }],
  ])('a session %s is refused with 400 (§2.3)', async (_what, change) => {
    const session = {
      order_id: fresh('CT'),
      amount: '10.00',
      action: 'paymentPage',
      payment_page_client_id: parts.target().account.clientId,
      customer_id: 'contract',
      ...change,
    }
    const refused = await call(parts, 'POST', '/session', JSON.stringify(session), 'application/json')
    expect(refused.status).toBe(400)
    expect(refused.body).toHaveProperty('error_code')
  })
}

function describeRefunds(parts: Parts): void {
  test('an order that is not charged cannot be refunded, and shows no trace of the try (§5.5)', async () => {
    const { orderRef } = await newOrder(parts)
    expect(await refundOf(parts, orderRef, fresh('CR'), RUPEE)).toBe('not_charged')
    expect((await orderOf(parts, orderRef)).order.refunds).toEqual([])
  })

  test('a refund without an id is refused in the words of the reference (§5.5)', async () => {
    const { orderRef } = await newOrder(parts)
    const refused = await call(parts, 'POST', `/orders/${orderRef}/refunds`, 'amount=1.00')
    expect(refused.status).toBe(400)
    expect(String(refused.body['error_code'])).toMatch(/mandatory[ .]fields[ .]are[ .]missing/i)
  })

  test('a charged order is refunded once for one id, and never beyond what is left (§5.5, §5.6)', async ({
    skip,
  }) => {
    const orderRef = parts.target().chargedOrder
    if (orderRef === null) return skip('no charged order was named')
    const { order } = await orderOf(parts, orderRef)
    expect(order.providerStatus).toBe('CHARGED')
    const key = fresh('CR')
    expect(await refundOf(parts, orderRef, key, RUPEE)).toBe('accepted')
    // Another amount, for the same one within five seconds is refused for that reason.
    expect(await refundOf(parts, orderRef, key, 2n * RUPEE)).toBe('duplicate_id')
    const beyond = (order.effectiveAmountMinor ?? order.amountMinor ?? 0n) + RUPEE
    expect(await refundOf(parts, orderRef, fresh('CR'), beyond)).toBe('amount_exceeds')
    const after = await orderOf(parts, orderRef)
    expect(after.order.providerStatus).toBe('CHARGED')
    const ours = after.order.refunds.filter(({ uniqueRequestId }) => uniqueRequestId === key)
    expect(ours).toMatchObject([{ amountMinor: RUPEE }])
  })
}

async function refundOf({ client }: Parts, orderRef: string, key: string, amountMinor: bigint) {
  const asked = { orderRef, uniqueRequestId: key, amountMinor, currency: 'INR', routingId }
  const result = await client().refund(asked)
  if (result.ok) return 'accepted'
  return result.error.kind === 'rejected' ? result.error.reason : result.error.kind
}

/** A call that Paydesk's client would not make. */
async function call(
  { target }: Parts,
  method: 'GET' | 'POST',
  path: string,
  body?: string,
  type = 'application/x-www-form-urlencoded',
): Promise<{ status: number; body: Record<string, unknown> }> {
  const { baseUrl, apiKey, merchantId } = target().account
  const response = await fetch(new URL(path, baseUrl), {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${apiKey}:`).toString('base64')}`,
      'x-merchantid': merchantId,
      'x-routing-id': routingId,
      version: API_VERSION,
      ...(body === undefined ? {} : { 'content-type': type }),
    },
    ...(body === undefined ? {} : { body }),
  })
  const parsed: unknown = JSON.parse(await response.text())
  return { status: response.status, body: typeof parsed === 'object' && parsed !== null ? { ...parsed } : {} }
}
