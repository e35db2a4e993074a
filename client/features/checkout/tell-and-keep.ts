import type { Phase } from './checkout-flow.ts'
import { rememberOpenOrder } from './open-order.ts'
import { emptyTrace, keepTrace, traceReducer, type Trace, type TraceAction } from './trace.ts'

/**
 * Hands on what the flow tells, and keeps it for the page the customer comes back to. It is kept with every step and not
 * by an effect of the page: a redirect leaves no time for one.
 */
export function tellAndKeep(on: { trace: (trace: Trace) => void; phase: (phase: Phase) => void }): {
  tell: (action: TraceAction) => void
  show: (phase: Phase) => void
} {
  let told = emptyTrace()
  let orderRef: string | null = null
  return {
    tell(action) {
      told = traceReducer(told, action)
      on.trace(told)
      if (orderRef !== null) keepTrace(orderRef, told)
    },
    show(phase) {
      orderRef = 'orderRef' in phase ? phase.orderRef : null
      if (orderRef !== null) keepTrace(orderRef, told)
      if (phase.kind === 'redirecting') rememberOpenOrder(phase.orderRef)
      on.phase(phase)
    },
  }
}
