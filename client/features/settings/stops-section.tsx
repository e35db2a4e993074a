import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { stopTitle } from '../../../server/domain/refund-stop.ts'
import { outcomeOf, toProblem } from '../../lib/errors.ts'
import { useCan } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { useRenewOn } from '../../lib/use-renew-on.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { confirm } from '../../ui/confirm-store.ts'
import { DateTime } from '../../ui/date-time.tsx'
import { FactList } from '../../ui/fact-list.tsx'
import { Section } from '../../ui/page.tsx'
import { ErrorState, LoadingRows, Notice } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import type { RefundStop } from './settings-types.ts'
import { StopForm } from './stop-form.tsx'
import css from './settings.module.css'

const RENEW_MS = 500
const HISTORY_PAGE = 20

/** The kill switch: what is stopped, a way to stop, a way to go on, and who did so before. */
export function StopsSection() {
  const trpc = useTRPC()
  const stops = useQuery(trpc.stops.inForce.queryOptions())
  useRenewOn('refund_stop', trpc.stops.pathKey(), RENEW_MS)
  if (stops.error && !stops.data) {
    return (
      <ErrorState problem={toProblem(stops.error, 'what is stopped')} onRetry={() => void stops.refetch()} />
    )
  }
  if (!stops.data) return <LoadingRows rows={6} label="Loading what is stopped" />
  return (
    <div className={css['narrow']}>
      <Section title="In force">
        {stops.data.length === 0 ? (
          <Notice tone="charged">Nothing is stopped. Approved refunds are sent.</Notice>
        ) : (
          stops.data.map((stop) => <InForce key={stop.id} stop={stop} />)
        )}
      </Section>
      <Section title="Stop refunds">
        <p className={css['lead']}>
          Nothing is sent while a stop holds, whatever was approved. Requests are still taken and wait. What
          is with Juspay already cannot be called back.
        </p>
        <StopForm />
      </Section>
      <StopHistory />
    </div>
  )
}

function InForce({ stop }: { stop: RefundStop }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const can = useCan('settings:write')
  const lift = useMutation(trpc.stops.lift.mutationOptions())
  const title = stopTitle(stop)

  async function go() {
    const done = await confirm({
      title: stop.gateway === null ? 'Send refunds again?' : `${title}. Send them again?`,
      facts: [
        { label: 'Stopped by', value: stop.setByName },
        { label: 'Because', value: stop.reason },
      ],
      requireReason: 'Why refunds may go on',
      next: [
        'Approved refunds that waited are sent at once, each after a fresh look at its order.',
        'It is written to the audit log.',
      ],
      verb: 'Lift the stop',
      run: ({ reason }) => outcomeOf(() => lift.mutateAsync({ stopId: stop.id, note: reason })),
    })
    if (done) toast.success('The stop is lifted.')
    await client.invalidateQueries({ queryKey: trpc.stops.pathKey() })
  }
  return (
    <div className={css['stop']}>
      <Notice tone="review" title={`${title}.`}>
        <FactList facts={factsOf(stop)} />
      </Notice>
      <div className={css['actions']}>
        <ActionButton disabledReason={can.allowed ? null : can.reason} onPress={() => void go()}>
          Lift the stop
        </ActionButton>
        {can.allowed ? null : <span className="caption">{can.reason}</span>}
      </div>
    </div>
  )
}

function factsOf(stop: RefundStop) {
  return [
    { label: 'Because', value: stop.reason },
    {
      label: 'Stopped',
      value: (
        <>
          <DateTime at={stop.setAt} format="full" /> by {stop.setByName}
        </>
      ),
    },
    {
      label: 'Ends',
      value: stop.expiresAt ? <DateTime at={stop.expiresAt} format="full" /> : 'When somebody lifts it',
    },
  ]
}

function StopHistory() {
  const trpc = useTRPC()
  const history = useInfiniteQuery(
    trpc.stops.history.infiniteQueryOptions(
      { limit: HISTORY_PAGE },
      { initialCursor: null, getNextPageParam: (page) => page.nextCursor ?? undefined },
    ),
  )
  const rows = history.data?.pages.flatMap((page) => page.rows) ?? []
  return (
    <Section title="History">
      {history.error && rows.length === 0 ? (
        <ErrorState
          problem={toProblem(history.error, 'earlier stops')}
          onRetry={() => void history.refetch()}
        />
      ) : !history.data ? (
        <LoadingRows rows={3} label="Loading earlier stops" />
      ) : rows.length === 0 ? (
        <p className="muted">Refunds were never stopped.</p>
      ) : (
        <ol className={css['versions']}>
          {rows.map((stop) => (
            <li key={stop.id}>
              <strong>{stop.gateway === null ? 'All refunds' : stopTitle(stop)}</strong>,{' '}
              <DateTime at={stop.setAt} /> by {stop.setByName}: {stop.reason}
              <Ending stop={stop} />
            </li>
          ))}
        </ol>
      )}
      {history.hasNextPage ? (
        <ActionButton busy={history.isFetchingNextPage} onPress={() => void history.fetchNextPage()}>
          Show earlier stops
        </ActionButton>
      ) : null}
    </Section>
  )
}

function Ending({ stop }: { stop: RefundStop }) {
  if (stop.liftedAt)
    return (
      <p className="muted">
        Lifted <DateTime at={stop.liftedAt} /> by {stop.liftedByName}
        {stop.liftNote ? `: ${stop.liftNote}` : ''}
      </p>
    )
  if (!stop.expiresAt) return null
  return (
    <p className="muted">
      Until <DateTime at={stop.expiresAt} />
    </p>
  )
}
