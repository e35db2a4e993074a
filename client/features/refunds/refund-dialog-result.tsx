import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { formatMoney } from '../../../server/domain/money.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { FactList } from '../../ui/fact-list.tsx'
import { DateTime } from '../../ui/date-time.tsx'
import { IdCell } from '../../ui/id-cell.tsx'
import { Notice } from '../../ui/states.tsx'
import type { RefundAnswer, RefundPreview } from './refund-dialog-flow.ts'
import { changingIds, useRefundChanged } from './use-refund-changed.ts'
import css from './refund-dialog.module.css'

type Result = { tone: 'charged' | 'pending' | 'failed' | 'review'; title: string; text: string }

/** What the answer means, in words. An answer that is not known is never called a failure. */
export function resultOf(answer: RefundAnswer, preview: RefundPreview | undefined): Result {
  const row = answer.refund ?? answer.request
  const amount = formatMoney({ minor: row.amountMinor, currency: row.currency })
  const to = preview ? ` to ${preview.destination}` : ''
  if (row.confirming)
    return {
      tone: 'pending',
      title: 'Refund sent, confirming with Juspay',
      text: `${amount}${to}. ${row.where}.`,
    }
  switch (row.status) {
    case 'waiting_approval':
      return {
        tone: 'pending',
        title: 'Waiting for approval',
        text: `${answer.message} The order shows what they decide.`,
      }
    case 'unknown':
      return {
        tone: 'review',
        title: "We don't know yet if this refund was made",
        text: 'Juspay did not answer in time. We keep asking it. Do not refund again until it is clear.',
      }
    case 'failed':
      return { tone: 'failed', title: 'The refund was not made', text: row.errorMessage ?? `${row.where}.` }
    case 'succeeded':
      return { tone: 'charged', title: 'Refunded', text: `${amount}${to}.` }
    case 'approved':
    case 'sending':
    case 'pending':
      return { tone: 'charged', title: 'Refund on its way', text: `${amount}${to}. ${row.where}.` }
    case 'review':
      return { tone: 'review', title: 'Needs review', text: `${row.where}.` }
    case 'rejected':
    case 'expired':
    case 'withdrawn':
      return { tone: 'review', title: `${amount} was not sent`, text: `${row.where}.` }
  }
}

/**
 * The answer as it is now: a refund goes on, or gets lost, while its dialog is open. It is asked for at once too: what
 * became of the refund may be known before the answer to the request is here.
 */
function useAnswerNow(answer: RefundAnswer, clientKey: string): RefundAnswer {
  const client = useQueryClient()
  const query = useTRPC().refunds.byKey.queryOptions({ clientKey }, { initialData: answer, staleTime: 0 })
  const now = useQuery(query).data ?? answer
  useRefundChanged(
    [now.request, now.refund].flatMap((row) => (row === null ? [] : changingIds(row))),
    () => void client.invalidateQueries({ queryKey: query.queryKey }),
  )
  return now
}

/** The answer inside the dialog; its heading takes the focus. */
export function RefundResult({
  clientKey,
  preview,
  ...made
}: {
  answer: RefundAnswer
  clientKey: string
  preview: RefundPreview | undefined
}) {
  const answer = useAnswerNow(made.answer, clientKey)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const { tone, title, text } = resultOf(answer, preview)
  const waiting = (answer.refund ?? answer.request).status === 'waiting_approval'
  return (
    <div className={css['form']} aria-live="polite">
      <Notice tone={tone}>
        <h3 ref={heading} tabIndex={-1} className={css['resultTitle']}>
          {title}
        </h3>
        <p>{text}</p>
      </Notice>
      <FactList
        facts={[
          {
            label: 'Reference',
            value: (
              <IdCell value={answer.refund?.uniqueRequestId ?? answer.request.id} what="refund reference" />
            ),
          },
          {
            label: 'Expires',
            value: waiting ? <DateTime at={answer.request.expiresAt} format="full" /> : null,
          },
        ]}
      />
    </div>
  )
}
