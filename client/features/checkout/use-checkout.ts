import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useMemo, useReducer, useState } from 'react'
import { toActProblem } from '../../lib/errors.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { createCheckoutFlow, type Phase } from './checkout-flow.ts'
import { loadHyperServices, ScriptMissingError } from './hyper-services.ts'
import { emptyTrace, keepTrace, traceReducer } from './trace.ts'

const now = () => Date.now()

/** The checkout with its trace: what the page draws, and what its buttons do. */
export function useCheckout(scriptUrl: string) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [trace, tell] = useReducer(traceReducer, null, emptyTrace)
  const [phase, setPhase] = useState<Phase>({ kind: 'cart', notice: null })
  const [scriptProblem, setScriptProblem] = useState<string | null>(null)
  const { mutateAsync: signInitiate } = useMutation(trpc.sandbox.signInitiate.mutationOptions())
  const { mutateAsync: startCheckout } = useMutation(trpc.sandbox.startCheckout.mutationOptions())
  const { mutateAsync: checkStatus } = useMutation(trpc.orders.checkStatus.mutationOptions())

  const flow = useMemo(
    () =>
      createCheckoutFlow({
        load: () => loadHyperServices(scriptUrl),
        signInitiate: (customerRef) => signInitiate({ customerRef }),
        startCheckout: ({ amountMinor, customer }, customerRef) =>
          startCheckout({ amountMinor, customer: { ref: customerRef, ...customer } }),
        verify: async (orderId) => {
          const { message } = await checkStatus({ orderId })
          const order = await client.fetchQuery(
            trpc.orders.get.queryOptions({ orderRefOrId: orderId }, { staleTime: 0 }),
          )
          return { paid: order.chargedMinor > 0n, message }
        },
        problemOf: (error) =>
          error instanceof ScriptMissingError || (error instanceof Error && !('data' in error))
            ? { title: 'The payment page could not be opened.', message: error.message }
            : toActProblem(error),
        tell,
        show: setPhase,
        now,
        uuid: () => crypto.randomUUID(),
        ownOrigin: window.location.origin,
      }),
    [scriptUrl, signInitiate, startCheckout, checkStatus, client, trpc],
  )

  useEffect(() => {
    let open = true
    void flow.prefetch().then((problem) => {
      if (open) setScriptProblem(problem)
    })
    return () => {
      open = false
      flow.terminate()
    }
  }, [flow])

  const orderRef = 'orderRef' in phase ? phase.orderRef : null
  useEffect(() => {
    if (orderRef !== null) keepTrace(orderRef, trace)
  }, [orderRef, trace])

  useEffect(() => {
    if (phase.kind !== 'leaving') return
    if (phase.address !== null) window.location.assign(phase.address)
    else void navigate({ to: '/checkout/return', search: { order_id: phase.orderRef } })
  }, [phase, navigate])

  return {
    trace,
    phase,
    scriptProblem,
    flow,
    reloadScript: () => void flow.prefetch().then(setScriptProblem),
  }
}
