/**
 * The call sequence of a web shop on Juspay's HyperSDK (API reference §8.1), step by step. It draws nothing: it tells
 * each step to the trace and says which phase the page is in.
 */
import { z } from 'zod'
import { readSdkEvent, type HyperServices, type HyperServicesClass, type SdkEvent } from './hyper-services.ts'
import { nextStep, returnAddress, statusOf } from './process-result.ts'
import type { StepId, TraceAction, TraceJson } from './trace.ts'

export type Phase =
  | { kind: 'cart'; notice: string | null }
  | { kind: 'starting' }
  | { kind: 'paying'; orderRef: string }
  | { kind: 'failed'; title: string; message: string; orderRef: string | null; canRetry: boolean }
  /** Leaving for the signed return address, or for our own return page when there is none. */
  | { kind: 'leaving'; orderRef: string; address: string | null }

export type Wish = { amountMinor: bigint; customer: { name: string; email: string; phone: string } }

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

export type CheckoutDeps = {
  load: () => Promise<HyperServicesClass>
  signInitiate: (customerRef: string) => Promise<SignedInitiate>
  startCheckout: (wish: Wish, customerRef: string) => Promise<Started>
  /** Asks the server, which asks Juspay: whether it is paid, and a sentence. */
  verify: (orderId: string) => Promise<{ paid: boolean; message: string }>
  problemOf: (error: unknown) => { title: string; message: string }
  tell: (action: TraceAction) => void
  show: (phase: Phase) => void
  now: () => number
  uuid: () => string
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
  /** Step 5 again for the same order: its client token is still good. */
  retry: () => void
  /** The customer leaves the payment page by a button of ours. */
  cancel: () => void
  /** Step 7, when the page closes. */
  terminate: () => void
}

export function createCheckoutFlow(deps: CheckoutDeps): CheckoutFlow {
  const { tell, show, now } = deps
  let sdk: HyperServices | null = null
  let order: Started | null = null
  /** Counts up with every payment and with the end: what still waits for an answer then is not ours any more. */
  let walk = 0
  /** Whether the SDK has said something and may say more. */
  let hearing = false
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
    if (event.event === 'process_result') void settle(event)
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
    const sent = jsonOf(order.sdkPayload)
    begin('process', sent)
    show({ kind: 'paying', orderRef: order.orderRef })
    sdk.process(order.sdkPayload)
  }

  async function settle(result: SdkEvent): Promise<void> {
    if (order === null) return
    const { orderRef, orderId } = order
    const next = nextStep(result)
    end('process', !result.error, { got: result, note: statusOf(result) })
    endEvents()
    if (next === 'return') {
      terminate()
      return show({ kind: 'leaving', orderRef, address: returnAddress(result, deps.ownOrigin) })
    }
    if (next === 'cart') {
      terminate()
      return show({ kind: 'cart', notice: 'You left before paying. Nothing was tried.' })
    }
    const said = result.errorMessage ? `The SDK says: ${result.errorMessage.replace(/\.$/, '')}.` : ''
    const verified = orderId === null ? null : await deps.verify(orderId).catch(() => null)
    if (verified?.paid) {
      terminate()
      return show({ kind: 'leaving', orderRef, address: null })
    }
    show({
      kind: 'failed',
      title: 'The payment did not go through.',
      message: [
        said,
        verified ? `Our server asked Juspay: ${verified.message}` : 'Our server could not ask Juspay yet.',
      ]
        .filter(Boolean)
        .join(' '),
      orderRef,
      canRetry: true,
    })
  }

  function terminate(): void {
    if (sdk === null) return
    endEvents()
    begin('terminate')
    sdk.terminate()
    sdk = null
    end('terminate', true)
  }

  return {
    async prefetch() {
      const payload = { service: SERVICE, payload: {} }
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
      walk += 1
      const mine = walk
      const isOver = () => mine !== walk
      order = null
      tell({ kind: 'again', from: 'payload' })
      show({ kind: 'starting' })
      let step: StepId = 'payload'
      try {
        begin('payload', { customerRef })
        const signed = await deps.signInitiate(customerRef)
        if (isOver()) return
        end('payload', true, { got: { ...signed } })

        step = 'initiate'
        const script = await deps.load()
        if (isOver()) return
        sdk = new script()
        const setup = initiatePayload(deps.uuid(), signed)
        begin('initiate', setup)
        const result = await initiate(sdk, setup)
        if (isOver()) return
        if (result.error) throw new Error(result.errorMessage || 'Initiate failed.')
        end('initiate', true, { got: result })

        step = 'session'
        begin('session', { amountMinor: wish.amountMinor.toString(), customerRef, customer: wish.customer })
        const started = await deps.startCheckout(wish, customerRef)
        if (isOver()) return
        if (!sdkPayloadShape.safeParse(started.sdkPayload).success)
          throw new Error('The server gave no payload for the SDK.')
        order = started
        end('session', true, { got: jsonOf(started.sdkPayload) })

        step = 'process'
        process()
      } catch (error) {
        if (isOver()) return
        const { title, message } = deps.problemOf(error)
        end(step, false, { note: [title, message].filter(Boolean).join(' ') })
        terminate()
        show({ kind: 'failed', title, message, orderRef: order?.orderRef ?? null, canRetry: false })
      }
    },

    retry() {
      tell({ kind: 'again', from: 'process' })
      process()
    },

    cancel() {
      if (order === null) return
      const { orderRef } = order
      end('process', false, { note: 'Left by the customer.' })
      terminate()
      // Something may have been tried in the frame: only the server knows.
      show({ kind: 'leaving', orderRef, address: null })
    },

    terminate() {
      walk += 1
      terminate()
    },
  }
}

/** Initiate in its signed form (API reference §2.4). */
function initiatePayload(requestId: string, signed: SignedInitiate) {
  const { merchantId, clientId, environment, signaturePayload, signature, merchantKeyId } = signed
  return {
    requestId,
    service: SERVICE,
    payload: {
      action: 'initiate',
      merchantId,
      clientId,
      environment,
      integrationType: 'iframe',
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
