import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { inferInput, inferOutput } from '@trpc/tanstack-react-query'
import { useEffect, useRef, useState } from 'react'
import { isUnknownOutcome, refusalOf, toActProblem } from '../../lib/errors.ts'
import { setPreference, usePreferences } from '../../lib/preferences.ts'
import { renewOrders } from '../../lib/renew-orders.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { openDraft, saveDraft, type RefundDraft } from './refund-dialog-draft.ts'
import { watchedByDialog } from './refund-dialog-lost.ts'

type Api = ReturnType<typeof useTRPC>
export type RefundAnswer = inferOutput<Api['refunds']['request']>
export type RefundPreview = inferOutput<Api['refunds']['preview']>
type RefundRequest = Omit<inferInput<Api['refunds']['request']>, 'clientKey' | 'orderId'>

/** Why the form came back. `field` says beside which field it belongs; null for the top of the form. */
export type RefundProblem = {
  title: string
  message: string
  field: 'amount' | 'note' | 'attempt' | null
  /** The refusal's code; null when it was none. */
  code: string | null
}

/** Refusals that are about one field. */
const FIELDS: Readonly<Record<string, RefundProblem['field']>> = {
  amount_exceeds_left: 'amount',
  amount_not_positive: 'amount',
  own_limit: 'amount',
  note_required: 'note',
  attempt_needed: 'attempt',
}

function problemOf(error: unknown): RefundProblem {
  const code = refusalOf(error)?.code ?? null
  return { ...toActProblem(error), code, field: (code !== null && FIELDS[code]) || null }
}

/** A request's life as this browser knows it. Nothing is shown as done before the server said so. */
export type RefundFlow =
  | { kind: 'editing'; problem: RefundProblem | null }
  | { kind: 'sending'; sinceMs: number }
  | { kind: 'checking' }
  | { kind: 'answered'; answer: RefundAnswer }

/** When to ask again what became of a request whose answer was lost; the last one repeats. */
const CHECK_AFTER_MS = [2_000, 5_000, 10_000, 20_000, 30_000, 60_000]

/** The state of one refund form and its single submission. */
export function useRefundFlow(orderId: string) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const { refundReason: usualReason } = usePreferences()
  const [draft, setDraft] = useState<RefundDraft>(() => openDraft(orderId, usualReason))
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
    if (draft.note === '') setPreference('refundReason', draft.reason)
    setFlow({ kind: 'answered', answer })
    // The order, its refunds and the counts are asked for again; nothing is guessed.
    void renewOrders(client, trpc)
    void client.invalidateQueries({ queryKey: trpc.refunds.byOrder.queryKey({ orderId }) })
    void client.invalidateQueries({ queryKey: trpc.session.counts.queryKey() })
  }

  function backToForm(problem: RefundProblem) {
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
      else backToForm(problemOf(error))
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
          field: null,
          code: null,
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

  /** The field that a refusal was about has been changed. */
  function forgive() {
    if (flow.kind === 'editing' && flow.problem !== null) setFlow({ kind: 'editing', problem: null })
  }

  useEffect(() => watchedByDialog(orderId), [orderId])
  return { draft, keep, flow, submit, forgive, usualReason, checkNow: () => void check() }
}
