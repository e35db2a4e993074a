import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { formatMoney } from '../../../server/domain/money.ts'
import { reasonLabel } from '../../../server/domain/refund-reason.ts'
import { outcomeOf, toProblem } from '../../lib/errors.ts'
import { useCan } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { announce } from '../../ui/announcer.tsx'
import { confirm } from '../../ui/confirm-store.ts'
import { DataGrid } from '../../ui/data-grid.tsx'
import { DateTime } from '../../ui/date-time.tsx'
import { FactList } from '../../ui/fact-list.tsx'
import { Section } from '../../ui/page.tsx'
import { ErrorState, LoadingRows } from '../../ui/states.tsx'
import { sampleCard, sampleColumns } from './bulk-columns.tsx'
import type { BulkBatch, BulkReview, BulkSampleRow } from './bulk-types.ts'
import { Totals } from './bulk-review.tsx'
import { refundsText } from './bulk-words.ts'
import { useBulkActs } from './use-bulk-acts.ts'
import css from './bulk.module.css'

/** What a second person decides by: totals, the five largest rows and ten others, and the two buttons. */
export function BulkDecidePanel({ batch }: { batch: BulkBatch }) {
  const trpc = useTRPC()
  const review = useQuery(trpc.bulk.review.queryOptions({ batchId: batch.id }))
  if (review.error)
    return (
      <ErrorState problem={toProblem(review.error, 'the totals')} onRetry={() => void review.refetch()} />
    )
  if (!review.data) return <LoadingRows rows={10} label="Loading the totals" />
  return (
    <div className={css['review']}>
      <Section title="Asked for">
        <FactList
          facts={[
            { label: 'By', value: batch.submittedBy },
            { label: 'File', value: batch.name },
            { label: 'Reason for all', value: batch.reason === null ? null : reasonLabel(batch.reason) },
            { label: 'Note', value: batch.note },
            { label: 'Expires', value: batch.expiresAt ? <DateTime at={batch.expiresAt} /> : null },
          ]}
        />
      </Section>
      <Totals review={review.data} currency={batch.currency} />
      <Decision batch={batch} review={review.data} />
    </div>
  )
}

function Decision({ batch, review }: { batch: BulkBatch; review: BulkReview }) {
  const can = useCan('refund:approve')
  const { decide } = useBulkActs()
  const { totals, holdMinutes } = review
  const sum = formatMoney({ minor: totals.amountMinor, currency: batch.currency })
  const what = `${refundsText(totals.rows)}, ${sum}`
  const blocked = batch.own ? 'You asked for these refunds, so someone else must decide.' : can.reason
  const run = (decision: 'approve' | 'reject', note: string | null) =>
    outcomeOf(() =>
      decide.mutateAsync({ batchId: batch.id, decision, note, approvalHash: batch.approvalHash ?? '' }),
    )

  async function approve() {
    const done = await confirm({
      title: `Approve ${what}?`,
      facts: [
        { label: 'Asked by', value: batch.submittedBy },
        { label: 'Customers', value: totals.customers.toLocaleString('en-IN') },
        { label: 'Largest', value: formatMoney({ minor: totals.largestMinor, currency: batch.currency }) },
      ],
      next: [
        holdMinutes === 0
          ? 'The first refunds are sent at once.'
          : `Nothing is sent for ${holdMinutes} min, and it can be cancelled until then.`,
        'Then they are sent to Juspay a few at a time. You can pause it.',
        'What was sent cannot be called back.',
      ],
      verb: `Approve ${sum}`,
      run: () => run('approve', null),
    })
    if (done) announce(`Approved. ${what}.`)
  }

  async function reject() {
    const done = await confirm({
      title: `Reject ${what}?`,
      next: ['Nothing is refunded.', `${batch.submittedBy ?? 'The person who asked'} can see why.`],
      requireReason: 'Why they are rejected',
      verb: 'Reject batch',
      run: ({ reason }) => run('reject', reason),
    })
    if (done) announce('Rejected.')
  }

  return (
    <Section title="Decide">
      <div className={css['fields']}>
        <ActionButton
          tone="primary"
          full
          disabledReason={blocked}
          shortcut={{ id: 'bulk.approve', keys: 'A', label: 'Approve the batch', group: 'This page' }}
          onPress={() => void approve()}
        >
          {`Approve ${sum}`}
        </ActionButton>
        <ActionButton
          full
          disabledReason={blocked}
          shortcut={{ id: 'bulk.reject', keys: 'N', label: 'Reject the batch', group: 'This page' }}
          onPress={() => void reject()}
        >
          Reject batch
        </ActionButton>
        {blocked === null ? null : <p className="muted">{blocked}</p>}
      </div>
    </Section>
  )
}

/** The largest rows and a sample that nobody could choose beforehand. */
export function BulkSample({ batch }: { batch: BulkBatch }) {
  const trpc = useTRPC()
  const sample = useQuery(trpc.bulk.sample.queryOptions({ batchId: batch.id }))
  if (sample.error) return null
  if (!sample.data) return <LoadingRows rows={6} label="Loading the sample" />
  return (
    <div className={css['samples']}>
      <SampleTable label="Largest rows" rows={sample.data.largest} currency={batch.currency} />
      <SampleTable label="Random sample" rows={sample.data.random} currency={batch.currency} />
    </div>
  )
}

function SampleTable({
  label,
  rows,
  currency,
}: {
  label: string
  rows: readonly BulkSampleRow[]
  currency: string
}) {
  const columns = useMemo(() => sampleColumns(currency), [currency])
  const card = useMemo(() => sampleCard(currency), [currency])
  return (
    <section aria-label={label}>
      <h2 className="section-heading">{label}</h2>
      <DataGrid
        label={label}
        columns={columns}
        card={card}
        rows={rows}
        rowId={(row) => String(row.n)}
        rowLabel={(row) => `row ${row.n}, order ${row.orderRef}`}
        state={{ kind: 'ready' }}
        empty={<p className="muted">No rows.</p>}
        pageKeys={false}
        inline
      />
    </section>
  )
}
