import { createSign, generateKeyPairSync } from 'node:crypto'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { returnSignature } from '../../../server/sandbox/return-url.ts'
import { MINUTE, SECOND, nested, startHarness } from './support.ts'
import type { Harness, Json } from './support.ts'

let harness: Harness
beforeEach(async () => {
  harness = await startHarness()
})
afterEach(() => harness.close())

async function session(
  orderId: string,
  returnUrl = 'http://localhost:4000/back?cart=7',
): Promise<{ page: string; token: string }> {
  const { body } = await harness.postJson('/session', {
    order_id: orderId,
    amount: '149999.50',
    customer_id: 'cust_1',
    first_name: '<Meera>',
    description: 'Saree',
    payment_page_client_id: 'paydeskdemo',
    action: 'paymentPage',
    return_url: returnUrl,
  })
  return {
    page: String(nested(body, 'payment_links')['web']),
    token: String(nested(body, 'sdk_payload', 'payload')['clientAuthToken']),
  }
}

function press(page: string, outcome: string, more: Record<string, string> = {}): Promise<Response> {
  return fetch(page, {
    method: 'POST',
    body: new URLSearchParams({ outcome, type: 'UPI', ...more }),
    redirect: 'manual',
  })
}

const location = (response: Response) => new URL(response.headers.get('location') ?? '')

describe('the return signature (reference 7)', () => {
  it.each([
    [
      '92206A0A4A75499C9B11206C2B3B9A53',
      {
        order_id: 'order_1727694028',
        status: 'AUTHORIZATION_FAILED',
        status_id: '27',
        myQP: 'aGVsbG9Xb3JsZA==',
      },
      '8Esx2nrz3KE059rdsTkffYKu6AXXk07KzBo3KOexl3I=',
    ],
    [
      'SIMULATOR_RESPONSE_KEY_0001',
      { order_id: 'SIMORDER0001', status: 'CHARGED', status_id: '21' },
      'hHMDeHc95jtq64jpxdzGG9HsqFjrAgTSfVuEUOzdQsA=',
    ],
  ])('equals the vector of %s', (key, params, signature) => {
    expect(returnSignature(key, Object.entries(params))).toBe(signature)
  })
})

describe('the hosted page', () => {
  it('shows merchant, order and amount as accessible HTML without any script', async () => {
    const { page } = await session('ORD1')
    const response = await fetch(page)
    const html = await response.text()
    expect(response.status).toBe(200)
    expect(html).toContain('<html lang="en">')
    expect(html).toContain('Paydesk Demo Store')
    expect(html).toContain('₹1,49,999.50')
    expect(html).toContain('ORD1')
    expect(html).toContain('&lt;Meera&gt;')
    expect(html).not.toContain('<script')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  it('charges with the chosen instrument and comes back with signed parameters', async () => {
    const { page } = await session('ORD1')
    const choice = { type: 'CARD', brand: 'MASTERCARD', last_four: '0277', gateway: 'RAZORPAY' }
    const response = await press(page, 'success', choice)
    expect(response.status).toBe(302)
    const back = location(response)
    expect(back.origin + back.pathname).toBe('http://localhost:4000/back')
    const params = new Map(back.searchParams)
    const signature = params.get('signature')
    expect(params.get('signature_algorithm')).toBe('HMAC-SHA256')
    params.delete('signature')
    params.delete('signature_algorithm')
    expect(Object.fromEntries(params)).toEqual({
      cart: '7',
      order_id: 'ORD1',
      status: 'CHARGED',
      status_id: '21',
    })
    expect(signature).toBe(returnSignature('sandbox-response-key', params))
    const order = await harness.status('ORD1')
    expect(order).toMatchObject({ payment_method_type: 'CARD', payment_method: 'MASTERCARD', gateway_id: 23 })
    expect(nested(order, 'card')['last_four_digits']).toBe('0277')
    expect(nested(order, 'txn_detail')['gateway']).toBe('RAZORPAY')
  })

  it.each([
    ['authentication_failed', 'AUTHENTICATION_FAILED', '26'],
    ['authorization_failed', 'AUTHORIZATION_FAILED', '27'],
    ['pending', 'PENDING_VBV', '23'],
    ['abandon', 'NEW', '10'],
    ['double_charge', 'CHARGED', '21'],
  ])('%s comes back as %s', async (outcome, status, statusId) => {
    const { page } = await session('ORD1')
    const { searchParams } = location(await press(page, outcome))
    expect([searchParams.get('status'), searchParams.get('status_id')]).toEqual([status, statusId])
    expect((await harness.status('ORD1'))['status']).toBe(status)
  })

  it('lets pending and late payments succeed afterwards', async () => {
    const pending = await session('ORD1')
    await press(pending.page, 'pending')
    const late = await session('ORD2')
    await press(late.page, 'late_success')
    expect((await harness.status('ORD2'))['status']).toBe('AUTHORIZATION_FAILED')
    await harness.sandbox.control.advance(45 * SECOND)
    expect((await harness.status('ORD1'))['status']).toBe('CHARGED')
    expect((await harness.status('ORD2'))['status']).toBe('CHARGED')
    expect(harness.receiver.names().filter((name) => name === 'ORDER_SUCCEEDED')).toHaveLength(2)
  })

  it('offers another try after a failure, and numbers the attempts', async () => {
    const { page } = await session('ORD1')
    await press(page, 'authorization_failed')
    expect(await (await fetch(page)).text()).toContain('1 earlier attempt on this order did not succeed')
    await press(page, 'success')
    expect((await harness.status('ORD1'))['txn_id']).toBe('paydeskdemo-ORD1-2')
    expect(await (await fetch(page)).text()).toContain('Already paid')
    await press(page, 'success')
    expect(
      harness.sandbox.control.context.records.attempts(
        harness.sandbox.control.context.records.recentOrders(1)[0]?.id ?? '',
      ),
    ).toHaveLength(2)
  })

  it('allows 25 attempts', async () => {
    const { page } = await session('ORD1')
    for (let i = 0; i < 25; i += 1) expect((await press(page, 'authorization_failed')).status).toBe(302)
    expect((await press(page, 'success')).status).toBe(409)
    expect((await harness.status('ORD1'))['txn_id']).toBe('paydeskdemo-ORD1-25')
  })

  it('expires after fifteen minutes, is 404 for strangers and 400 for unknown buttons', async () => {
    const { page } = await session('ORD1')
    expect((await press(page, 'nonsense')).status).toBe(400)
    harness.clock.jumpTo(harness.clock.now() + 15 * MINUTE)
    expect((await fetch(page)).status).toBe(410)
    expect((await press(page, 'success')).status).toBe(410)
    expect((await fetch(`${harness.address}/payment-page/order/ordeh_none`)).status).toBe(404)
    expect((await harness.status('ORD1'))['status']).toBe('NEW')
  })

  it('honours the unsigned, double-encoded and POST switches', async () => {
    const change = (fields: Json) =>
      harness.control('POST', '/control/merchants', { merchantId: 'paydeskdemo', ...fields })
    await change({ returnSignature: 'unsigned' })
    const unsigned = location(await press((await session('ORD1')).page, 'success'))
    expect(unsigned.searchParams.has('signature')).toBe(false)
    await change({ returnSignature: 'double_encoded' })
    const twice = location(await press((await session('ORD2')).page, 'success'))
    expect(twice.search).toContain('%253D')
    await change({ returnSignature: 'signed', returnMethod: 'POST' })
    const posted = await press((await session('ORD3')).page, 'success')
    const html = await posted.text()
    expect(posted.status).toBe(200)
    expect(html).toContain('<form method="post" action="http://localhost:4000/back"')
    expect(html).toContain('name="signature"')
  })
})

describe('the SDK frame (reference 8)', () => {
  const framed = { embed: '1', origin: 'http://localhost:4000' }

  it('opens by client token, answers by message, and refuses a stale token', async () => {
    const { token, page } = await session('ORD1')
    const query = new URLSearchParams({ token, ...framed })
    const opened = await fetch(`${harness.address}/payment-page/sdk?${query.toString()}`)
    expect(await opened.text()).toContain('name="embed" value="1"')
    const done = await (await press(page, 'success', framed)).text()
    expect(done).toContain('"status":"charged"')
    expect(done).toContain('"http://localhost:4000"')
    harness.clock.jumpTo(harness.clock.now() + 15 * MINUTE)
    expect((await fetch(`${harness.address}/payment-page/sdk?${query.toString()}`)).status).toBe(401)
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
  const element = () => ({
    style: {},
    contentWindow: {},
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
