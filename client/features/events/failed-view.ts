import type { inferOutput } from '@trpc/tanstack-react-query'
import { FAILURE_REASONS, type FailureReason } from '../../../server/domain/event-failure.ts'
import type { useTRPC } from '../../lib/trpc.ts'

type Api = ReturnType<typeof useTRPC>

export type FailedGroups = inferOutput<Api['failedEvents']['groups']>
export type FailedGroup = FailedGroups['groups'][number]
export type FailedRow = inferOutput<Api['failedEvents']['list']>['rows'][number]

/** What the page shows: what needs a look, what people ignored, or deliveries that were refused. */
export const FAILED_VIEWS = ['open', 'ignored', 'refused'] as const
export type FailedView = (typeof FAILED_VIEWS)[number]

/** What the page's address says. `reason` '' means every reason. */
export type FailedSearch = { view: FailedView; reason: FailureReason | '' }

export const DEFAULT_FAILED_SEARCH: FailedSearch = { view: 'open', reason: '' }

/** Every value of `reason` in an address. */
export const REASON_CHOICES = ['', ...FAILURE_REASONS] as const

/** Address of the page; what is as by default is left out. */
export function failedPath(search: Partial<FailedSearch>): string {
  const params = new URLSearchParams()
  if (search.view && search.view !== DEFAULT_FAILED_SEARCH.view) params.set('view', search.view)
  if (search.reason) params.set('reason', search.reason)
  const query = params.toString()
  return query === '' ? '/events/failed' : `/events/failed?${query}`
}

export function countOf(groups: readonly FailedGroup[]): number {
  return groups.reduce((sum, { count }) => sum + count, 0)
}

/** How many there are of what the page shows, in words: "312", or "50,000+" when only the newest were counted. */
export function totalText(
  { groups, capped, setAside }: FailedGroups,
  { view, reason }: FailedSearch,
): string {
  if (view === 'ignored') return setAside.toLocaleString('en-IN')
  const count = countOf(reason === '' ? groups : groups.filter((group) => group.reason === reason))
  return `${count.toLocaleString('en-IN')}${capped ? '+' : ''}`
}
