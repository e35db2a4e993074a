import { useInfiniteQuery } from '@tanstack/react-query'
import { bulkPath } from '../../lib/batch-progress.ts'
import { gridState } from '../../lib/errors.ts'
import { useCan } from '../../lib/session.ts'
import { useRenewOn } from '../../lib/use-renew-on.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { DataGrid } from '../../ui/data-grid.tsx'
import { Page, PageBar, PageFooter, PageScroll } from '../../ui/page.tsx'
import { EmptyState, ForbiddenState } from '../../ui/states.tsx'
import { BATCH_COLUMNS, batchCard } from './bulk-columns.tsx'
import { batchTitle, isAtWork } from './bulk-words.ts'
import css from './bulk.module.css'

const PAGE_ROWS = 100
const RENEW_MS = 1_000
const CRUMBS = [{ label: 'Refunds', to: '/refunds' }]

/** Every batch of refunds that was made, newest first. */
export function BulkListScreen({ onOpen, onNew }: { onOpen: (batchId: string) => void; onNew: () => void }) {
  const can = useCan('order:read')
  return (
    <Page title="Bulk refunds" crumbs={CRUMBS}>
      {can.allowed ? (
        <List onOpen={onOpen} onNew={onNew} />
      ) : (
        <PageScroll>
          <ForbiddenState title={can.reason} />
        </PageScroll>
      )}
    </Page>
  )
}

function List({ onOpen, onNew }: { onOpen: (batchId: string) => void; onNew: () => void }) {
  const trpc = useTRPC()
  const canMake = useCan('refund:bulk')
  const list = useInfiniteQuery(
    trpc.bulk.list.infiniteQueryOptions(
      { limit: PAGE_ROWS },
      { initialCursor: null, getNextPageParam: (page) => page.nextCursor },
    ),
  )
  useRenewOn('bulk_batch', trpc.bulk.list.pathKey(), RENEW_MS)
  const rows = (list.data?.pages ?? []).flatMap((page) => page.rows)
  const running = rows.filter(isAtWork).length
  const upload = (
    <ActionButton
      tone="primary"
      disabledReason={canMake.reason}
      shortcut={{ id: 'bulk.new', keys: 'N', label: 'New bulk refund', group: 'This page' }}
      onPress={onNew}
    >
      New bulk refund
    </ActionButton>
  )
  return (
    <>
      <PageBar end={upload}>
        <span className="muted">Many refunds from a file, checked, approved and sent together.</span>
      </PageBar>
      <div className={css['grid']}>
        <DataGrid
          label="Bulk refunds"
          columns={BATCH_COLUMNS}
          card={batchCard}
          rows={rows}
          rowId={(batch) => batch.id}
          rowLabel={(batch) => `${batchTitle(batch)}, ${batch.name}`}
          state={gridState(list, 'bulk refunds')}
          empty={
            <EmptyState title="No bulk refunds yet.">
              Upload a file, or select orders in Transactions, to refund many orders at once.
            </EmptyState>
          }
          onOpen={(batch, how) => {
            if (how.newTab) window.open(bulkPath(batch.id), '_blank', 'noopener')
            else onOpen(batch.id)
          }}
          onEndReached={list.hasNextPage ? () => void list.fetchNextPage() : undefined}
          loadingMore={list.isFetchingNextPage}
          scrollId="bulk-refunds"
        />
      </div>
      <PageFooter>
        <span>
          {rows.length}
          {list.hasNextPage ? '+' : ''} {rows.length === 1 ? 'batch' : 'batches'}
          {running > 0 ? `, ${running} at work` : ''}
        </span>
      </PageFooter>
    </>
  )
}
