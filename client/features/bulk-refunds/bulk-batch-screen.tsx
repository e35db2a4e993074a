import { useState } from 'react'
import { bulkPath } from '../../lib/batch-progress.ts'
import { codeOf, toProblem } from '../../lib/errors.ts'
import { useCan } from '../../lib/session.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { batchWord } from '../../lib/batch-chip.ts'
import { useKit } from '../../ui/kit-context.ts'
import { Page, PageBar, PageScroll } from '../../ui/page.tsx'
import { EmptyState, ErrorState, ForbiddenState, LoadingRows, Notice } from '../../ui/states.tsx'
import { StatusChip } from '../../ui/status-chip.tsx'
import { BulkActs } from './bulk-acts.tsx'
import { BulkDecidePanel, BulkSample } from './bulk-decide.tsx'
import { BulkMappingForm } from './bulk-mapping.tsx'
import { BulkProgress } from './bulk-progress.tsx'
import { BulkReviewPanel } from './bulk-review.tsx'
import { BulkRows } from './bulk-rows.tsx'
import { BulkSteps } from './bulk-steps.tsx'
import type { BulkBatch } from './bulk-types.ts'
import type { BulkView } from './bulk-views.ts'
import { batchSum, batchTitle, stepOf } from './bulk-words.ts'
import { useBulkBatch } from './use-bulk-batch.ts'
import css from './bulk.module.css'

const CRUMBS = [
  { label: 'Refunds', to: '/refunds' },
  { label: 'Bulk refunds', to: '/refunds/bulk' },
]

type BatchScreenProps = { batchId: string; view: BulkView; onMade: (batchId: string) => void }

/** One batch from its check to its end: rows, review, decision, progress. */
export function BulkBatchScreen(props: BatchScreenProps) {
  const can = useCan('order:read')
  const query = useBulkBatch(props.batchId)
  const title = query.data ? batchTitle(query.data) : 'Batch'
  return (
    <Page title={title} crumbs={CRUMBS}>
      {can.allowed ? (
        <Load {...props} query={query} />
      ) : (
        <PageScroll>
          <ForbiddenState title={can.reason} />
        </PageScroll>
      )}
    </Page>
  )
}

function Load({ query, ...props }: BatchScreenProps & { query: ReturnType<typeof useBulkBatch> }) {
  if (query.data) return <Loaded {...props} batch={query.data} />
  const code = codeOf(query.error)
  return (
    <PageScroll>
      {query.error === null ? (
        <LoadingRows rows={8} label="Loading the batch" />
      ) : code === 'NOT_FOUND' || code === 'BAD_REQUEST' ? (
        <EmptyState title="No such batch in this account.">
          The link may be old, or the batch may belong to another account.
        </EmptyState>
      ) : (
        <ErrorState problem={toProblem(query.error, 'this batch')} onRetry={() => void query.refetch()} />
      )}
    </PageScroll>
  )
}

function Loaded({ batch, view, onMade }: BatchScreenProps & { batch: BulkBatch }) {
  const word = batchWord(batch)
  const { link: Link } = useKit()
  return (
    <>
      <PageBar tall end={<BulkActs batch={batch} onMade={onMade} />}>
        <StatusChip status={word.role} label={word.label} variant="header" detail={word.detail} />
        <strong>{batchSum(batch)}</strong>
        <span className="muted">
          {batch.name}, {batch.createdBy}
          {batch.parentId === null ? null : (
            <>
              , again from <Link to={bulkPath(batch.parentId)}>an earlier batch</Link>
            </>
          )}
        </span>
      </PageBar>
      <BulkSteps at={stepOf(batch)} />
      {batch.remark === null ? null : (
        <div className={css['notice']}>
          <Notice tone="review" title={word.label}>
            {batch.remark}
          </Notice>
        </div>
      )}
      {batch.decisionNote === null ? null : (
        <div className={css['notice']}>
          <Notice tone="info" title={`${batch.decidedBy ?? 'The approver'} wrote`}>
            {batch.decisionNote}
          </Notice>
        </div>
      )}
      <Body batch={batch} view={view} />
    </>
  )
}

function Body({ batch, view }: { batch: BulkBatch; view: BulkView }) {
  const canApprove = useCan('refund:approve')
  switch (batch.status) {
    case 'draft':
      return (
        <PageScroll>
          <BulkMappingForm key={batch.id} batch={batch} />
        </PageScroll>
      )
    case 'ready':
      return <ReadyBody batch={batch} view={view} />
    case 'waiting_approval':
      return (
        <div className={css['split']}>
          <div className={css['rows']}>
            <BulkRows
              batch={batch}
              view={view}
              {...(canApprove.allowed && {
                lead: { label: 'Sample', content: <BulkSample batch={batch} /> },
              })}
            />
          </div>
          <aside className={css['aside']} aria-label="Decision">
            <BulkDecidePanel batch={batch} />
          </aside>
        </div>
      )
    default:
      return (
        <>
          <BulkProgress batch={batch} />
          <BulkRows batch={batch} view={view} />
        </>
      )
  }
}

function ReadyBody({ batch, view }: { batch: BulkBatch; view: BulkView }) {
  const [mapping, setMapping] = useState(false)
  const can = useCan('refund:bulk')
  return (
    <div className={css['split']}>
      <div className={css['rows']}>
        {mapping ? (
          <PageScroll>
            <BulkMappingForm batch={batch} onDone={() => setMapping(false)} />
            <ActionButton onPress={() => setMapping(false)}>Keep the columns</ActionButton>
          </PageScroll>
        ) : (
          <BulkRows batch={batch} view={view} />
        )}
      </div>
      <aside className={css['aside']} aria-label="Review">
        {batch.source === 'selection' || mapping ? null : (
          <p>
            <ActionButton disabledReason={can.reason} onPress={() => setMapping(true)}>
              Change columns
            </ActionButton>
          </p>
        )}
        <BulkReviewPanel batch={batch} />
      </aside>
    </div>
  )
}
