import { describe, expect, test, vi } from 'vitest'
import {
  createCheckoutFlow,
  type CheckoutDeps,
  type Phase,
  type Verified,
  type Wish,
} from '../../../client/features/checkout/checkout-flow.ts'
import type { HyperServicesClass, SdkEvent } from '../../../client/features/checkout/hyper-services.ts'
import { hintOf, nextStep, returnAddress } from '../../../client/features/checkout/process-result.ts'
import {
  backFromPage,
  emptyTrace,
  STEP_IDS,
  traceReducer,
  type Trace,
} from '../../../client/features/checkout/trace.ts'

const SHOP = 'https://pay.example.com'
const wish: Wish = {
  amountMinor: 273_800n,
  customer: { name: 'Meera', email: 'm@example.com', phone: '9876543210' },
  mode: 'iframe',
}
const CREATED: Verified = { status: 'created', providerStatus: 'NEW', message: 'No change. Still created.' }
const FAILED: Verified = {
  status: 'failed',
  providerStatus: 'AUTHORIZATION_FAILED',
  message: 'No change. Still failed.',
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
  const sessions: (string | null)[] = []
  const reports: [string, boolean, string][] = []
  const initiates: unknown[] = []
  const prefetches: unknown[] = []
  const phases: Phase[] = []
  let trace: Trace = emptyTrace()
  let say: (event: unknown) => void = () => {}
  class Sdk {
    static preFetch = (payload: unknown) => {
      prefetches.push(payload)
      calls.push('preFetch')
    }
    initiate(payload: unknown, callback: (event: unknown) => void): void {
      calls.push('initiate')
      initiates.push(payload)
      say = callback
      callback({ event: 'initiate_result', payload: { status: 'success' }, error: false, ...initiated })
    }
    process = () => void calls.push('process')
    onBackPressed = () => {
      calls.push('onBackPressed')
      return true
    }
    terminate = () => void calls.push('terminate')
  }
  const sdk: HyperServicesClass = Sdk
  const flow = createCheckoutFlow({
    load: () => Promise.resolve(sdk),
    signInitiate: () => {
      calls.push('sign')
      return Promise.resolve(signed)
    },
    startCheckout: (_wish, _customerRef, orderRef) => {
      calls.push('session')
      sessions.push(orderRef)
      return Promise.resolve(started)
    },
    verify: () => {
      calls.push('verify')
      return Promise.resolve(FAILED)
    },
    report: (step, ok, words) => void reports.push([step, ok, words]),
    problemOf: (error) => ({ title: 'Not opened.', message: error instanceof Error ? error.message : '' }),
    tell: (action) => void (trace = traceReducer(trace, action)),
    show: (phase) => phases.push(phase),
    now: () => 0,
    uuid: () => 'request-1',
    clientId: 'shop-client',
    ownOrigin: SHOP,
    ...change,
  })
  return {
    flow,
    calls,
    sessions,
    reports,
    initiates,
    prefetches,
    phase: () => phases.at(-1),
    trace: () => trace,
    say: (event: unknown) => say(event),
  }
}

const states = (trace: Trace) => STEP_IDS.map((id) => trace[id].state)

describe('a payment', () => {
  test('walks prefetch, signed payload, initiate, session, process in that order, and waits for the SDK', async () => {
    const { flow, calls, initiates, prefetches, phase, trace } = harness()
    expect(await flow.prefetch()).toBeNull()
    expect(prefetches).toEqual([{ service: 'in.juspay.hyperpay', payload: { clientId: 'shop-client' } }])
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
    const { flow, calls, reports, phase, say, trace } = harness()
    await flow.pay(wish)
    const url = `${SHOP}/payments/return/demo?order_id=PDORDER1&signature=x`
    say(result('charged', false, { payload: { status: 'charged', otherInfo: { url } } }))
    expect(calls.at(-1)).toBe('terminate')
    expect(phase()).toEqual({ kind: 'leaving', orderRef: 'PDORDER1', address: url })
    expect(trace().terminate.state).toBe('done')
    expect(reports).toEqual([
      ['initiate', true, 'success'],
      ['process', true, 'charged'],
    ])
  })

  test('that failed is verified, and may be tried again on the same order', async () => {
    const { flow, calls, phase, say } = harness()
    await flow.pay(wish)
    say(JSON.stringify(result('authorization_failed')))
    await vi.waitFor(() => expect(phase()).toMatchObject({ kind: 'failed', canRetry: true }))
    expect(calls.at(-1)).toBe('verify')
    await flow.retry()
    expect(phase()).toEqual({ kind: 'paying', orderRef: 'PDORDER1' })
    expect(calls.filter((call) => call === 'process')).toHaveLength(2)
    expect(calls.filter((call) => call === 'initiate')).toHaveLength(1)
  })

  test.each<[string, () => Promise<Verified>]>([
    [
      'paid',
      () => Promise.resolve({ status: 'charged', providerStatus: 'CHARGED', message: 'Now charged.' }),
    ],
    [
      'open',
      () => Promise.resolve({ status: 'pending', providerStatus: 'PENDING_VBV', message: 'Pending.' }),
    ],
    ['unknown', () => Promise.reject(new Error('Juspay did not answer.'))],
  ])(
    'that the SDK calls failed and the server knows as %s is never offered again',
    async (_known, verify) => {
      const { flow, phase, say } = harness({ verify })
      await flow.pay(wish)
      say(result('api_failure'))
      await vi.waitFor(() => expect(phase()).toMatchObject({ kind: 'leaving', address: null }))
    },
  )

  test('whose result comes twice is asked about once', async () => {
    const { flow, calls, phase, say } = harness()
    await flow.pay(wish)
    say(result('authorization_failed'))
    say(result('authorization_failed'))
    await vi.waitFor(() => expect(phase()).toMatchObject({ kind: 'failed' }))
    expect(calls.filter((call) => call === 'verify')).toHaveLength(1)
  })

  test('left before an attempt goes back to the cart once the server has asked', async () => {
    const { flow, calls, phase, say, trace } = harness({ verify: () => Promise.resolve(CREATED) })
    await flow.pay(wish)
    say(result('backpressed'))
    expect(phase()).toEqual({ kind: 'checking', orderRef: 'PDORDER1' })
    await vi.waitFor(() => expect(phase()).toMatchObject({ kind: 'cart' }))
    expect(phase()).toMatchObject({ notice: 'You left before paying. No change. Still created.' })
    expect(trace().return.state).toBe('done')
    expect(calls.at(-1)).toBe('terminate')
  })

  test('that the customer goes back from is left to the SDK, which says how it ended', async () => {
    const { flow, calls, phase, say, trace } = harness({ verify: () => Promise.resolve(CREATED) })
    expect(flow.back()).toBe(false)
    await flow.pay(wish)
    expect(flow.back()).toBe(true)
    expect(calls.at(-1)).toBe('onBackPressed')
    expect(trace().process.messages.at(-1)).toMatchObject({ name: 'hyper.onBackPressed()', json: true })
    say(result('backpressed'))
    await vi.waitFor(() => expect(phase()).toMatchObject({ kind: 'cart' }))
  })

  test('whose SDK knows no back press is ended by the page, and asked about', async () => {
    class Old {
      static preFetch = () => undefined
      initiate(_payload: unknown, callback: (event: unknown) => void): void {
        callback({ event: 'initiate_result', payload: { status: 'success' }, error: false })
      }
      process = () => undefined
      terminate = () => undefined
    }
    const { flow, phase, trace } = harness({ load: () => Promise.resolve(Old) })
    await flow.pay(wish)
    expect(flow.back()).toBe(true)
    expect(phase()).toMatchObject({ kind: 'leaving', orderRef: 'PDORDER1', address: null })
    expect(states(trace()).slice(4)).toEqual(['failed', 'done', 'done', 'idle'])
  })

  test('whose session has expired is tried again on a fresh session of the same order', async () => {
    const { flow, calls, sessions, phase, say } = harness({ verify: () => Promise.resolve(CREATED) })
    await flow.pay(wish)
    say({ event: 'sessionExpired', payload: { orderId: 'PDORDER1' }, error: false })
    say(result('api_failure', true, { errorCode: 'JP_001', errorMessage: 'The session has expired.' }))
    await vi.waitFor(() =>
      expect(phase()).toMatchObject({ kind: 'failed', title: 'The payment page has expired.' }),
    )
    await flow.retry()
    expect(phase()).toEqual({ kind: 'paying', orderRef: 'PDORDER1' })
    expect(sessions).toEqual([null, 'PDORDER1'])
    expect(calls.filter((call) => call === 'initiate')).toHaveLength(1)
  })

  test('on a page of its own leaves this one, and its steps are closed when the customer is back', async () => {
    const { flow, initiates, phase, trace } = harness()
    await flow.pay({ ...wish, mode: 'redirection' })
    expect(initiates).toMatchObject([{ payload: { integrationType: 'redirection' } }])
    expect(phase()).toEqual({ kind: 'redirecting', orderRef: 'PDORDER1' })
    expect(states(trace()).slice(4, 6)).toEqual(['running', 'running'])
    expect(states(backFromPage(trace(), 1)).slice(4, 6)).toEqual(['done', 'done'])
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
    const { flow, calls, reports, phase, trace } = harness({}, { error: true, errorMessage })
    await flow.pay(wish)
    expect(reports).toEqual([['initiate', false, errorMessage]])
    expect(phase()).toMatchObject({ kind: 'failed', message: errorMessage })
    expect(trace().initiate.state).toBe('failed')
    expect(calls).toEqual(['sign', 'initiate', 'terminate'])
  })
})

// API reference §8.3, row by row: what the page does when the server knows of no attempt, of a failed one, of an open
// one, of a paid one, and when it could not ask.
test.each([
  ['charged', false, ['return', 'return', 'return', 'return', 'return']],
  ['cod_initiated', false, ['return', 'return', 'return', 'return', 'return']],
  ['backpressed', true, ['cart', 'cart', 'return', 'return', 'return']],
  ['user_aborted', true, ['return', 'return', 'return', 'return', 'return']],
  ['pending_vbv', true, ['return', 'return', 'return', 'return', 'return']],
  ['authorizing', true, ['return', 'return', 'return', 'return', 'return']],
  ['authentication_failed', true, ['retry', 'retry', 'return', 'return', 'return']],
  ['AUTHORIZATION_FAILED', true, ['retry', 'retry', 'return', 'return', 'return']],
  ['api_failure', true, ['retry', 'retry', 'return', 'return', 'return']],
  ['new', true, ['retry', 'retry', 'return', 'return', 'return']],
  ['something_else', true, ['return', 'return', 'return', 'return', 'return']],
])('after %s the shop goes where the server’s answer leads', (status, error, expected) => {
  const known = ['created', 'failed', 'pending', 'charged', null] as const
  expect(known.map((verified) => nextStep(hintOf(result(status, error)), verified))).toEqual(expected)
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
