import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { readProposal, REVIEW_NOTE_MAX, type ReviewOutcome } from '../../../server/domain/refund-review.ts'
import { formatMoney } from '../../../server/domain/money.ts'
import { outcomeOf } from '../../lib/errors.ts'
import { tellActProblem } from '../../lib/tell-problem.ts'
import { useCan } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { confirm } from '../../ui/confirm-store.ts'
import { DateTime } from '../../ui/date-time.tsx'
import { FactList } from '../../ui/fact-list.tsx'
import { TextAreaField, TextField } from '../../ui/fields.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Section } from '../../ui/page.tsx'
import { Notice } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import type { RefundDetail } from './refund-types.ts'
import css from './refund.module.css'

type Review = RefundDetail['reviews'][number]

const ENDS: Readonly<Record<ReviewOutcome, string>> = { succeeded: 'done', failed: 'failed' }
const REVIEW_WORDS: Readonly<Record<Review['status'], string>> = {
  waiting: 'Waiting for a second person',
  confirmed: 'Confirmed',
  declined: 'Declined',
  overtaken: "Overtaken by Juspay's word",
}

/** A refund of which Juspay cannot tell what the gateway did: ask again, or write down with two people what is known. */
export function RefundReview({ refund }: { refund: RefundDetail }) {
  const [open, setOpen] = useState<ReviewOutcome | null>(null)
  const inReview = refund.status === 'review'
  const waiting = refund.reviews.find((review) => review.status === 'waiting')
  if (!inReview && refund.reviews.length === 0) return null
  return (
    <Section title="Review">
      {inReview && !waiting ? (
        <>
          <p className={css['sentence']}>
            Juspay does not know what the gateway did. Ask again, or find out from the gateway or the bank and
            write down how it ended. Nothing is sent by that, and a later word of Juspay stands above it.
          </p>
          <ReviewButtons refund={refund} onPropose={setOpen} />
        </>
      ) : null}
      <ul className={css['reviews']}>
        {refund.reviews.map((review) => (
          <li key={review.id}>
            <ReviewItem refund={refund} review={review} />
          </li>
        ))}
      </ul>
      {open !== null && refund.refundId !== null ? (
        <ProposeDialog
          refund={refund}
          refundId={refund.refundId}
          outcome={open}
          onClose={() => setOpen(null)}
        />
      ) : null}
    </Section>
  )
}

function useRenew(refund: RefundDetail) {
  const trpc = useTRPC()
  const client = useQueryClient()
  return () => client.invalidateQueries({ queryKey: trpc.refunds.get.queryKey({ id: refund.id }) })
}

function ReviewButtons(props: { refund: RefundDetail; onPropose: (outcome: ReviewOutcome) => void }) {
  const trpc = useTRPC()
  const renew = useRenew(props.refund)
  const canAsk = useCan('order:sync')
  const canPropose = useCan('refund:request')
  const ask = useMutation(trpc.orders.checkStatus.mutationOptions())
  return (
    <div className={css['acts']}>
      <ActionButton
        busy={ask.isPending}
        disabledReason={canAsk.reason}
        onPress={() =>
          ask.mutate(
            { orderId: props.refund.orderId },
            {
              onSuccess: ({ message }) => {
                toast.success(message)
                void renew()
              },
              onError: (error) => {
                tellActProblem(error)
              },
            },
          )
        }
      >
        Ask Juspay
      </ActionButton>
      <ActionButton disabledReason={canPropose.reason} onPress={() => props.onPropose('succeeded')}>
        Mark as done with proof
      </ActionButton>
      <ActionButton disabledReason={canPropose.reason} onPress={() => props.onPropose('failed')}>
        Mark as failed
      </ActionButton>
    </div>
  )
}

function ProposeDialog(props: {
  refund: RefundDetail
  refundId: string
  outcome: ReviewOutcome
  onClose: () => void
}) {
  const { refund, refundId, outcome, onClose } = props
  const trpc = useTRPC()
  const renew = useRenew(refund)
  const [reference, setReference] = useState('')
  const [note, setNote] = useState('')
  const propose = useMutation(trpc.refunds.proposeReview.mutationOptions())
  const read = readProposal({ outcome, reference, note })
  const done = outcome === 'succeeded'

  async function send() {
    if (!read.ok) return
    const { reference: proof, note: words } = read.proposal
    await propose.mutateAsync({ refundId, outcome, reference: proof, note: words })
    toast.success('Sent for confirmation. A second person has to agree.')
    onClose()
    void renew()
  }

  return (
    <FormDialog
      id="review.propose"
      title={done ? 'Mark this refund as done?' : 'Mark this refund as failed?'}
      verb="Send for confirmation"
      missing={read.ok ? null : read.problem}
      typed={reference !== '' || note !== ''}
      run={() => outcomeOf(send)}
      onClose={onClose}
    >
      {done ? <TextField label="UTR, RRN or ARN" required value={reference} onChange={setReference} /> : null}
      <TextAreaField
        label="Who said so, and when"
        required
        value={note}
        onChange={setNote}
        maxLength={REVIEW_NOTE_MAX}
      />
      <Notice tone="pending" title="What happens next">
        {done
          ? 'A second person confirms it. Then the amount counts as refunded.'
          : 'A second person confirms it. Then the amount can be refunded again: be sure that the customer has nothing.'}
      </Notice>
    </FormDialog>
  )
}

function ReviewItem({ refund, review }: { refund: RefundDetail; review: Review }) {
  const trpc = useTRPC()
  const renew = useRenew(refund)
  const resolve = useMutation(trpc.refunds.resolveReview.mutationOptions())
  const money = formatMoney({ minor: refund.amountMinor, currency: refund.currency })

  function decide(decision: 'confirm' | 'decline') {
    const confirming = decision === 'confirm'
    void confirm({
      title: confirming
        ? `Confirm that ${money} ${review.outcome === 'succeeded' ? 'reached the customer' : 'was not paid back'}?`
        : 'Decline this proposal?',
      facts: [
        { label: 'Proposed by', value: review.proposedBy },
        { label: 'Reference', value: review.reference },
        { label: 'Note', value: review.note },
      ],
      ...(confirming ? {} : { requireReason: 'Why decline it' }),
      next: confirming
        ? [
            review.outcome === 'succeeded'
              ? `${money} counts as refunded.`
              : `${money} can be refunded again.`,
          ]
        : ['The refund stays in review.'],
      verb: confirming ? `Confirm ${money}` : 'Decline',
      run: ({ reason }) =>
        outcomeOf(async () => {
          await resolve.mutateAsync({ reviewId: review.id, decision, note: reason === '' ? null : reason })
          await renew()
        }),
    })
  }
  return (
    <div className={css['review']}>
      <FactList
        boxed
        facts={[
          { label: 'Marked as', value: ENDS[review.outcome] },
          { label: 'Reference', value: review.reference && <span className="mono">{review.reference}</span> },
          { label: 'By', value: review.proposedBy },
          { label: 'When', value: <DateTime at={review.proposedAt} format="full" /> },
          { label: 'Note', value: review.note },
          { label: 'State', value: REVIEW_WORDS[review.status] },
          { label: 'Decided by', value: review.decidedBy },
          { label: 'Their note', value: review.decisionNote },
        ]}
      />
      {review.status === 'waiting' ? (
        <div className={css['acts']}>
          <ActionButton
            tone="primary"
            disabledReason={review.blockedReason}
            onPress={() => decide('confirm')}
          >
            Confirm {money}
          </ActionButton>
          <ActionButton disabledReason={review.blockedReason} onPress={() => decide('decline')}>
            Decline
          </ActionButton>
        </div>
      ) : null}
    </div>
  )
}
