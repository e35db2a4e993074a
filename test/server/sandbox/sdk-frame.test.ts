import { createSign, generateKeyPairSync } from 'node:crypto'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSession, press } from './page-steps.ts'
import { MINUTE, startHarness } from './support.ts'
import type { Harness, Json } from './support.ts'

let harness: Harness
beforeEach(async () => {
  harness = await startHarness()
})
afterEach(() => harness.close())

const session = (orderId: string) => openSession(harness, orderId)

describe('the SDK frame (reference 8)', () => {
  const framed = { embed: '1', origin: 'http://localhost:4000' }

  it.each([
    ['success', 'charged', false, ''],
    ['cash_on_delivery', 'cod_initiated', false, ''],
    ['abandon', 'backpressed', true, 'JP_002'],
    ['leave_at_bank', 'user_aborted', true, 'JP_002'],
    ['pending', 'pending_vbv', true, 'JP_006'],
    ['authorizing', 'authorizing', true, 'JP_006'],
    ['authentication_failed', 'authentication_failed', true, 'JP_012'],
    ['authorization_failed', 'authorization_failed', true, 'JP_012'],
    ['declined', 'juspay_declined', true, 'JP_012'],
    ['expire', 'api_failure', true, 'JP_001'],
  ])('tells the shop of %s as %s (reference 8.3)', async (outcome, status, error, errorCode) => {
    const { page } = await session('ORD1')
    const html = await (await press(page, outcome, framed)).text()
    const sent = JSON.parse(/postMessage\((\{.*?\}), "http/.exec(html)?.[1] ?? 'null') as Json // written by the page
    expect(sent).toMatchObject({ orderId: 'ORD1', status, error, errorCode, expired: outcome === 'expire' })
    expect(String(sent['returnUrl'])).toContain('http://localhost:4000/back?cart=7&order_id=ORD1&status=')
  })

  it.each([
    ['before any attempt', [], 'backpressed'],
    ['during one', ['pending'], 'user_aborted'],
  ])('says that the customer went back %s', async (_when, pressed, status) => {
    const { page, token } = await session('ORD1')
    for (const outcome of pressed) await press(page, outcome)
    const query = new URLSearchParams({ token, ...framed })
    const back = await fetch(`${harness.address}/payment-page/sdk/back?${query.toString()}`)
    expect(await back.text()).toContain(`"status":"${status}"`)
    expect(
      harness.sandbox.control.context.records.attempts(
        harness.sandbox.control.context.records.recentOrders(1)[0]?.id ?? '',
      ),
    ).toHaveLength(pressed.length)
  })

  it('opens by client token, answers by message, and refuses a stale token', async () => {
    const { token, page } = await session('ORD1')
    const query = new URLSearchParams({ token, ...framed })
    const opened = await fetch(`${harness.address}/payment-page/sdk?${query.toString()}`)
    expect(await opened.text()).toContain('name="embed" value="1"')
    const done = await (await press(page, 'success', framed)).text()
    expect(done).toContain('"status":"charged"')
    expect(done).toContain('"http://localhost:4000"')
    harness.clock.jumpTo(harness.clock.now() + 15 * MINUTE)
    const stale = await fetch(`${harness.address}/payment-page/sdk?${query.toString()}`)
    expect(await stale.text()).toContain('"expired":true')
    expect((await fetch(`${harness.address}/payment-page/sdk?token=${token}`)).status).toBe(401)
    const unknown = new URLSearchParams({ token: 'tkn_nobody', ...framed })
    const refused = await fetch(`${harness.address}/payment-page/sdk?${unknown.toString()}`)
    expect(refused.status).toBe(401)
    expect(await refused.text()).toContain('"status":"api_failure"')
  })

  it('never posts to a foreign origin', async () => {
    const { page } = await session('ORD1')
    const response = await press(page, 'success', { embed: '1', origin: 'https://evil.example' })
    expect(response.status).toBe(302)
  })

  it('creates the order from signed details, and refuses a forged one', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const pem = String(publicKey.export({ type: 'spki', format: 'pem' }))
    await harness.control('POST', '/control/merchants', {
      merchantId: 'paydeskdemo',
      publicKeys: { '2980': pem },
    })
    const details = JSON.stringify({
      order_id: 'SIGNED1',
      amount: '12.00',
      merchant_id: 'paydeskdemo',
      customer_id: 'c',
    })
    const open = (text: string, signature: string, keyId: string) => {
      const query = new URLSearchParams({ order_details: text, signature, merchant_key_id: keyId, ...framed })
      return fetch(`${harness.address}/payment-page/sdk?${query.toString()}`)
    }
    const signature = createSign('RSA-SHA256').update(details).sign(privateKey, 'base64')
    expect((await open(details.replace('12.00', '1.00'), signature, '2980')).status).toBe(401)
    expect((await open(details, signature, '1')).status).toBe(401)
    expect((await harness.call('GET', '/orders/SIGNED1')).status).toBe(404)
    expect((await open(details, signature, '2980')).status).toBe(200)
    expect(await harness.status('SIGNED1')).toMatchObject({ status: 'NEW', amount: 12 })
  })
})

type SdkEvent = { event: string; error: boolean; errorCode: string; payload: Json }

/** Just enough of a browser for the script: one container, one frame, and a message. */
function fakeBrowser(home: string) {
  const listeners: ((event: unknown) => void)[] = []
  /** Where the script sent its frame after it had opened it. */
  const visited: string[] = []
  const element = () => ({
    style: {},
    contentWindow: { location: { replace: (address: string) => visited.push(address) } },
    src: '',
    addEventListener: (_name: string, run: () => void) => run(),
    appendChild: () => undefined,
    remove: () => undefined,
  })
  const frame = element()
  const window: Json = {
    addEventListener: (_name: string, run: (event: unknown) => void) => listeners.push(run),
    removeEventListener: () => listeners.splice(0),
  }
  const document = {
    currentScript: { src: `${home}/hyper-sdk-web/HyperServices.js` },
    head: element(),
    body: element(),
    createElement: (name: string) => (name === 'iframe' ? frame : element()),
    getElementById: element,
  }
  return {
    listeners,
    visited,
    frame,
    window,
    globals: {
      window,
      document,
      location: { origin: 'http://localhost:4000' },
      URL,
      URLSearchParams,
      fetch,
      setTimeout,
      clearTimeout,
    },
  }
}

describe('HyperServices.js', () => {
  it('starts with a payload that its merchant signed, and refuses a forged one', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const pem = String(publicKey.export({ type: 'spki', format: 'pem' }))
    await harness.control('POST', '/control/merchants', {
      merchantId: 'paydeskdemo',
      publicKeys: { '2980': pem },
    })
    const script = await (await fetch(`${harness.address}/hyper-sdk-web/HyperServices.js`)).text()
    const browser = fakeBrowser(harness.address)
    runInNewContext(script, browser.globals)
    const Sdk = browser.window['HyperServices'] as new () => Record<string, (...args: unknown[]) => unknown> // set by the script
    const text = JSON.stringify({ merchant_id: 'paydeskdemo', customer_id: 'c', timestamp: '1767604013000' })
    const signature = createSign('RSA-SHA256').update(text).sign(privateKey, 'base64')
    const start = (signaturePayload: string) => {
      const sdk = new Sdk()
      const payload = {
        action: 'initiate',
        merchantId: 'paydeskdemo',
        clientId: 'paydeskdemo',
        signaturePayload,
        signature,
        merchantKeyId: '2980',
      }
      return new Promise<SdkEvent & { ready: unknown }>((resolve) => {
        const heard = (event: SdkEvent) => resolve({ ...event, ready: sdk['isInitialised']?.() })
        sdk['initiate']?.({ requestId: 'r1', service: 'in.juspay.hyperpay', payload }, heard)
      })
    }
    expect(await start(text)).toMatchObject({ event: 'initiate_result', error: false, ready: true })
    expect(await start(text.replace('"c"', '"d"'))).toMatchObject({
      error: true,
      errorCode: 'JP_001',
      errorMessage: 'The signature does not match what was signed.',
      payload: { status: 'failure' },
      ready: false,
    })
  })

  it('walks prefetch, initiate, process, events and terminate', async () => {
    const script = await (await fetch(`${harness.address}/hyper-sdk-web/HyperServices.js`)).text()
    const browser = fakeBrowser(harness.address)
    runInNewContext(script, browser.globals)
    const Sdk = browser.window['HyperServices'] as new () => Record<string, (...args: unknown[]) => unknown> // set by the script
    const sdk = new Sdk()
    const events: SdkEvent[] = []
    const service = 'in.juspay.hyperpay'
    const initiated = new Promise<void>((resolve) => {
      sdk['preFetch']?.({ service, payload: { clientId: 'paydeskdemo' } })
      const payload = {
        action: 'initiate',
        merchantId: 'paydeskdemo',
        clientId: 'paydeskdemo',
        hyperSDKDiv: 'pay',
      }
      sdk['initiate']?.({ requestId: 'r1', service, payload }, (event: SdkEvent) => {
        events.push(event)
        if (event.event === 'initiate_result') resolve()
      })
    })
    await initiated
    expect(sdk['isInitialised']?.()).toBe(true)
    const { token } = await session('ORD1')
    sdk['process']?.({
      requestId: 'r2',
      service,
      payload: { action: 'paymentPage', orderId: 'ORD1', clientAuthToken: token },
    })
    expect(browser.frame.src).toContain(
      `/payment-page/sdk?embed=1&origin=http%3A%2F%2Flocalhost%3A4000&token=${token}`,
    )
    expect(sdk['onBackPressed']?.()).toBe(true)
    expect(browser.visited).toEqual([browser.frame.src.replace('/sdk?', '/sdk/back?')])
    const result = {
      source: 'juspay-sandbox',
      orderId: 'ORD1',
      status: 'charged',
      error: false,
      errorCode: '',
      errorMessage: '',
    }
    const [listener] = browser.listeners
    listener?.({
      origin: 'http://elsewhere',
      source: browser.frame.contentWindow,
      data: { ...result, status: 'forged' },
    })
    listener?.({ origin: harness.address, source: browser.frame.contentWindow, data: result })
    expect(sdk['onBackPressed']?.()).toBe(false)
    expect(events.map((event) => event.event)).toEqual([
      'initiate_result',
      'show_loader',
      'hide_loader',
      'process_result',
    ])
    expect(events.at(-1)).toMatchObject({
      error: false,
      payload: { status: 'charged', orderId: 'ORD1', action: 'paymentPage' },
    })
    sdk['terminate']?.()
    expect(sdk['isInitialised']?.()).toBe(false)
  })
})
