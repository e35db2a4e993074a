/** The integration as the checkout walked it: one entry per step, with what was sent, what came back, and how long it took. */
import { z } from 'zod/mini'

export const STEP_IDS = [
  'prefetch',
  'payload',
  'initiate',
  'session',
  'process',
  'events',
  'terminate',
  'return',
] as const

export type StepId = (typeof STEP_IDS)[number]

/** Name and place of each step (product description, "The integration it serves"). */
export const STEP_WORDS: Readonly<Record<StepId, { title: string; call: string; what: string }>> = {
  prefetch: {
    title: 'Prefetch',
    call: 'HyperServices.preFetch()',
    what: 'The page warms up the payment page’s assets when it opens.',
  },
  payload: {
    title: 'Signed payload for Initiate',
    call: 'shop server',
    what: 'The shop’s server signs who the customer is. The key never reaches the browser.',
  },
  initiate: {
    title: 'Initiate',
    call: 'hyper.initiate()',
    what: 'Starts the SDK with the signed payload. Juspay checks the signature; then comes initiate_result.',
  },
  session: {
    title: 'Order details for Process',
    call: 'POST /session',
    what: 'The server creates the order at Juspay; the answer carries the payload for Process.',
  },
  process: {
    title: 'Process',
    call: 'hyper.process()',
    what: 'Opens the payment page. The customer pays, fails or leaves.',
  },
  events: {
    title: 'SDK events',
    call: 'callback',
    what: 'What the SDK said. A hint for the page, never proof of payment.',
  },
  terminate: {
    title: 'Terminate',
    call: 'hyper.terminate()',
    what: 'Frees the SDK when the customer leaves the checkout.',
  },
  return: {
    title: 'Status, verified',
    call: 'GET /orders/{order_id}',
    what: 'However it ended, the server asks Juspay for the status. Only that counts.',
  },
}

const message = z.object({ name: z.string(), at: z.number(), json: z.json() })

const stepShape = z.object({
  state: z.enum(['idle', 'running', 'done', 'failed']),
  startedAt: z.nullable(z.number()),
  tookMs: z.nullable(z.number()),
  /** Requests, answers and events, in order. */
  messages: z.array(message),
  note: z.nullable(z.string()),
})

export type TraceStep = z.infer<typeof stepShape>
export type TraceMessage = z.infer<typeof message>
export type Trace = Readonly<Record<StepId, TraceStep>>
export type TraceJson = TraceMessage['json']

const IDLE: TraceStep = { state: 'idle', startedAt: null, tookMs: null, messages: [], note: null }
/** Messages kept per step; the newest stay. */
const MESSAGES_MAX = 40

const traceShape = z.object({
  prefetch: stepShape,
  payload: stepShape,
  initiate: stepShape,
  session: stepShape,
  process: stepShape,
  events: stepShape,
  terminate: stepShape,
  return: stepShape,
})

export type TraceAction =
  | { kind: 'begin'; step: StepId; at: number; sent?: TraceJson }
  | { kind: 'message'; step: StepId; at: number; name: string; json: TraceJson }
  | { kind: 'end'; step: StepId; at: number; ok: boolean; got?: TraceJson; note?: string }
  /** The steps of a payment begin again; what happened when the page opened stays. */
  | { kind: 'again'; from: StepId }

export function emptyTrace(): Trace {
  return {
    prefetch: IDLE,
    payload: IDLE,
    initiate: IDLE,
    session: IDLE,
    process: IDLE,
    events: IDLE,
    terminate: IDLE,
    return: IDLE,
  }
}

export function traceReducer(trace: Trace, action: TraceAction): Trace {
  switch (action.kind) {
    case 'begin': {
      const messages = action.sent === undefined ? [] : [{ name: 'Sent', at: action.at, json: action.sent }]
      return {
        ...trace,
        [action.step]: { state: 'running', startedAt: action.at, tookMs: null, messages, note: null },
      }
    }
    case 'message': {
      const step = trace[action.step]
      const { name, at, json } = action
      const messages = [...step.messages, { name, at, json }].slice(-MESSAGES_MAX)
      const state = step.state === 'idle' ? 'running' : step.state
      return {
        ...trace,
        [action.step]: { ...step, state, startedAt: step.startedAt ?? at, messages },
      }
    }
    case 'end': {
      const step = trace[action.step]
      const got = action.got === undefined ? [] : [{ name: 'Got', at: action.at, json: action.got }]
      return {
        ...trace,
        [action.step]: {
          ...step,
          state: action.ok ? 'done' : 'failed',
          tookMs: step.startedAt === null ? null : action.at - step.startedAt,
          messages: [...step.messages, ...got].slice(-MESSAGES_MAX),
          note: action.note ?? null,
        },
      }
    }
    case 'again': {
      const from = STEP_IDS.indexOf(action.from)
      const idle = STEP_IDS.slice(from).map((id) => [id, IDLE] as const)
      return { ...trace, ...Object.fromEntries(idle) }
    }
  }
}

/**
 * The trace as it is after the trip by a payment page of its own: the SDK went with the shop's page, so what it was doing
 * then will never be told here.
 */
export function backFromPage(trace: Trace, at: number): Trace {
  const gone = (step: StepId, note: string) => (before: Trace) =>
    before[step].state === 'running'
      ? traceReducer(before, { kind: 'end', step, at, ok: true, note })
      : before
  const ended = gone('process', 'The browser went to the payment page and came back.')(trace)
  return gone('events', 'None while the browser is elsewhere: the return address tells instead.')(ended)
}

const STORE_KEY = 'checkout.trace'

/** Keeps the trace of one order over the trip through the server, which loads the page anew. */
export function keepTrace(orderRef: string, trace: Trace): void {
  try {
    sessionStorage.setItem(STORE_KEY, JSON.stringify({ orderRef, trace }))
  } catch {
    // Full or forbidden storage: the return page does without the earlier steps.
  }
}

/** The kept trace of this order, or null. */
export function keptTrace(orderRef: string): Trace | null {
  try {
    const kept = z
      .object({ orderRef: z.string(), trace: traceShape })
      .safeParse(JSON.parse(sessionStorage.getItem(STORE_KEY) ?? 'null'))
    return kept.success && kept.data.orderRef === orderRef ? kept.data.trace : null
  } catch {
    return null
  }
}
