import { useKit } from '../../ui/kit-context.ts'
import { EmptyState } from '../../ui/states.tsx'
import { timeRangeLabel } from '../../ui/time-range-menu.tsx'
import { listPath, type OrderSearch } from './order-views.ts'

/** Why the list is empty and the most likely way out. `unread`: the query could not be read, so it was not run. */
export function NoOrders({ search, unread }: { search: OrderSearch; unread: boolean }) {
  const { link: Link } = useKit()
  if (unread) {
    return (
      <EmptyState
        title="The filter was not run."
        action={<Link to={listPath({ ...search, q: '' })}>Clear the filter</Link>}
      >
        Mend it above. No rows are shown until it can be read.
      </EmptyState>
    )
  }
  const wider = search.t === 'all' ? null : search.t === '-30d' ? 'all' : '-30d'
  const widen =
    wider === null ? null : (
      <Link to={listPath({ ...search, t: wider })}>
        {wider === 'all' ? 'Search all time' : 'Search the last 30 days'}
      </Link>
    )
  if (search.q === '') {
    return (
      <EmptyState title="No orders in this time." action={widen}>
        Payments appear here as Juspay reports them. Shown: {timeRangeLabel(search.t).toLowerCase()}.
      </EmptyState>
    )
  }
  return (
    <EmptyState
      title="No orders match."
      action={
        <>
          <Link to={listPath({ ...search, q: '' })}>Clear the filter</Link>
          {widen}
        </>
      }
    >
      Filter <span className="mono">{search.q}</span>, {timeRangeLabel(search.t).toLowerCase()}.
    </EmptyState>
  )
}
