import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { REASON_LABELS } from '../../../server/domain/event-failure.ts'
import { downloadPath } from '../../lib/download.ts'
import { gridState } from '../../lib/errors.ts'
import { usePrintedBy } from '../../lib/printed-by.ts'
import { useCan } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { useRenewOn } from '../../lib/use-renew-on.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { DataGrid } from '../../ui/data-grid.tsx'
import { TimeAgo } from '../../ui/date-time.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Page, PageBar, PageFooter, PageScroll } from '../../ui/page.tsx'
import { EmptyState, ForbiddenState } from '../../ui/states.tsx'
import { TabsBar } from '../../ui/tabs-bar.tsx'
import { useShortcut } from '../../ui/use-shortcut.ts'
import { eventPath, eventSpoken } from './event-words.ts'
import { FAILED_COLUMNS, failedCard, IGNORED_COLUMNS } from './failed-columns.tsx'
import { FailedGroups } from './failed-groups.tsx'
import { reasonScope, replayAllOf } from './failed-scope.ts'
import { FailedSelection } from './failed-selection.tsx'
import {
  countOf,
  DEFAULT_FAILED_SEARCH,
  failedPath,
  totalText,
  type FailedGroups as Groups,
  type FailedRow,
  type FailedSearch,
} from './failed-view.ts'
import { RejectedDeliveries } from './rejected-deliveries.tsx'
import type { ReplayMany } from './replay-many-dialog.tsx'
import { useReplay } from './use-replay.tsx'
import css from './failed-events.module.css'

/** Renewed at most this often, however many events fail. */
const RENEW_MS = 2_000
const PAGE_ROWS = 100
const NONE: ReadonlySet<string> = new Set()

/** Events that could not be applied, by reason and one by one, and deliveries that were turned away. */
export function FailedEventsScreen({ search }: { search: FailedSearch }) {
  const can = useCan('event:read')
  return (
    <Page title="Failed events">
      {can.allowed ? (
        <Views search={search} />
      ) : (
        <PageScroll>
          <ForbiddenState title={can.reason} />
        </PageScroll>
      )}
    </Page>
  )
}

function Views({ search }: { search: FailedSearch }) {
  const trpc = useTRPC()
  const { link: Link } = useKit()
  const groups = useQuery(trpc.failedEvents.groups.queryOptions())
  const health = useQuery(trpc.events.health.queryOptions(undefined, { retry: false }))
  useRenewOn('webhook_event', trpc.failedEvents.pathKey(), RENEW_MS)
  const { view } = search
  const refused = health.data?.rejected.reduce((sum, cause) => sum + cause.count, 0)
  return (
    <>
      <TabsBar
        label="Kinds of failure"
        active={view}
        tabs={[
          { id: 'open', label: 'To look at', to: failedPath({}), count: openCount(groups.data) },
          {
            id: 'ignored',
            label: 'Ignored',
            to: failedPath({ view: 'ignored' }),
            count: groups.data?.setAside,
          },
          { id: 'refused', label: 'Refused senders', to: failedPath({ view: 'refused' }), count: refused },
        ]}
      >
        <Link to="/events/replays">Replays</Link>
      </TabsBar>
      {view === 'refused' ? (
        <PageScroll>
          <RejectedDeliveries health={health} />
        </PageScroll>
      ) : (
        <Failures
          key={`${view} ${search.reason}`}
          search={search}
          groups={groups.data}
          lastAt={health.data?.lastReceivedAt ?? null}
        />
      )}
    </>
  )
}

type FailuresProps = { search: FailedSearch; groups: Groups | undefined; lastAt: Date | null }

function Failures({ search, groups, lastAt }: FailuresProps) {
  const { view, reason } = search
  const trpc = useTRPC()
  const navigate = useNavigate()
  const [selected, setSelected] = useState(NONE)
  const [focused, setFocused] = useState<FailedRow | null>(null)
  const { ask, askMany, dialog } = useReplay()
  const can = useCan('event:replay')
  const list = useInfiniteQuery(
    trpc.failedEvents.list.infiniteQueryOptions(
      {
        among: view === 'ignored' ? 'set_aside' : 'open',
        reason: reason === '' ? null : reason,
        limit: PAGE_ROWS,
      },
      { initialCursor: null, getNextPageParam: (page) => page.nextCursor },
    ),
  )
  const printedBy = usePrintedBy()
  const rows = (list.data?.pages ?? []).flatMap((page) => page.rows)
  const chosen = rows.filter((row) => selected.has(row.id))
  useShortcut(
    chosen.length === 0 && focused !== null
      ? {
          id: 'failed.replay-row',
          keys: 'Shift+R',
          label: 'Replay this event',
          group: 'This record',
          disabledReason: can.reason,
          run: () => ask([focused]),
        }
      : null,
  )

  function open(row: FailedRow, how: { newTab: boolean }) {
    if (how.newTab) window.open(eventPath(row), '_blank', 'noopener')
    else void navigate({ to: '/events/$eventId', params: { eventId: row.id } })
  }

  return (
    <>
      {dialog}
      {view === 'open' && groups ? (
        <>
          <Summary groups={groups} search={search} onReplay={askMany} />
          <FailedGroups groups={groups.groups} reason={reason} onReplay={askMany} />
        </>
      ) : null}
      <div className={css['grid']}>
        <DataGrid
          label={view === 'open' ? 'Failed events' : 'Ignored events'}
          columns={view === 'open' ? FAILED_COLUMNS : IGNORED_COLUMNS}
          card={failedCard}
          rows={rows}
          rowId={(row) => row.id}
          rowLabel={eventSpoken}
          state={gridState(list, 'failed events')}
          empty={<NoneFailed search={search} lastAt={lastAt} />}
          onOpen={open}
          onEndReached={list.hasNextPage ? () => void list.fetchNextPage() : undefined}
          loadingMore={list.isFetchingNextPage}
          selected={selected}
          onSelect={setSelected}
          onFocusRow={setFocused}
          scrollId={`failed-${view}-${reason}`}
          printed={{
            filter: [reason === '' ? '' : `Reason: ${REASON_LABELS[reason]}`],
            more: list.hasNextPage,
            total: groups ? totalText(groups, search) : null,
            asOf: new Date(list.dataUpdatedAt),
            by: printedBy,
          }}
        />
      </div>
      <FailedSelection
        rows={chosen}
        view={view}
        onClear={() => setSelected(NONE)}
        onReplay={() => ask(chosen)}
      />
      <PageFooter
        end={
          <>
            <Kbd keys="J" /> <Kbd keys="K" /> move · <Kbd keys="X" /> select · <Kbd keys="Shift+R" /> replay
          </>
        }
      >
        <span>
          {rows.length.toLocaleString('en-IN')}
          {list.hasNextPage ? '+' : ''} {view === 'open' ? 'need a look' : 'ignored'}
        </span>
      </PageFooter>
    </>
  )
}

type SummaryProps = { groups: Groups; search: FailedSearch; onReplay: (many: ReplayMany) => void }

function Summary({ groups, search, onReplay }: SummaryProps) {
  const can = useCan('event:replay')
  const canPayload = useCan('event:payload')
  const waiting = groups.groups.reduce((sum, group) => sum + group.waiting, 0)
  const held = groups.groups.find((group) => group.reason === 'unknown_event')?.count ?? 0
  const total = countOf(groups.groups)
  const number = (count: number) => count.toLocaleString('en-IN')
  if (total === 0) return null
  const scope = reasonScope(search.reason === '' ? null : search.reason)
  const { problem, ...all } = replayAllOf(groups, search.reason)
  return (
    <PageBar
      end={
        <>
          <ActionButton
            disabledReason={canPayload.reason}
            onPress={() => window.location.assign(downloadPath.bodies(scope))}
          >
            Download bodies
          </ActionButton>
          <ActionButton
            disabledReason={can.reason ?? problem}
            shortcut={{ id: 'failed.replay-all', label: 'Replay all failed events that match' }}
            onPress={() => onReplay(all)}
          >
            {search.reason === '' ? 'Replay all' : `Replay all: ${REASON_LABELS[search.reason]}`}
          </ActionButton>
        </>
      }
    >
      <span>
        {number(waiting)} waiting, {number(total - waiting - held)} stopped
        {held > 0 ? `, ${number(held)} held` : ''}
        {groups.capped ? ', counted over the newest 50,000' : ''}
      </span>
    </PageBar>
  )
}

function openCount(groups: Groups | undefined): string | number | undefined {
  if (!groups) return undefined
  return groups.capped ? totalText(groups, DEFAULT_FAILED_SEARCH) : countOf(groups.groups)
}

function NoneFailed({ search, lastAt }: { search: FailedSearch; lastAt: Date | null }) {
  const { link: Link } = useKit()
  if (search.view === 'ignored') return <EmptyState title="No event is ignored." />
  if (search.reason !== '')
    return (
      <EmptyState
        title="No events match."
        action={<Link to={failedPath({})}>{`Remove reason: ${REASON_LABELS[search.reason]}`}</Link>}
      />
    )
  return (
    <EmptyState title="No failed events." action={<Link to="/events">See live events</Link>}>
      {lastAt === null ? (
        'No webhook has arrived yet.'
      ) : (
        <>
          The last webhook arrived <TimeAgo at={lastAt} />.
        </>
      )}
    </EmptyState>
  )
}
