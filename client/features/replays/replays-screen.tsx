import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { gridState } from '../../lib/errors.ts'
import { useLive } from '../../lib/live.tsx'
import { isAtWork, replayPath } from '../../lib/replay-words.ts'
import { useCan } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { DataGrid } from '../../ui/data-grid.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Page, PageFooter, PageScroll } from '../../ui/page.tsx'
import { EmptyState, ForbiddenState } from '../../ui/states.tsx'
import { JOB_COLUMNS } from './replay-columns.tsx'
import { scopeText } from './scope-words.ts'
import css from './replays.module.css'

const PAGE_ROWS = 100
const CRUMBS = [{ label: 'Failed events', to: '/events/failed' }]

/** Every replay that was made, newest first. */
export function ReplaysScreen() {
  const can = useCan('event:read')
  return (
    <Page title="Replays" crumbs={CRUMBS}>
      {can.allowed ? (
        <List />
      ) : (
        <PageScroll>
          <ForbiddenState title={can.reason} />
        </PageScroll>
      )}
    </Page>
  )
}

function List() {
  const trpc = useTRPC()
  const client = useQueryClient()
  const navigate = useNavigate()
  const { link: Link } = useKit()
  const list = useInfiniteQuery(
    trpc.replays.list.infiniteQueryOptions(
      { limit: PAGE_ROWS },
      { initialCursor: null, getNextPageParam: (page) => page.nextCursor },
    ),
  )
  useLive((message) => {
    if (message.kind === 'change' && message.subject === 'replay_job')
      void client.invalidateQueries({ queryKey: trpc.replays.list.pathKey() })
  })
  const rows = (list.data?.pages ?? []).flatMap((page) => page.rows)
  const running = rows.filter(isAtWork).length
  return (
    <>
      <div className={css['grid']}>
        <DataGrid
          label="Replays"
          columns={JOB_COLUMNS}
          rows={rows}
          rowId={(job) => job.id}
          rowLabel={(job) => `replay: ${scopeText(job.scope)}`}
          state={gridState(list, 'replays')}
          empty={
            <EmptyState title="No replays yet." action={<Link to="/events/failed">See failed events</Link>}>
              A replay runs stored events through the same steps again: first as a dry run, then for good.
            </EmptyState>
          }
          onOpen={(job, how) => {
            if (how.newTab) window.open(replayPath(job), '_blank', 'noopener')
            else void navigate({ to: '/events/replays/$jobId', params: { jobId: job.id } })
          }}
          onEndReached={list.hasNextPage ? () => void list.fetchNextPage() : undefined}
          loadingMore={list.isFetchingNextPage}
          scrollId="replays"
        />
      </div>
      <PageFooter>
        <span>
          {rows.length}
          {list.hasNextPage ? '+' : ''} {rows.length === 1 ? 'replay' : 'replays'}
          {running > 0 ? `, ${running} running` : ''}
        </span>
      </PageFooter>
    </>
  )
}
