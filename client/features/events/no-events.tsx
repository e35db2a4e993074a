import { useSession } from '../../lib/session.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { EmptyState } from '../../ui/states.tsx'
import { timeRangeLabel } from '../../ui/time-range-menu.tsx'
import { DEFAULT_EVENT_SEARCH, type EventSearch } from './event-search.ts'

type NoEventsProps = {
  search: EventSearch
  /** The filter could not be read, so it was not run. */
  unread: boolean
  onSearch: (change: Partial<EventSearch>) => void
}

/** Why the feed is empty and the most likely way out. */
export function NoEvents({ search, unread, onSearch }: NoEventsProps) {
  const { environment } = useSession().account
  const { link: Link } = useKit()
  const clear = <ActionButton onPress={() => onSearch({ q: '' })}>Clear the filter</ActionButton>
  if (unread) {
    return (
      <EmptyState title="The filter was not run." action={clear}>
        Mend it above. No rows are shown until it can be read.
      </EmptyState>
    )
  }
  const wider = search.t === 'all' ? null : search.t === '-30d' ? 'all' : '-30d'
  const widen =
    wider === null ? null : (
      <ActionButton onPress={() => onSearch({ t: wider })}>
        {wider === 'all' ? 'Search all time' : 'Search the last 30 days'}
      </ActionButton>
    )
  if (search.q !== '') {
    return (
      <EmptyState
        title="No events match."
        action={
          <>
            {clear}
            {widen}
          </>
        }
      >
        Filter <span className="mono">{search.q}</span>, {timeRangeLabel(search.t).toLowerCase()}. New events
        that match appear here by themselves.
      </EmptyState>
    )
  }
  if (search.t !== DEFAULT_EVENT_SEARCH.t)
    return (
      <EmptyState title="No events in this time." action={widen}>
        Shown: {timeRangeLabel(search.t).toLowerCase()}.
      </EmptyState>
    )
  return (
    <EmptyState
      title="Webhooks will appear here."
      action={
        environment === 'sandbox' ? (
          <Link to="/sandbox">Simulate a payment</Link>
        ) : (
          <Link to="/settings">Connect Juspay</Link>
        )
      }
    >
      Each one is stored before it is answered, and shown here the moment it arrives. None came in the last 24
      hours.
    </EmptyState>
  )
}
