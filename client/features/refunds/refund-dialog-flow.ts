import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { inferInput, inferOutput } from '@trpc/tanstack-react-query'
import { useEffect, useRef, useState } from 'react'
import { isUnknownOutcome, refusalOf, toActProblem } from '../../lib/errors.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { openDraft, saveDraft, type RefundDraft } from './refund-dialog-draft.ts'

type Api = ReturnType<typeof useTRPC>
export type RefundAnswer = inferOutput<Api['refunds']['request']>
export type RefundPreview = inferOutput<Api['refunds']['preview']>
type RefundRequest = Omit<inferInput<Api['refunds']['request']>, 'clientKey' | 'orderId'>

/** A request's life as this browser knows it. Nothing is shown as done before the server said so. */
export type RefundFlow =
  | { kind: 'editing'; problem: { title: string; message: string } | null }
  | { kind: 'sending'; sinceMs: number }
  | { kind: 'checking' }
  | { kind: 'answered'; answer: RefundAnswer }

/** When to ask again what became of a request whose answer was lost; the last one repeats. */
const CHECK_AFTER_MS = [2_000, 5_000, 10_000, 20_000, 30_000, 60_000]

/** The state of one refund form and its single submission. */
export function useRefundFlow(orderId: string) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const [draft, setDraft] = useState<RefundDraft>(() => openDraft(orderId))
  const [flow, setFlow] = useState<RefundFlow>(
    draft.sent ? { kind: 'checking' } : { kind: 'editing', problem: null },
  )
  const [asked, setAsked] = useState(0)
  const sending = useRef(false)
  const request = useMutation(trpc.refunds.request.mutationOptions())

  function keep(change: Partial<RefundDraft>) {
    const next = { ...draft, ...change }
    setDraft(next)
    saveDraft(orderId, next)
  }

  function answered(answer: RefundAnswer) {
    setFlow({ kind: 'answered', answer })
    // The order, its refunds and the counts are asked for again; nothing is guessed.
    void client.invalidateQueries({ queryKey: trpc.orders.pathKey() })
    void client.invalidateQueries({ queryKey: trpc.refunds.byOrder.queryKey({ orderId }) })
    void client.invalidateQueries({ queryKey: trpc.session.counts.queryKey() })
  }

  function backToForm(problem: { title: string; message: string }) {
    keep({ sent: false })
    setFlow({ kind: 'editing', problem })
    void client.invalidateQueries({ queryKey: trpc.refunds.preview.queryKey({ orderId }) })
  }

  async function submit(input: RefundRequest) {
    // A double press arrives before the first render after it.
    if (sending.current) return
    sending.current = true
    keep({ sent: true })
    setFlow({ kind: 'sending', sinceMs: Date.now() })
    try {
      answered(await request.mutateAsync({ ...input, orderId, clientKey: draft.clientKey }))
    } catch (error) {
      // `key_reused`: this very gesture was answered before, with other contents. What was made of it decides.
      if (isUnknownOutcome(error) || refusalOf(error)?.code === 'key_reused') setFlow({ kind: 'checking' })
      else backToForm(toActProblem(error))
    } finally {
      sending.current = false
    }
  }

  async function check() {
    try {
      const answer = await client.fetchQuery(
        trpc.refunds.byKey.queryOptions({ clientKey: draft.clientKey }, { staleTime: 0, retry: false }),
      )
      if (answer) answered(answer)
      else {
        backToForm({
          title: 'Nothing was sent.',
          message: 'The request never reached our server. You can send it again.',
        })
      }
    } catch {
      setAsked((times) => times + 1)
    }
  }

  const latestCheck = useRef(check)
  useEffect(() => {
    latestCheck.current = check
  })
  const checking = flow.kind === 'checking'
  useEffect(() => {
    if (!checking) return
    const delay = CHECK_AFTER_MS[Math.min(asked, CHECK_AFTER_MS.length - 1)]
    const timer = setTimeout(() => void latestCheck.current(), delay)
    return () => clearTimeout(timer)
  }, [checking, asked])

  return { draft, keep, flow, submit, checkNow: () => void check() }
}
