import { z } from 'zod'
import type { Random } from './random.ts'

/** Names of the API routes a fault can be tied to; `*` is all of them. */
export const ROUTE_NAMES = [
  'session',
  'order_create',
  'order_update',
  'order_status',
  'refund',
  'txn_refund',
  'txn',
  'capture',
  'void',
  'customer',
  'mandate',
  'fulfilment',
] as const

export type RouteName = (typeof ROUTE_NAMES)[number]

const counted = {
  /** How many times it strikes; absent means until deleted. */
  count: z.number().int().positive().optional(),
  probability: z.number().min(0).max(1).default(1),
}

const apiFault = z.strictObject({
  kind: z.enum(['status', 'timeout', 'reset', 'drop_response', 'slow', 'malformed', 'html', 'empty']),
  route: z.enum([...ROUTE_NAMES, '*']).default('*'),
  /** Only calls about this order. */
  orderId: z.string().optional(),
  /** HTTP status of `status` and `html`. */
  status: z.number().int().min(200).max(599).default(500),
  /** JSON body of `status`. */
  body: z.unknown().optional(),
  /** Real milliseconds of `slow`. */
  delayMs: z.number().int().min(0).max(600_000).default(2_000),
  /** Whether the call takes effect although its answer is spoiled. Default: only for drop_response, malformed, empty and slow. */
  processed: z.boolean().optional(),
  ...counted,
})

const webhookFault = z.strictObject({
  kind: z.enum([
    'webhook_drop',
    'webhook_duplicate',
    'webhook_delay',
    'webhook_reorder',
    'webhook_before_response',
  ]),
  /** Only this event; absent means every event. */
  event: z.string().optional(),
  /** Virtual seconds of `webhook_delay` and `webhook_reorder`. */
  delaySeconds: z.number().min(0).default(5),
  ...counted,
})

export const faultSchema = z.union([apiFault, webhookFault])

export type ApiFault = z.infer<typeof apiFault>
export type WebhookFault = z.infer<typeof webhookFault>
export type Fault = z.infer<typeof faultSchema>
export type ActiveFault = Fault & { id: number; struck: number }

/** Injected trouble. It lives in memory: a restart of the sandbox ends all of it. */
export type Faults = {
  add(fault: Fault): ActiveFault
  list(): ActiveFault[]
  clear(id?: number): void
  /** The fault that strikes this call about an order, if any; its count goes down. */
  forCall(route: RouteName, orderId: string): ApiFault | null
  /** Every injector that strikes this event. */
  forEvent(eventName: string): WebhookFault[]
  /** Whether events must be delivered before the call that caused them is answered. */
  beforeResponse(): boolean
}

const PROCESSED_BY_DEFAULT = new Set<string>(['drop_response', 'malformed', 'empty', 'slow'])

export function takesEffect(fault: ApiFault): boolean {
  return fault.processed ?? PROCESSED_BY_DEFAULT.has(fault.kind)
}

function isApiFault(fault: ActiveFault): fault is ApiFault & ActiveFault {
  return 'route' in fault
}

export function createFaults(random: Random): Faults {
  let active: ActiveFault[] = []
  let nextId = 1
  const strikes = (fault: ActiveFault): boolean => {
    if (!random.chance(fault.probability)) return false
    fault.struck += 1
    if (fault.count !== undefined && fault.struck >= fault.count) {
      active = active.filter((other) => other !== fault)
    }
    return true
  }
  return {
    add(fault) {
      const added = { ...fault, id: nextId, struck: 0 }
      nextId += 1
      active.push(added)
      return added
    },
    list: () => active,
    clear(id) {
      active = id === undefined ? [] : active.filter((fault) => fault.id !== id)
    },
    forCall(route, orderId) {
      for (const fault of active) {
        if (!isApiFault(fault) || (fault.route !== '*' && fault.route !== route)) continue
        if (fault.orderId !== undefined && fault.orderId !== orderId) continue
        if (strikes(fault)) return fault
      }
      return null
    },
    forEvent(eventName) {
      const hits: WebhookFault[] = []
      for (const fault of active) {
        if (isApiFault(fault) || fault.kind === 'webhook_before_response') continue
        if (fault.event !== undefined && fault.event !== eventName) continue
        if (strikes(fault)) hits.push(fault)
      }
      return hits
    },
    beforeResponse: () => active.some((fault) => fault.kind === 'webhook_before_response'),
  }
}
