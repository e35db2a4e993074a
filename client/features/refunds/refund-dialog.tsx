import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { parseTyped } from '../../../server/domain/money.ts'
import { toProblem } from '../../lib/errors.ts'
import { useStepUp } from '../../lib/step-up.ts'
import { useOnline } from '../../lib/use-online.ts'
import { ProviderDownNotice } from '../../lib/provider-health.tsx'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { useNow } from '../../ui/date-time.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { moneyDraft, type MoneyDraft } from '../../ui/money-draft.ts'
import { ErrorState, LoadingRows, Notice } from '../../ui/states.tsx'
import { RefundChanged } from './refund-dialog-changed.tsx'
import { dropDraft } from './refund-dialog-draft.ts'
import { useRefundFlow, type RefundPreview } from './refund-dialog-flow.ts'
import { RefundForm } from './refund-dialog-form.tsx'
import { RefundResult } from './refund-dialog-result.tsx'
import {
  chosenAttempt,
  formProblem,
  limitWords,
  mostOf,
  previewOf,
  refundTitle,
  refundVerb,
} from './refund-dialog-words.ts'
import css from './refund-dialog.module.css'

const OFFLINE = 'You are offline. Reconnect to send it; the form is kept.'
const EMPTY: MoneyDraft = { text: '', minor: null }

export type RefundDialogProps = {
  orderId: string
  orderRef: string
  /** Leaves the dialog's address. */
  onClose: () => void
}

/**
 * Gives money back in three inputs. The server's preview says what is possible, the server's answer what happened;
 * in between there is one submission with one key, however often the button is pressed or the page reloaded.
 */
export function RefundDialog({ orderId, orderRef, onClose }: RefundDialogProps) {
  const trpc = useTRPC()
  const { link: Link } = useKit()
  const { draft, keep, flow, submit, forgive, usualReason, checkNow } = useRefundFlow(orderId)
  const online = useOnline()
  const preview = useQuery(
    trpc.refunds.preview.queryOptions({ orderId }, { staleTime: 0, refetchOnWindowFocus: false }),
  )
  const [typed, setTyped] = useState<MoneyDraft>(EMPTY)
  const [leaving, setLeaving] = useState(false)
  const attempt = preview.data ? chosenAttempt(preview.data, draft.txnRef) : null
  const data = preview.data && previewOf(preview.data, draft.txnRef)
  const amount = data ? amountOf(draft.amount, data) : EMPTY
  const sameAmount = data?.sameAmountRecently?.amountMinor === amount.minor
  const values = { amount, reason: draft.reason, note: draft.note, typed }
  const touched =
    draft.amount !== null || draft.txnRef !== null || draft.reason !== usualReason || draft.note !== ''
  const answered = flow.kind === 'answered'

  // Seen is seen: the next time the dialog opens it is another refund.
  useEffect(() => {
    if (answered) return () => dropDraft(orderId)
  }, [answered, orderId])

  function close() {
    if (leaving || answered || flow.kind === 'checking' || (flow.kind === 'editing' && !touched)) {
      if (flow.kind === 'editing' || answered) dropDraft(orderId)
      onClose()
    } else setLeaving(true)
  }

  function send() {
    if (!data || amount.minor === null) return
    void submit({
      version: data.version,
      amountMinor: amount.minor,
      currency: data.currency,
      txnRef: attempt?.txnRef ?? null,
      reason: draft.reason,
      note: draft.note.trim() === '' ? null : draft.note.trim(),
      confirmSameAmount: sameAmount,
    })
  }

  const canSend = flow.kind === 'editing' && data !== undefined && data.block === null
  const title = data && !answered ? refundTitle(data, amount.minor) : `Refund of order ${orderRef}`
  return (
    <Dialog
      open
      onClose={close}
      title={title}
      footNote={
        leaving ? (
          <LeaveQuestion sending={flow.kind === 'sending'} />
        ) : flow.kind === 'editing' && data && !data.block ? (
          limitWords(data)
        ) : null
      }
      actions={
        leaving ? (
          <>
            <ActionButton onPress={() => setLeaving(false)}>
              {flow.kind === 'sending' ? 'Stay' : 'Keep editing'}
            </ActionButton>
            <ActionButton tone="primary" onPress={close}>
              {flow.kind === 'sending' ? 'Leave' : 'Discard'}
            </ActionButton>
          </>
        ) : answered ? (
          <ActionButton tone="primary" onPress={close}>
            Done
          </ActionButton>
        ) : flow.kind === 'checking' ? (
          <>
            <ActionButton onPress={close}>Close and keep checking</ActionButton>
            <ActionButton tone="primary" onPress={checkNow}>
              Check now
            </ActionButton>
          </>
        ) : (
          <>
            <ActionButton onPress={close}>Cancel</ActionButton>
            {canSend || flow.kind === 'sending' ? (
              <ActionButton
                tone="primary"
                busy={flow.kind === 'sending'}
                shortcut={{ id: 'refund.send', keys: 'Mod+Enter', label: 'Send the refund', scope: 'dialog' }}
                disabledReason={online ? data && formProblem(data, values, sameAmount) : OFFLINE}
                onPress={send}
              >
                {data ? refundVerb(data, amount.minor, draft.reason) : 'Refund'}
              </ActionButton>
            ) : null}
          </>
        )
      }
    >
      {answered ? (
        <RefundResult answer={flow.answer} clientKey={draft.clientKey} preview={data} />
      ) : flow.kind === 'checking' ? (
        <Unknown />
      ) : flow.kind === 'sending' ? (
        <Sending sinceMs={flow.sinceMs} />
      ) : preview.error && !data ? (
        <ErrorState
          problem={toProblem(preview.error, 'this refund')}
          onRetry={() => void preview.refetch()}
        />
      ) : !data ? (
        <LoadingRows label="Asking what can be refunded" />
      ) : (
        <div className={css['form']}>
          {flow.problem && flow.problem.field === null ? (
            <Notice tone="failed" title={flow.problem.title}>
              <p>
                {flow.problem.code === 'second_factor_needed' ? (
                  <Link to="/security">Set it up now</Link>
                ) : (
                  flow.problem.message
                )}
              </p>
            </Notice>
          ) : null}
          <ProviderDownNotice taken={!data.block} />
          <RefundChanged orderId={orderId} preview={data} />
          {data.block ? (
            <Notice tone="review" title="No refund can be made now.">
              {data.block.message}
            </Notice>
          ) : (
            <RefundForm
              preview={data}
              values={values}
              sameAmount={sameAmount}
              attempt={attempt?.txnRef ?? null}
              onAttempt={(txnRef) => {
                setLeaving(false)
                forgive()
                // Another attempt has another rest: what was typed for the first says nothing about it.
                keep({ txnRef, amount: null })
              }}
              problem={flow.problem}
              onChange={(change) => {
                setLeaving(false)
                forgive()
                if (change.typed) setTyped(change.typed)
                const { amount: next, reason, note } = change
                if (next) keep({ amount: next.text })
                if (reason !== undefined) keep({ reason })
                if (note !== undefined) keep({ note })
              }}
            />
          )}
        </div>
      )}
    </Dialog>
  )
}

/** What is in the amount field: as typed, or everything that is left. */
function amountOf(text: string | null, preview: RefundPreview): MoneyDraft {
  if (text === null) return moneyDraft({ minor: mostOf(preview).minor, currency: preview.currency })
  const parsed = parseTyped(text, preview.currency)
  return { text, minor: parsed.ok ? parsed.minor : null }
}

function LeaveQuestion({ sending }: { sending: boolean }) {
  return (
    <span role="alert" className={css['ask']}>
      {sending
        ? 'A refund is being sent. Stay until it is answered, or leave and we keep checking.'
        : 'Discard this refund?'}
    </span>
  )
}

function Sending({ sinceMs }: { sinceMs: number }) {
  const seconds = Math.max(0, Math.round((useNow(1_000).getTime() - sinceMs) / 1_000))
  const confirming = useStepUp() !== null
  if (confirming) return <Notice tone="info">Waiting for you to confirm that it is you.</Notice>
  return (
    <Notice tone="info">
      <span role="status">Sending to our server…</span>
      {seconds > 0 ? <span className="num"> {seconds} s</span> : null}
    </Notice>
  )
}

function Unknown() {
  return (
    <Notice tone="review" title="We don't know yet if this refund was made.">
      <p role="status">
        The answer was lost on the way. We ask our server what became of it, again and again. You can close
        this: we go on asking and tell you. Do not refund it a second time.
      </p>
    </Notice>
  )
}
