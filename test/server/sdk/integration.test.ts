/** What the integration page knows, from nothing to a refund, against the real sandbox over HTTP. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { returnSignature } from '../../../server/juspay/return-url.ts'
import { openShop, type Shop } from './shop.ts'

/** Refused deliveries are counted together, a second's worth at a time. */
const WAIT = { timeout: 10_000, interval: 50 }

let shop: Shop

beforeAll(async () => {
  shop = await openShop()
})

afterAll(() => shop.close())

async function overview() {
  const { trpc } = await shop.app.as('developer')
  return trpc.integration.overview.query()
}

/** Waits until what was seen is written down. */
async function expectStep(id: string, expected: Record<string, unknown>): Promise<void> {
  await vi.waitFor(async () => {
    const { steps } = await overview()
    expect(steps.find((step) => step.id === id)).toMatchObject(expected)
  }, WAIT)
}

async function expectSwitch(id: string, state: string): Promise<void> {
  const { switches } = await overview()
  expect(switches.find((one) => one.id === id)?.state).toBe(state)
}

async function comeBack(orderRef: string, key: string | null): Promise<void> {
  const params: [string, string][] = [
    ['order_id', orderRef],
    ['status', 'NEW'],
    ['status_id', '10'],
  ]
  if (key !== null)
    params.push(['signature', returnSignature(params, key)], ['signature_algorithm', 'HMAC-SHA256'])
  const query = new URLSearchParams(params).toString()
  const reply = await fetch(`${shop.app.url}/payments/return/demo?${query}`, { redirect: 'manual' })
  expect(reply.status).toBe(303)
}

describe('the integration', () => {
  test('of a new account was seen by nobody, and says what to enter at Juspay', async () => {
    const { steps, addresses } = await overview()
    expect(new Set(steps.map(({ state }) => state))).toEqual(new Set(['missing']))
    expect(addresses).toEqual({
      webhookUrl: `${shop.app.url}/webhooks/juspay/demo`,
      webhookUsername: 'demowebhook',
      returnUrl: `${shop.app.url}/payments/return/demo`,
    })
  })

  test('is proved step by step: connection, session, signature, SDK', async () => {
    const { trpc } = await shop.app.as('developer')
    expect(await trpc.integration.testConnection.mutate()).toMatchObject({
      accepted: true,
      words: 'Juspay accepts our credentials.',
    })
    await expectStep('credentials', { state: 'proved' })
    await expectStep('status', { state: 'proved' })
    await expectStep('session', { state: 'missing' })
    await shop.post('/sdk/demo/session', { order_id: 'PROOF1', amount: '75.00', customer_id: 'c1' })
    await expectStep('session', {
      state: 'proved',
      words: 'Juspay made order PROOF1 and gave its payload.',
    })
    await trpc.sandbox.signInitiate.mutate({ customerRef: 'c1' })
    await expectStep('signed', { state: 'proved', words: 'We signed with key 2980.' })
    await trpc.sandbox.tellStep.mutate({ step: 'initiate', ok: true, words: 'success' })
    await trpc.sandbox.tellStep.mutate({ step: 'process', ok: true, words: 'charged' })
    await expectStep('initiate', { state: 'proved' })
    await expectStep('process', {
      state: 'proved',
      words: 'The SDK gave a result in the demo checkout: charged.',
    })
    // Juspay answers, and no webhook has ever come: the sandbox of this test has no address.
    await expectSwitch('webhooks', 'off')
  })

  test('knows a return with Juspay’s signature, and one without', async () => {
    await comeBack('PROOF1', null)
    await expectStep('return', {
      state: 'failing',
      words: 'A customer came back without Juspay’s signature.',
      fix: { words: expect.stringContaining('Use signed response') },
    })
    await expectSwitch('signed_response', 'off')
    await comeBack('PROOF1', 'sandbox-response-key')
    await expectStep('return', {
      state: 'proved',
      words: 'A customer came back by GET with Juspay’s signature.',
    })
    await expectSwitch('signed_response', 'on')
  })

  test('learns nothing from a return about an order that does not exist', async () => {
    const before = await overview()
    await comeBack('NOBODY1', 'another key')
    expect((await overview()).steps).toEqual(before.steps)
  })

  test('knows webhooks with the right and with the wrong password', async () => {
    const send = async (password: string) => {
      const reply = await fetch(`${shop.app.url}/webhooks/juspay/demo`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`demowebhook:${password}`).toString('base64')}` },
        body: JSON.stringify({ id: `evt_${password}`, event_name: 'ORDER_SUCCEEDED', content: {} }),
      })
      return reply.status
    }
    expect(await send('guessed')).toBe(401)
    await expectStep('webhook', {
      state: 'failing',
      words: 'Wrong password for user demowebhook.',
      fix: { words: expect.stringContaining('webhook password') },
    })
  })

  test('tells nothing that is secret', async () => {
    const told = JSON.stringify(await overview())
    for (const secret of ['sandbox-api-key', 'sandbox-response-key', 'demo-webhook-password'])
      expect(told).not.toContain(secret)
  })
})

describe('an account whose key Juspay does not accept', () => {
  test('says so, with what to do', async () => {
    await shop.control('/control/merchants', { merchantId: 'paydeskdemo', apiKey: 'another-key' })
    const { trpc } = await shop.app.as('developer')
    const { accepted, words } = await trpc.integration.testConnection.mutate()
    expect({ accepted, words }).toEqual({
      accepted: false,
      words: expect.stringMatching(/^Juspay did not accept our credentials \(HTTP 401/),
    })
    await expectStep('credentials', {
      state: 'failing',
      fix: { words: expect.stringContaining('API Keys') },
    })
  })
})
