import { toProblem } from '../../lib/errors.ts'
import { setPreference, usePreferences, type Preferences } from '../../lib/preferences.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { useRenewOn } from '../../lib/use-renew-on.ts'
import type { Problem } from '../../ui/states.tsx'

/** However many payments change, figures are asked for this often at most. */
const RENEW_MS = 5_000
const COUNTED = ['order', 'refund']

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

/** Asks again soon after payments or refunds changed. Only rendered while somebody looks and refreshing is on. */
export function RenewOnChanges(): null {
  const trpc = useTRPC()
  useRenewOn(COUNTED, trpc.overview.pathKey(), RENEW_MS)
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
