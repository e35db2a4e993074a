/** What the sandbox sends about mandates, notices and chargebacks is what the receiver reads. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ProviderEvent } from '../../../server/domain/provider-order.ts'
import { isParseFailure, translateEvent } from '../../../server/juspay/translate.ts'
import { MINUTE, startHarness, type Harness } from './support.ts'

let harness: Harness
beforeEach(async () => {
  harness = await startHarness()
  await harness.charged('ORD1', '499.50')
})
afterEach(() => harness.close())

async function send(event: string): Promise<ProviderEvent> {
  await harness.sandbox.control.advance(MINUTE)
  const answer = await harness.control('POST', '/control/webhooks/send', { event, orderId: 'ORD1' })
  expect(answer.status).toBe(200)
  await harness.sandbox.control.idle()
  const read = translateEvent(harness.receiver.received.at(-1)?.body ?? '', { currency: 'INR' })
  if (isParseFailure(read)) throw new Error(read.message)
  expect(read.name).toBe(event)
  expect(read.order).toBeNull()
  return read
}

it.each(['plain', 'masked', 'legacy'])('tells the life of one mandate (%s bodies)', async (mode) => {
  const set = await harness.control('POST', '/control/settings', { webhookPayload: mode })
  expect(set.status).toBe(200)
  const refs = new Set<string | undefined>()
  for (const [name, status] of [
    ['MANDATE_CREATED', 'CREATED'],
    ['MANDATE_ACTIVATED', 'ACTIVE'],
    ['MANDATE_PAUSED', 'PAUSED'],
    ['MANDATE_UNPAUSED', 'ACTIVE'],
    ['MANDATE_UPDATED', 'ACTIVE'],
    ['MANDATE_FAILED', 'FAILURE'],
    ['MANDATE_REVOKED', 'REVOKED'],
    ['MANDATE_EXPIRED', 'EXPIRED'],
  ] as const) {
    const { mandate, orderRef } = await send(name)
    expect(mandate).toMatchObject({
      providerStatus: status,
      orderRef: 'ORD1',
      maxAmountMinor: 49_950n,
      currency: 'INR',
      revocable: true,
      blocksFunds: false,
    })
    expect(mandate?.endsAt?.getTime()).toBeGreaterThan(mandate?.startsAt?.getTime() ?? Infinity)
    expect(mandate?.methodType ?? null).toBe(mode === 'masked' ? null : 'UPI')
    expect(orderRef).toBe('ORD1')
    refs.add(mandate?.mandateRef)
  }
  const { notification } = await send('NOTIFICATION_FAILED')
  expect(notification).toMatchObject({ providerStatus: 'FAILURE', amountMinor: 49_950n })
  expect(notification?.debitAt?.getTime()).toBeGreaterThan(harness.clock.now())
  refs.add(notification?.mandateRef ?? undefined)
  expect([...refs]).toHaveLength(1)
})

it.each(['plain', 'masked', 'legacy'])('tells the life of one dispute (%s bodies)', async (mode) => {
  const set = await harness.control('POST', '/control/settings', { webhookPayload: mode })
  expect(set.status).toBe(200)
  const refs = new Set<string | undefined>()
  for (const [end, status] of [
    ['RECEIVED', 'received'],
    ['UNDER_REVIEW', 'under_review'],
    ['EVIDENCE_REQUIRED', 'evidence_required'],
    ['RESOLVED_IN_MERCHANT_FAVOUR', 'resolved_merchant'],
    ['RESOLVED_IN_CUSTOMER_FAVOUR', 'resolved_customer'],
    ['CANCELED', 'cancelled'],
    ['EXPIRED', 'expired'],
    ['ALREADY_REFUNDED', 'already_refunded'],
  ] as const) {
    const { dispute } = await send(`CHARGEBACK_${end}`)
    expect(dispute).toMatchObject({ status, orderRef: 'ORD1', amountMinor: 49_950n, currency: 'INR' })
    expect(dispute?.txnRef).toBe('paydeskdemo-ORD1-1')
    expect(dispute?.dueAt !== null).toBe(end === 'EVIDENCE_REQUIRED')
    const open = ['RECEIVED', 'UNDER_REVIEW', 'EVIDENCE_REQUIRED'].includes(end)
    expect(dispute?.resolvedAt === null).toBe(open)
    refs.add(dispute?.disputeRef)
  }
  expect([...refs]).toHaveLength(1)
})

it('sends a given content as it is', async () => {
  const content = { chargeback: { id: 'mine' } }
  await harness.control('POST', '/control/webhooks/send', { event: 'CHARGEBACK_RECEIVED', content })
  await harness.sandbox.control.idle()
  expect(harness.receiver.received.at(-1)?.event['content']).toEqual(content)
})
