import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { SHADOWED_STATES, type ReplayItemState } from '../../../server/domain/replay.ts'
import { codeOf, gridState, toProblem } from '../../lib/errors.ts'
import { jobWord, replayPath, type ReplayItemRow, type ReplayJob } from '../../lib/replay-words.ts'
import { useCan } from '../../lib/session.ts'
import { useReplayJob } from '../../lib/use-replay-job.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { DataGrid } from '../../ui/data-grid.tsx'
import { Page, PageBar, PageScroll } from '../../ui/page.tsx'
import { EmptyState, ErrorState, ForbiddenState, LoadingRows, Notice } from '../../ui/states.tsx'
import { StatusChip } from '../../ui/status-chip.tsx'
import { TabsBar } from '../../ui/tabs-bar.tsx'
import { ReplayActs } from './replay-acts.tsx'
import { ITEM_COLUMNS, itemSpoken } from './replay-columns.tsx'
import { ReplayItemDialog } from './replay-item-dialog.tsx'
import { ReplayProgress } from './replay-progress.tsx'
import type { ItemsView } from './replay-views.ts'
import css from './replays.module.css'

const CRUMBS = [
  { label: 'Failed events', to: '/events/failed' },
  { label: 'Replays', to: '/events/replays' },
]
const PAGE_ROWS = 100

type ReplayScreenProps = { jobId: string; view: ItemsView }

/** One replay: how far it is, what can be done with it, and what each event would do and did. */
export function ReplayScreen(props: ReplayScreenProps) {
  const can = useCan('event:read')
  return (
    <Page title="Replay" crumbs={CRUMBS}>
      {can.allowed ? (
        <Load {...props} />
      ) : (
        <PageScroll>
          <ForbiddenState title={can.reason} />
        </PageScroll>
      )}
    </Page>
  )
}

function Load({ jobId, view }: ReplayScreenProps) {
  const query = useReplayJob(jobId)
  if (query.data) return <Loaded job={query.data} view={view} />
  const code = codeOf(query.error)
  return (
    <PageScroll>
      {query.error === null ? (
        <LoadingRows rows={8} label="Loading the replay" />
      ) : code === 'NOT_FOUND' || code === 'BAD_REQUEST' ? (
        <EmptyState title="No such replay in this account.">
          The link may be old, or the replay may belong to another account.
        </EmptyState>
      ) : (
        <ErrorState problem={toProblem(query.error, 'this replay')} onRetry={() => void query.refetch()} />
      )}
    </PageScroll>
  )
}

const STATES: Readonly<Record<ItemsView, readonly ReplayItemState[]>> = {
  all: [],
  changes: ['would_change', 'changed'],
  nothing: ['would_not_change', 'unchanged', 'skipped'],
  failures: ['would_fail', 'would_ask', 'failed'],
  left: ['waiting', ...SHADOWED_STATES],
}

function Loaded({ job, view }: { job: ReplayJob; view: ItemsView }) {
  const trpc = useTRPC()
  const [shown, setShown] = useState<ReplayItemRow | null>(null)
  const items = useInfiniteQuery(
    trpc.replays.items.infiniteQueryOptions(
      { jobId: job.id, states: [...STATES[view]], limit: PAGE_ROWS },
      { initialCursor: null, getNextPageParam: (page) => page.nextCursor },
    ),
  )
  const rows = (items.data?.pages ?? []).flatMap((page) => page.rows)
  const word = jobWord(job)
  const only = job.total === 1 ? (rows[0]?.orderRef ?? rows[0]?.eventName ?? '1') : null
  const tab = (id: ItemsView, label: string, count?: number) => ({
    id,
    label,
    to: id === 'all' ? replayPath(job) : `${replayPath(job)}?view=${id}`,
    count: count?.toLocaleString('en-IN'),
  })
  const shadow = job.phase === 'shadowing'
  return (
    <>
      <PageBar tall end={<ReplayActs job={job} only={only} />}>
        <StatusChip status={word.role} label={word.label} variant="header" />
        <span className="muted">{word.detail}</span>
      </PageBar>
      {job.note === null ? null : (
        <div className={css['notice']}>
          <Notice tone={job.status === 'failed' ? 'failed' : 'review'} title={word.label}>
            {job.note}
          </Notice>
        </div>
      )}
      <ReplayProgress job={job} />
      <TabsBar
        label="Events of the replay"
        active={view}
        tabs={[
          tab('all', 'All', job.total),
          tab('changes', shadow ? 'Would change' : 'Changed', shadow ? job.wouldChange : job.changed),
          tab('nothing', 'Nothing to change'),
          tab('failures', 'Failures', shadow ? job.wouldFail + job.wouldAsk : job.failed),
          ...(shadow ? [] : [tab('left', 'Not applied')]),
        ]}
      />
      <div className={css['grid']}>
        <DataGrid
          key={view}
          label="Events of the replay"
          columns={ITEM_COLUMNS}
          rows={rows}
          rowId={(item) => String(item.n)}
          rowLabel={itemSpoken}
          state={gridState(items, 'the events of this replay')}
          empty={<EmptyState title="No events here." />}
          total={view === 'all' ? job.total : undefined}
          onOpen={(item) => setShown(item)}
          onEndReached={items.hasNextPage ? () => void items.fetchNextPage() : undefined}
          loadingMore={items.isFetchingNextPage}
          scrollId={`replay-${job.id}-${view}`}
        />
      </div>
      {shown === null ? null : <ReplayItemDialog item={shown} onClose={() => setShown(null)} />}
    </>
  )
}
