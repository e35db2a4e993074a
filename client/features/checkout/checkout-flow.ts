/**
 * The call sequence of a web shop on Juspay's HyperSDK (API reference §8.1), step by step. It draws nothing: it tells
 * each step to the trace and says which phase the page is in.
 */
import { z } from 'zod/mini'
import type { PaymentStatus } from '../../../server/domain/payment-status.ts'
import { readSdkEvent, type HyperServices, type HyperServicesClass, type SdkEvent } from './hyper-services.ts'
import { hintOf, nextStep, returnAddress, statusOf } from './process-result.ts'
import type { StepId, TraceAction, TraceJson } from './trace.ts'

export type Phase =
  | { kind: 'cart'; notice: string | null }
  | { kind: 'starting' }
  | { kind: 'paying'; orderRef: string }
  /** The SDK has said how it ended; our server asks Juspay. */
  | { kind: 'checking'; orderRef: string }
  | { kind: 'failed'; title: string; message: string; orderRef: string | null; canRetry: boolean }
  /** The browser leaves for the payment page and comes back by the return address. */
  | { kind: 'redirecting'; orderRef: string }
  /** Leaving for the signed return address, or for our own return page when there is none. */
  | { kind: 'leaving'; orderRef: string; address: string | null }

/** Where the payment page is drawn: in a frame of the shop's page, or in its place. Juspay's words for it. */
export type PageMode = 'iframe' | 'redirection'

export type Wish = {
  amountMinor: bigint
  customer: { name: string; email: string; phone: string }
  mode: PageMode
}

/** What the server signed for Initiate (API reference §2.4). */
export type SignedInitiate = {
  /** The exact text that was signed: serialising it again would break the signature. */
  signaturePayload: string
  signature: string
  merchantKeyId: string
  merchantId: string
  clientId: string
  environment: string
}

export type Started = { orderRef: string; orderId: string | null; sdkPayload: unknown }

/** What our server has from Juspay. */
export type Verified = { status: PaymentStatus; providerStatus: string; message: string }

export type CheckoutDeps = {
  load: () => Promise<HyperServicesClass>
  signInitiate: (customerRef: string) => Promise<SignedInitiate>
  /** A session for a new order, or a fresh one for the order that is named. */
  startCheckout: (wish: Wish, customerRef: string, orderRef: string | null) => Promise<Started>
  /** Asks the server, which asks Juspay. */
  verify: (orderId: string) => Promise<Verified>
  problemOf: (error: unknown) => { title: string; message: string }
  /** Tells the server what only the SDK knows, for the integration page. Nothing waits for it. */
  report: (step: 'initiate' | 'process', ok: boolean, words: string) => void
  tell: (action: TraceAction) => void
  show: (phase: Phase) => void
  now: () => number
  uuid: () => string
  /** What Juspay calls the shop's page by (`payment_page_client_id`). */
  clientId: string
  ownOrigin: string
}

/** Element the payment page is drawn in. */
export const FRAME_ID = 'payment-frame'

const SERVICE = 'in.juspay.hyperpay'
/** An SDK that has not answered Initiate by then will not. */
const INITIATE_TIMEOUT_MS = 15_000

const sdkPayloadShape = z.looseObject({ payload: z.looseObject({}) })

export type CheckoutFlow = {
  /** Step 1, when the page opens. Resolves to the sentence why it could not, or null. */
  prefetch: () => Promise<string | null>
  /** Steps 2 to 5. */
  pay: (wish: Wish) => Promise<void>
  /** Step 5 again for the same order, after an expired session with a fresh one. */
  retry: () => Promise<void>
  /** The customer goes back. Whether that concerned the payment page. */
  back: () => boolean
  /** Step 7, when the page closes. */
  terminate: () => void
}

export function createCheckoutFlow(deps: CheckoutDeps): CheckoutFlow {
  const { tell, show, now } = deps
  let sdk: HyperServices | null = null
  let wished: Wish | null = null
  let order: Started | null = null
  /** Counts up with every payment and with the end: what still waits for an answer then is not ours any more. */
  let walk = 0
  /** Whether the payment page is open: its result is heard once. */
  let isOpen = false
  /** Whether the SDK has said something and may say more. */
  let hearing = false
  /** The client token is too old: trying again takes a new session. */
  let sessionExpired = false
  const customerRef = `shopper_${deps.uuid().slice(0, 8)}`
  let answered: ((result: SdkEvent) => void) | null = null

  const begin = (step: StepId, sent?: TraceJson) =>
    tell({ kind: 'begin', step, at: now(), ...(sent !== undefined && { sent }) })
  const end = (step: StepId, ok: boolean, more: { got?: TraceJson; note?: string } = {}) =>
    tell({ kind: 'end', step, at: now(), ok, ...more })

  function endEvents(): void {
    if (hearing) end('events', true)
    hearing = false
  }

  function onEvent(given: unknown): void {
    const event = readSdkEvent(given)
    if (event === null) return
    hearing = true
    tell({ kind: 'message', step: 'events', at: now(), name: event.event, json: event })
    if (event.event === 'initiate_result') answered?.(event)
    if (event.event === 'sessionExpired') sessionExpired = true
    if (event.event === 'process_result' && isOpen) void settle(event)
  }

  function initiate(hyper: HyperServices, payload: TraceJson): Promise<SdkEvent> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error('The SDK did not answer Initiate.')),
        INITIATE_TIMEOUT_MS,
      )
      answered = (result) => {
        clearTimeout(timer)
        answered = null
        resolve(result)
      }
      hyper.initiate(payload, onEvent)
    })
  }

  function process(): void {
    if (sdk === null || order === null) return
    begin('process', jsonOf(order.sdkPayload))
    isOpen = true
    show({ kind: wished?.mode === 'redirection' ? 'redirecting' : 'paying', orderRef: order.orderRef })
    sdk.process(order.sdkPayload)
  }

  async function ask(orderId: string): Promise<Verified | null> {
    begin('return', { orderId })
    try {
      const verified = await deps.verify(orderId)
      end('return', true, { got: { ...verified } })
      return verified
    } catch (error) {
      const { title } = deps.problemOf(error)
      end('return', false, { note: title })
      return null
    }
  }

  async function settle(result: SdkEvent): Promise<void> {
    if (order === null) return
    isOpen = false
    const mine = walk
    const { orderRef, orderId } = order
    const hint = hintOf(result)
    const status = statusOf(result)
    end('process', !result.error, { got: result, note: status })
    // A payment that failed went through the page as well as one that did not.
    deps.report('process', status !== 'api_failure', status === '' ? 'no status' : status)
    if (hint === 'ask') {
      terminate()
      return show({ kind: 'leaving', orderRef, address: returnAddress(result, deps.ownOrigin) })
    }
    show({ kind: 'checking', orderRef })
    const verified = orderId === null ? null : await ask(orderId)
    if (mine !== walk) return
    switch (nextStep(hint, verified?.status ?? null)) {
      case 'return':
        terminate()
        return show({ kind: 'leaving', orderRef, address: null })
      case 'cart':
        terminate()
        return show({ kind: 'cart', notice: `You left before paying. ${verified?.message ?? ''}`.trim() })
      case 'retry':
        endEvents()
        return show(failure(orderRef, result, verified))
    }
  }

  function failure(orderRef: string, result: SdkEvent, verified: Verified | null): Phase {
    const said = result.errorMessage ? `The SDK says: ${result.errorMessage.replace(/\.$/, '')}.` : ''
    const message = [said, `Our server asked Juspay: ${verified?.message ?? ''}`].filter(Boolean).join(' ')
    const title = sessionExpired ? 'The payment page has expired.' : 'The payment did not go through.'
    return { kind: 'failed', title, message, orderRef, canRetry: true }
  }

  function terminate(): void {
    if (sdk === null) return
    endEvents()
    isOpen = false
    begin('terminate')
    sdk.terminate()
    sdk = null
    end('terminate', true)
  }

  /** Runs steps of a payment, each telling `at` where it is; what goes wrong ends the step it went wrong in. */
  async function steps(
    run: (at: (step: StepId) => void, isOver: () => boolean) => Promise<void>,
  ): Promise<void> {
    walk += 1
    const mine = walk
    const isOver = () => mine !== walk
    let step: StepId = 'payload'
    try {
      await run((next) => void (step = next), isOver)
    } catch (error) {
      if (isOver()) return
      const { title, message } = deps.problemOf(error)
      end(step, false, { note: [title, message].filter(Boolean).join(' ') })
      terminate()
      show({ kind: 'failed', title, message, orderRef: order?.orderRef ?? null, canRetry: false })
    }
  }

  /** Steps 4 and 5: the session, and the payment page on it. */
  async function openPage(wish: Wish, at: (step: StepId) => void, isOver: () => boolean): Promise<void> {
    at('session')
    const { amountMinor, customer } = wish
    const orderRef = order?.orderRef ?? null
    begin('session', { orderRef, amountMinor: amountMinor.toString(), customerRef, customer })
    const started = await deps.startCheckout(wish, customerRef, orderRef)
    if (isOver()) return
    if (!sdkPayloadShape.safeParse(started.sdkPayload).success)
      throw new Error('The server gave no payload for the SDK.')
    order = started
    sessionExpired = false
    end('session', true, { got: jsonOf(started.sdkPayload) })
    at('process')
    process()
  }

  return {
    async prefetch() {
      const payload = { service: SERVICE, payload: { clientId: deps.clientId } }
      begin('prefetch', payload)
      try {
        const script = await deps.load()
        script.preFetch(payload)
        end('prefetch', true)
        return null
      } catch (error) {
        const note = error instanceof Error ? error.message : 'The payment script did not load.'
        end('prefetch', false, { note })
        return note
      }
    },

    async pay(wish) {
      terminate()
      wished = wish
      order = null
      tell({ kind: 'again', from: 'payload' })
      show({ kind: 'starting' })
      await steps(async (at, isOver) => {
        begin('payload', { customerRef })
        const signed = await deps.signInitiate(customerRef)
        if (isOver()) return
        end('payload', true, { got: { ...signed } })

        at('initiate')
        const script = await deps.load()
        if (isOver()) return
        sdk = new script()
        const setup = initiatePayload(deps.uuid(), signed, wish.mode)
        begin('initiate', setup)
        const result = await initiate(sdk, setup)
        deps.report('initiate', !result.error, result.errorMessage || 'success')
        if (isOver()) return
        if (result.error) throw new Error(result.errorMessage || 'Initiate failed.')
        end('initiate', true, { got: result })
        await openPage(wish, at, isOver)
      })
    },

    async retry() {
      tell({ kind: 'again', from: sessionExpired ? 'session' : 'process' })
      const wish = wished
      if (!sessionExpired || wish === null) return process()
      show({ kind: 'starting' })
      await steps((at, isOver) => openPage(wish, at, isOver))
    },

    back() {
      if (!isOpen || order === null || sdk === null) return false
      const { orderRef } = order
      const handled = sdk.onBackPressed?.() ?? false
      tell({ kind: 'message', step: 'process', at: now(), name: 'hyper.onBackPressed()', json: handled })
      if (handled) return true
      end('process', false, { note: 'Left by the customer.' })
      terminate()
      // Something may have been tried in the frame: only the server knows.
      show({ kind: 'leaving', orderRef, address: null })
      return true
    },

    terminate() {
      walk += 1
      terminate()
    },
  }
}

/** Initiate in its signed form (API reference §2.4). */
function initiatePayload(requestId: string, signed: SignedInitiate, mode: PageMode) {
  const { merchantId, clientId, environment, signaturePayload, signature, merchantKeyId } = signed
  return {
    requestId,
    service: SERVICE,
    payload: {
      action: 'initiate',
      merchantId,
      clientId,
      environment,
      integrationType: mode,
      hyperSDKDiv: FRAME_ID,
      signaturePayload,
      signature,
      merchantKeyId,
    },
  }
}

/** What travels as JSON, for showing. */
function jsonOf(value: unknown): TraceJson {
  const parsed = z.json().safeParse(value)
  return parsed.success ? parsed.data : null
}
