/** The client against the sandbox, over HTTP: two programs that share no code and only the API reference. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createJuspayClient } from '../../../server/juspay/client.ts'
import type { JuspayClient, OrderAnswer, RefundCall, RefundResult } from '../../../server/juspay/client.ts'
import { verifyReturnUrl } from '../../../server/juspay/return-url.ts'
import { manualClock } from '../../../server/sandbox/clock.ts'
import { createSandbox } from '../../../server/sandbox/create.ts'
import type { Sandbox } from '../../../server/sandbox/create.ts'
import { returnAddress, returnTrip } from '../../../server/sandbox/return-url.ts'

const ACCOUNT = {
  merchantId: 'paydeskdemo',
  clientId: 'paydeskdemo',
  apiKey: 'sandbox-api-key',
  apiVersion: '2024-01-01',
}
const dir = mkdtempSync(join(tmpdir(), 'paydesk-juspay-'))
let sandbox: Sandbox
let url: string
let client: JuspayClient

beforeAll(async () => {
  sandbox = createSandbox({ dir, webhookUrl: null, clock: manualClock(Date.parse('2026-03-08T08:00:00Z')) })
  url = await sandbox.listen(0)
  client = createJuspayClient({ ...ACCOUNT, baseUrl: url })
})

afterEach(() => sandbox.control.context.faults.clear())

afterAll(async () => {
  await client.close()
  await sandbox.close()
  rmSync(dir, { recursive: true, force: true })
})

/** A fresh order at the sandbox, taken as far as the scenario says. */
async function order(orderId: string, scenario = 'charged', amount = '100.50'): Promise<void> {
  const made = await fetch(`${url}/control/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ merchantId: ACCOUNT.merchantId, orderId, amount, currency: 'INR', scenario }),
  })
  expect(made.status, await made.text()).toBe(200)
  await sandbox.control.advance(1_000)
}

async function status(orderRef: string): Promise<OrderAnswer> {
  const result = await client.getOrder(orderRef, { routingId: 'buyer-7' })
  if (!result.ok) throw new Error(`${result.error.kind} ${orderRef}`)
  return result
}

function refund(orderRef: string, key: string, amountMinor: bigint, change: Partial<RefundCall> = {}) {
  const call = { orderRef, uniqueRequestId: key, amountMinor, currency: 'INR', routingId: 'buyer-7' }
  return client.refund({ ...call, ...change })
}

function refused(result: RefundResult): string {
  if (result.ok) return 'accepted'
  return result.error.kind === 'rejected' ? result.error.reason : result.error.kind
}

describe('session and status', () => {
  test('a session creates the order, which status then shows as new', async () => {
    const result = await client.createSession({
      orderRef: 'CLIENTSESSION1',
      amountMinor: 1050n,
      currency: 'INR',
      customerRef: 'buyer-7',
      routingId: 'buyer-7',
      returnUrl: 'https://shop.test/done',
      udf: { udf6: 'store-12' },
    })
    if (!result.ok) throw new Error(result.error.kind)
    expect(result.session.sdkPayloadJson).toContain('"clientAuthToken":"tkn_')
    expect(result.session.paymentLinks['web']).toContain(url)
    expect((await status('CLIENTSESSION1')).order).toMatchObject({
      providerStatus: 'NEW',
      amountMinor: 1050n,
      merchantRef: 'paydeskdemo',
      transactions: [],
      refunds: [],
      udf: { udf6: 'store-12' },
    })
  })

  test('a charged order has its attempt with the bank reference', async () => {
    await order('CLIENTSTATUS1')
    const { order: found } = await status('CLIENTSTATUS1')
    expect(found).toMatchObject({
      providerStatus: 'CHARGED',
      amountMinor: 10050n,
      effectiveAmountMinor: 10050n,
    })
    expect(found.transactions).toHaveLength(1)
    expect(found.transactions[0]?.gatewayRef).not.toBeNull()
  })

  test('an order nobody made is not found, and a wrong key is unauthorised', async () => {
    const missing = await client.getOrder('NOSUCHORDER', { routingId: 'r' })
    expect(missing).toMatchObject({ ok: false, error: { kind: 'rejected', reason: 'not_found' } })
    const stranger = createJuspayClient({ ...ACCOUNT, apiKey: 'wrong', baseUrl: url })
    const denied = await stranger.getOrder('CLIENTSTATUS1', { routingId: 'r' })
    await stranger.close()
    expect(denied).toMatchObject({ ok: false, error: { kind: 'unauthorised', httpStatus: 401 } })
  })
})

test.each(['signed', 'double_encoded', 'unsigned'] as const)('the way back to the shop, %s', async (mode) => {
  const orderRef = `CLIENTRETURN${mode.slice(0, 4).toUpperCase()}`
  await order(orderRef)
  const { configuration, records } = sandbox.control.context
  const merchant = configuration.merchant(ACCOUNT.merchantId)
  const record = records.orderOf(ACCOUNT.merchantId, orderRef)
  if (!merchant || !record) throw new Error('the sandbox lost the order')
  const trip = returnTrip(
    { ...merchant, returnSignature: mode },
    { ...record, returnUrl: 'https://shop.test/done?cart=a%20b' },
    'CHARGED',
  )
  const address = new URL(trip === null ? '' : returnAddress(trip))
  const verdict = verifyReturnUrl(address.searchParams, merchant.responseKey)
  expect(verdict).toEqual(
    mode === 'unsigned'
      ? { ok: false, reason: 'unsigned' }
      : { ok: true, orderRef, providerStatus: 'CHARGED', statusId: '21' },
  )
  expect(verifyReturnUrl(address.searchParams, 'another key').ok).toBe(false)
})

describe('refunds', () => {
  test('accepted as pending, later a success with its reference; the order stays charged', async () => {
    await order('CLIENTREFUND1')
    const result = await refund('CLIENTREFUND1', 'CRKEY1', 2550n)
    expect(result.ok && result.refund).toMatchObject({ providerStatus: 'PENDING', amountMinor: 2550n })
    await sandbox.control.advance(60_000)
    const { order: settled } = await status('CLIENTREFUND1')
    expect(settled.providerStatus).toBe('CHARGED')
    expect(settled.refunds).toHaveLength(1)
    expect(settled.refunds[0]).toMatchObject({ uniqueRequestId: 'CRKEY1', providerStatus: 'SUCCESS' })
    expect(settled.refunds[0]?.ref).not.toBeNull()
  })

  test('every documented refusal', async () => {
    await order('CLIENTREFUND2')
    await order('CLIENTFAILED2', 'failed')
    expect(refused(await refund('CLIENTREFUND2', 'CRKEY2', 1000n))).toBe('accepted')
    expect(refused(await refund('CLIENTREFUND2', 'CRKEY3', 1000n))).toBe('duplicate_amount')
    await sandbox.control.advance(6_000)
    expect(refused(await refund('CLIENTREFUND2', 'CRKEY2', 1000n))).toBe('duplicate_id')
    expect(refused(await refund('CLIENTREFUND2', 'CRKEY4', 9051n))).toBe('amount_exceeds')
    expect(refused(await refund('CLIENTREFUND2', 'CRKEY4', 9050n))).toBe('accepted')
    expect(refused(await refund('CLIENTFAILED2', 'CRKEY5', 100n))).toBe('not_charged')
    expect(refused(await refund('NOSUCHORDER', 'CRKEY6', 100n))).toBe('not_found')
  })

  test('too many refunds of one order', async () => {
    await order('CLIENTREFUND3')
    const answers: string[] = []
    for (let n = 1; n <= 26; n += 1)
      answers.push(refused(await refund('CLIENTREFUND3', `CRMANY${n}`, BigInt(n))))
    expect(answers.slice(0, 25)).toEqual(Array.from({ length: 25 }, () => 'accepted'))
    expect(answers[25]).toBe('too_many')
  })

  test('a refund whose answer is lost is uncertain; status finds it and the same key is refused', async () => {
    await order('CLIENTREFUND4')
    sandbox.control.context.faults.add({
      kind: 'drop_response',
      route: 'refund',
      status: 500,
      delayMs: 0,
      probability: 1,
      count: 1,
    })
    const result = await refund('CLIENTREFUND4', 'CRLOST1', 5000n)
    expect(result).toMatchObject({ ok: false, error: { kind: 'uncertain' } })
    expect((await status('CLIENTREFUND4')).order.refunds).toMatchObject([
      { uniqueRequestId: 'CRLOST1', amountMinor: 5000n },
    ])
    await sandbox.control.advance(6_000)
    expect(refused(await refund('CLIENTREFUND4', 'CRLOST1', 5000n))).toBe('duplicate_id')
    expect((await status('CLIENTREFUND4')).order.refunds).toHaveLength(1)
  })

  test.each(['html', 'malformed', 'empty', 'reset', 'status'] as const)('%s is uncertain', async (kind) => {
    const orderRef = `CLIENTFAULT${kind.toUpperCase()}`
    await order(orderRef)
    sandbox.control.context.faults.add({
      kind,
      route: 'refund',
      status: 502,
      delayMs: 0,
      probability: 1,
      count: 1,
    })
    expect(refused(await refund(orderRef, 'CRFAULT1', 100n))).toBe('uncertain')
  })
})
