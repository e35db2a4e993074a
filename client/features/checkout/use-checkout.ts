import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useBlocker, useNavigate } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { PROOF_WORDS_MAX } from '../../../server/domain/integration-proof.ts'
import { toActProblem } from '../../lib/errors.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { createCheckoutFlow, type Phase } from './checkout-flow.ts'
import { loadHyperServices, ScriptMissingError } from './hyper-services.ts'
import { takeOpenOrder } from './open-order.ts'
import { tellAndKeep } from './tell-and-keep.ts'
import { emptyTrace } from './trace.ts'

const now = () => Date.now()

/** The checkout with its trace: what the page draws, and what its buttons do. */
export function useCheckout({ scriptUrl, clientId }: { scriptUrl: string; clientId: string }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [trace, setTrace] = useState(emptyTrace)
  const [phase, setPhase] = useState<Phase>({ kind: 'cart', notice: null })
  const [scriptProblem, setScriptProblem] = useState<string | null>(null)
  const { mutateAsync: signInitiate } = useMutation(trpc.sandbox.signInitiate.mutationOptions())
  const { mutateAsync: startCheckout } = useMutation(trpc.sandbox.startCheckout.mutationOptions())
  const { mutate: tellStep } = useMutation(trpc.sandbox.tellStep.mutationOptions())
  const { mutateAsync: checkStatus } = useMutation(trpc.orders.checkStatus.mutationOptions())

  const flow = useMemo(() => {
    const { tell, show } = tellAndKeep({ trace: setTrace, phase: setPhase })
    return createCheckoutFlow({
      load: () => loadHyperServices(scriptUrl),
      signInitiate: (customerRef) => signInitiate({ customerRef }),
      startCheckout: ({ amountMinor, customer }, customerRef, again) =>
        startCheckout({ amountMinor, customer: { ref: customerRef, ...customer }, orderRef: again }),
      verify: async (orderId) => {
        const { message } = await checkStatus({ orderId })
        const order = await client.fetchQuery(
          trpc.orders.get.queryOptions({ orderRefOrId: orderId }, { staleTime: 0 }),
        )
        return { status: order.paymentStatus, providerStatus: order.providerStatus, message }
      },
      problemOf: (error) =>
        error instanceof ScriptMissingError || (error instanceof Error && !('data' in error))
          ? { title: 'The payment page could not be opened.', message: error.message }
          : toActProblem(error),
      report: (step, ok, words) => tellStep({ step, ok, words: words.slice(0, PROOF_WORDS_MAX) }),
      tell,
      show,
      now,
      uuid: () => crypto.randomUUID(),
      clientId,
      ownOrigin: window.location.origin,
    })
  }, [scriptUrl, clientId, signInitiate, startCheckout, tellStep, checkStatus, client, trpc])

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

  // Back from a payment page of its own without the return address: the browser's Back button, from its cache or not.
  useEffect(() => {
    const askAboutOpenOrder = () => {
      const orderRef = takeOpenOrder()
      if (orderRef !== null)
        void navigate({ to: '/checkout/return', search: { order_id: orderRef }, replace: true })
    }
    const onPageShow = (event: PageTransitionEvent) => {
      if (event.persisted) askAboutOpenOrder()
    }
    askAboutOpenOrder()
    window.addEventListener('pageshow', onPageShow)
    return () => window.removeEventListener('pageshow', onPageShow)
  }, [navigate])

  // The hardware Back of a phone, as the SDK wants it (API reference §8.1): the page stays, the SDK says how it ended.
  useBlocker({
    shouldBlockFn: ({ action }) => action === 'BACK' && flow.back(),
    enableBeforeUnload: false,
    disabled: phase.kind !== 'paying',
  })

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
