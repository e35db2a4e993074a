import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { gridState } from '../../lib/errors.ts'
import { useLive } from '../../lib/live.tsx'
import { useCan } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { DataGrid } from '../../ui/data-grid.tsx'
import { DateTime, TimeAgo } from '../../ui/date-time.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Page, PageBar, PageScroll, Section } from '../../ui/page.tsx'
import { EmptyState, ErrorState, ForbiddenState, LoadingRows } from '../../ui/states.tsx'
import { EVENT_COLUMNS } from './event-columns.tsx'
import type { EventRow, FailedGroup } from './event-types.ts'
import { eventPath, eventSpoken } from './event-words.ts'
import { RejectedDeliveries } from './rejected-deliveries.tsx'
import { ReplayResults } from './replay-results.tsx'
import { REPLAY_MAX, useReplay } from './use-replay.ts'
import css from './events.module.css'

/** Renewed at most this often, however many events fail. */
const RENEW_MS = 2_000

/** Events that could not be applied, by reason, and deliveries that were turned away. */
export function FailedEventsScreen() {
  const can = useCan('event:read')
  return (
    <Page title="Failed events">
      {can.allowed ? (
        <Groups />
      ) : (
        <PageScroll>
          <ForbiddenState title={can.reason} />
        </PageScroll>
      )}
    </Page>
  )
}

function Groups() {
  const trpc = useTRPC()
  const failed = useQuery(trpc.events.failed.queryOptions())
  const health = useQuery(trpc.events.health.queryOptions(undefined, { retry: false }))
  const { replay, results, busy, clear } = useReplay()
  const can = useCan('event:replay')
  useFailedLive()
  const groups = failed.data ?? []
  const count = groups.reduce((sum, group) => sum + group.count, 0)
  const shown = groups.flatMap((group) => group.events)
  const state = gridState(failed, 'failed events')
  return (
    <>
      <PageBar
        end={
          shown.length > 1 && groups.length > 1 ? (
            <ActionButton
              busy={busy}
              disabledReason={can.reason}
              shortcut={{
                id: 'failed.replay',
                keys: 'Shift+R',
                label: 'Replay failed events',
                group: 'This page',
              }}
              onPress={() => void replay(shown)}
            >
              {`Replay ${Math.min(shown.length, REPLAY_MAX)} events`}
            </ActionButton>
          ) : null
        }
      >
        <span>
          {failed.data
            ? count === 0
              ? 'Nothing failed'
              : `${count} failed or given up, ${groups.length} ${groups.length === 1 ? 'reason' : 'reasons'}`
            : 'Events that could not be applied'}
        </span>
      </PageBar>
      <PageScroll>
        <div className={css['stack']}>
          <ReplayResults results={results} onClose={clear} />
          {state.kind === 'error' ? <ErrorState problem={state.problem} onRetry={state.onRetry} /> : null}
          {state.kind === 'forbidden' ? <ForbiddenState title={state.title} hint={state.hint} /> : null}
          {state.kind === 'loading' ? <LoadingRows rows={6} label="Loading failed events" /> : null}
          {failed.data && groups.length === 0 ? (
            <NoneFailed lastAt={health.data?.lastReceivedAt ?? null} />
          ) : null}
          {groups.map((group) => (
            <Group key={group.reason} group={group} busy={busy} onReplay={() => void replay(group.events)} />
          ))}
          <RejectedDeliveries health={health} />
        </div>
      </PageScroll>
    </>
  )
}

function NoneFailed({ lastAt }: { lastAt: Date | null }) {
  const { link: Link } = useKit()
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

type GroupProps = { group: FailedGroup; busy: boolean; onReplay: () => void }

function Group({ group, busy, onReplay }: GroupProps) {
  const navigate = useNavigate()
  const can = useCan('event:replay')
  const { count, events } = group
  const part = count > events.length ? `newest ${events.length}` : count === 1 ? 'it' : `all ${count}`
  function open(row: EventRow, how: { newTab: boolean }) {
    if (how.newTab) window.open(eventPath(row), '_blank', 'noopener')
    else void navigate({ to: '/events/$eventId', params: { eventId: row.id } })
  }
  return (
    <Section
      title={group.reason}
      end={
        <ActionButton
          busy={busy}
          disabledReason={can.reason}
          label={`Replay ${part}: ${group.reason}`}
          onPress={onReplay}
        >
          {`Replay ${part}`}
        </ActionButton>
      }
    >
      <p className="caption">
        {count} {count === 1 ? 'event' : 'events'}, first <DateTime at={group.firstAt} />, last{' '}
        <DateTime at={group.lastAt} />
      </p>
      <DataGrid
        label={group.reason}
        inline
        pageKeys={false}
        columns={EVENT_COLUMNS}
        rows={events}
        rowId={(row) => row.id}
        rowLabel={eventSpoken}
        state={{ kind: 'ready' }}
        empty={null}
        onOpen={open}
      />
    </Section>
  )
}

/** Renews the groups when an event changes. */
function useFailedLive(): void {
  const trpc = useTRPC()
  const client = useQueryClient()
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  useEffect(
    () => () => {
      if (timer.current) clearTimeout(timer.current)
      timer.current = null
    },
    [],
  )
  useLive((message) => {
    if (message.kind !== 'change' || message.subject !== 'webhook_event') return
    timer.current ??= setTimeout(() => {
      timer.current = null
      void client.invalidateQueries({ queryKey: trpc.events.failed.queryKey() })
    }, RENEW_MS)
  })
}
