import { describe, expect, test, vi } from 'vitest'
import {
  createCheckoutFlow,
  type CheckoutDeps,
  type Phase,
} from '../../../client/features/checkout/checkout-flow.ts'
import type { HyperServicesClass, SdkEvent } from '../../../client/features/checkout/hyper-services.ts'
import { nextStep, returnAddress } from '../../../client/features/checkout/process-result.ts'
import { emptyTrace, STEP_IDS, traceReducer, type Trace } from '../../../client/features/checkout/trace.ts'

const SHOP = 'https://pay.example.com'
const wish = {
  amountMinor: 273_800n,
  customer: { name: 'Meera', email: 'm@example.com', phone: '9876543210' },
}
const started = {
  orderRef: 'PDORDER1',
  orderId: 'id-1',
  sdkPayload: {
    requestId: 'r',
    service: 'in.juspay.hyperpay',
    payload: { merchantId: 'shop', clientId: 'shop' },
  },
}

function result(status: string, error = true, more: Partial<SdkEvent> = {}): SdkEvent {
  return {
    event: 'process_result',
    payload: { status },
    error,
    errorCode: error ? 'JP_012' : '',
    errorMessage: error ? 'Unable to process payment' : '',
    ...more,
  }
}

const signed = {
  signaturePayload: '{"merchant_id":"shop","customer_id":"c","timestamp":"1"}',
  signature: 'c2ln',
  merchantKeyId: '2980',
  merchantId: 'shop',
  clientId: 'shop-client',
  environment: 'sandbox',
}

/** The flow with an SDK that answers Initiate at once and leaves Process to the test. */
function harness(change: Partial<CheckoutDeps> = {}, initiated: Partial<SdkEvent> = {}) {
  const calls: string[] = []
  const initiates: unknown[] = []
  const phases: Phase[] = []
  let trace: Trace = emptyTrace()
  let say: (event: unknown) => void = () => {}
  class Sdk {
    static preFetch = () => void calls.push('preFetch')
    initiate(payload: unknown, callback: (event: unknown) => void): void {
      calls.push('initiate')
      initiates.push(payload)
      say = callback
      callback({ event: 'initiate_result', payload: { status: 'success' }, error: false, ...initiated })
    }
    process = () => void calls.push('process')
    terminate = () => void calls.push('terminate')
  }
  const sdk: HyperServicesClass = Sdk
  const flow = createCheckoutFlow({
    load: () => Promise.resolve(sdk),
    signInitiate: () => {
      calls.push('sign')
      return Promise.resolve(signed)
    },
    startCheckout: () => {
      calls.push('session')
      return Promise.resolve(started)
    },
    verify: () => Promise.resolve({ paid: false, message: 'No change. Still failed.' }),
    problemOf: (error) => ({ title: 'Not opened.', message: error instanceof Error ? error.message : '' }),
    tell: (action) => void (trace = traceReducer(trace, action)),
    show: (phase) => phases.push(phase),
    now: () => 0,
    uuid: () => 'request-1',
    ownOrigin: SHOP,
    ...change,
  })
  return {
    flow,
    calls,
    initiates,
    phase: () => phases.at(-1),
    trace: () => trace,
    say: (event: unknown) => say(event),
  }
}

const states = (trace: Trace) => STEP_IDS.map((id) => trace[id].state)

describe('a payment', () => {
  test('walks prefetch, signed payload, initiate, session, process in that order, and waits for the SDK', async () => {
    const { flow, calls, initiates, phase, trace } = harness()
    expect(await flow.prefetch()).toBeNull()
    await flow.pay(wish)
    expect(calls).toEqual(['preFetch', 'sign', 'initiate', 'session', 'process'])
    expect(phase()).toEqual({ kind: 'paying', orderRef: 'PDORDER1' })
    expect(states(trace())).toEqual(['done', 'done', 'done', 'done', 'running', 'running', 'idle', 'idle'])
    expect(trace().session.messages[0]?.json).toMatchObject({ amountMinor: '273800' })
    expect(trace().payload.messages[1]?.json).toEqual(signed)
    expect(initiates).toEqual([
      {
        requestId: 'request-1',
        service: 'in.juspay.hyperpay',
        payload: {
          ...signed,
          action: 'initiate',
          integrationType: 'iframe',
          hyperSDKDiv: 'payment-frame',
        },
      },
    ])
  })

  test('that the SDK calls charged is terminated and sent to the server, by the signed address', async () => {
    const { flow, calls, phase, say, trace } = harness()
    await flow.pay(wish)
    const url = `${SHOP}/payments/return/demo?order_id=PDORDER1&signature=x`
    say(result('charged', false, { payload: { status: 'charged', otherInfo: { url } } }))
    expect(calls.at(-1)).toBe('terminate')
    expect(phase()).toEqual({ kind: 'leaving', orderRef: 'PDORDER1', address: url })
    expect(trace().terminate.state).toBe('done')
  })

  test('that failed is verified, and may be tried again on the same order', async () => {
    const { flow, calls, phase, say } = harness()
    await flow.pay(wish)
    say(JSON.stringify(result('authorization_failed')))
    await vi.waitFor(() => expect(phase()).toMatchObject({ kind: 'failed', canRetry: true }))
    flow.retry()
    expect(phase()).toEqual({ kind: 'paying', orderRef: 'PDORDER1' })
    expect(calls.filter((call) => call === 'process')).toHaveLength(2)
    expect(calls.filter((call) => call === 'initiate')).toHaveLength(1)
  })

  test('that the SDK calls failed but Juspay calls paid is never offered again', async () => {
    const { flow, phase, say } = harness({
      verify: () => Promise.resolve({ paid: true, message: 'Now charged.' }),
    })
    await flow.pay(wish)
    say(result('api_failure'))
    await vi.waitFor(() => expect(phase()).toMatchObject({ kind: 'leaving', address: null }))
  })

  test('left before an attempt goes back to the cart; left by our button is verified', async () => {
    const left = harness()
    await left.flow.pay(wish)
    left.say(result('backpressed'))
    expect(left.phase()).toMatchObject({ kind: 'cart' })
    const cancelled = harness()
    await cancelled.flow.pay(wish)
    cancelled.flow.cancel()
    expect(cancelled.phase()).toMatchObject({ kind: 'leaving', orderRef: 'PDORDER1' })
    expect(states(cancelled.trace()).slice(4)).toEqual(['failed', 'done', 'done', 'idle'])
  })
})

describe('what can go wrong before', () => {
  test('a missing script is said, and marks its step', async () => {
    const { flow, trace } = harness({ load: () => Promise.reject(new Error('did not load')) })
    expect(await flow.prefetch()).toBe('did not load')
    expect(trace().prefetch.state).toBe('failed')
  })

  test('a server that does not sign stops at its step and never starts the SDK', async () => {
    const { flow, calls, phase, trace } = harness({
      signInitiate: () => Promise.reject(new Error('This account has no signing key.')),
    })
    await flow.pay(wish)
    expect(phase()).toMatchObject({ kind: 'failed', canRetry: false, orderRef: null })
    expect(trace().payload.state).toBe('failed')
    expect(calls).toEqual([])
  })

  test('a server that gives no session stops at its step, and the SDK is freed', async () => {
    const { flow, calls, phase, trace } = harness({
      startCheckout: () => Promise.reject(new Error('Juspay did not answer.')),
    })
    await flow.pay(wish)
    expect(phase()).toMatchObject({ kind: 'failed', canRetry: false, orderRef: null })
    expect(trace().session.state).toBe('failed')
    expect(calls).toEqual(['sign', 'initiate', 'terminate'])
  })

  test('a page that is closed while the server answers opens nothing any more', async () => {
    let answer: (value: typeof started) => void = () => {}
    const startCheckout = () => new Promise<typeof started>((resolve) => void (answer = resolve))
    const { flow, calls, phase } = harness({ startCheckout })
    const paying = flow.pay(wish)
    await vi.waitFor(() => expect(calls).toContain('initiate'))
    flow.terminate()
    answer(started)
    await paying
    expect(calls).not.toContain('process')
    expect(phase()).toEqual({ kind: 'starting' })
  })

  test('an SDK that refuses Initiate never gets to Process', async () => {
    const errorMessage = 'The signature does not match what was signed.'
    const { flow, calls, phase, trace } = harness({}, { error: true, errorMessage })
    await flow.pay(wish)
    expect(phase()).toMatchObject({ kind: 'failed', message: errorMessage })
    expect(trace().initiate.state).toBe('failed')
    expect(calls).toEqual(['sign', 'initiate', 'terminate'])
  })
})

// API reference §8.3, row by row.
test.each([
  ['charged', false, 'return'],
  ['cod_initiated', false, 'return'],
  ['backpressed', true, 'cart'],
  ['user_aborted', true, 'return'],
  ['pending_vbv', true, 'return'],
  ['authorizing', true, 'return'],
  ['authentication_failed', true, 'retry'],
  ['AUTHORIZATION_FAILED', true, 'retry'],
  ['api_failure', true, 'retry'],
  ['new', true, 'retry'],
  ['something_else', true, 'return'],
])('after %s the shop goes to: %s %s', (status, error, expected) => {
  expect(nextStep(result(status, error))).toBe(expected)
})

test.each([
  [`${SHOP}/payments/return/demo?order_id=1`, true],
  ['https://evil.example/payments/return/demo', false],
  [`${SHOP}/orders/1`, false],
  ['javascript:alert(1)', false],
  [42, false],
])('a frame may send the customer to %s: %s', (url, allowed) => {
  const address = returnAddress(result('charged', false, { payload: { otherInfo: { url } } }), SHOP)
  expect(address !== null).toBe(allowed)
})
