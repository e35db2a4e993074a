import { toProblem } from '../../lib/errors.ts'
import { setPreference, usePreferences, type Preferences } from '../../lib/preferences.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { useRenewOn } from '../../lib/use-renew-on.ts'
import type { Problem } from '../../ui/states.tsx'

/** However much changes, what waits is asked for this often at most. */
export const RENEW_MS = 5_000
/** What may give somebody something to do, or take it away. */
const WAITED_FOR = ['order', 'refund', 'refund_request', 'bulk_batch', 'webhook_event', 'discrepancy']

export const REFRESH_CHOICES: readonly { value: `${Preferences['overviewRefresh']}`; label: string }[] = [
  { value: '0', label: 'Refresh off' },
  { value: '10', label: 'Refresh 10 s' },
  { value: '60', label: 'Refresh 1 min' },
  { value: '300', label: 'Refresh 5 min' },
]

/** How often figures are asked for by themselves; false when the person has turned that off. A hidden tab does not ask. */
export function useRefreshMs(): number | false {
  const { overviewRefresh } = usePreferences()
  return overviewRefresh === 0 ? false : overviewRefresh * 1_000
}

export function chooseRefresh(value: string): void {
  const seconds = REFRESH_CHOICES.find((choice) => choice.value === value)?.value
  if (seconds === undefined) return
  for (const known of [0, 10, 60, 300] as const)
    if (String(known) === seconds) setPreference('overviewRefresh', known)
}

/**
 * Asks again what waits for somebody, soon after something changed. Figures do not follow: how often those move while
 * somebody reads them is the person's choice (design §4.2). Only rendered while somebody looks and refreshing is on.
 */
export function RenewOnChanges(): null {
  const trpc = useTRPC()
  useRenewOn(WAITED_FOR, trpc.overview.needs.queryKey(), RENEW_MS)
  useRenewOn('order', trpc.overview.steps.queryKey(), RENEW_MS)
  return null
}

type Part<T> = {
  data: T | undefined
  error: unknown
  isError: boolean
  dataUpdatedAt: number
  refetch: () => Promise<unknown>
}

/** What one part of the page shows: its figures, or why there are none; old figures stay while the newest fail, with their time. */
export function partState<T>(
  query: Part<T>,
  what: string,
):
  | { kind: 'ready'; data: T; staleAsOf: Date | null }
  | { kind: 'loading' }
  | { kind: 'failed'; problem: Problem; onRetry: () => void } {
  if (query.data !== undefined) {
    const staleAsOf = query.isError ? new Date(query.dataUpdatedAt) : null
    return { kind: 'ready', data: query.data, staleAsOf }
  }
  if (!query.isError) return { kind: 'loading' }
  return { kind: 'failed', problem: toProblem(query.error, what), onRetry: () => void query.refetch() }
}
