import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { ListPreference } from '../../server/domain/list-view.ts'
import { setPreference, usePreferences } from './preferences.ts'
import { useTRPC } from './trpc.ts'

/** A column that is being dragged, or a key that is held, is one write. */
const SAVE_MS = 500

const NOTHING_CHOSEN: ListPreference = { density: null, widths: {}, pinned: null, defaultView: null }

/**
 * How this person has the transactions list, on every device. Changes show at once and are kept a moment later; one
 * that could not be kept is gone at the next visit, which nobody needs to be told.
 */
export function useListPreference(): {
  preference: ListPreference
  /** Whether the server has answered. */
  loaded: boolean
  change: (part: Partial<ListPreference>) => void
} {
  const trpc = useTRPC()
  const client = useQueryClient()
  const query = useQuery(trpc.views.preference.queryOptions(undefined, { staleTime: Infinity }))
  const save = useMutation(trpc.views.savePreference.mutationOptions())
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  const { queryKey } = trpc.views.preference.queryOptions()

  function change(part: Partial<ListPreference>) {
    const next = { ...NOTHING_CHOSEN, ...client.getQueryData(queryKey), ...part }
    client.setQueryData(queryKey, next)
    if (timer.current) clearTimeout(timer.current)
    timer.current = setTimeout(() => save.mutate(next), SAVE_MS)
  }
  return { preference: query.data ?? NOTHING_CHOSEN, loaded: query.isSuccess, change }
}

/** Brings the row height chosen on another device here, and what is chosen here to the server. */
export function useStoredDensity(): void {
  const { preference, loaded, change } = useListPreference()
  const { density } = usePreferences()
  const kept = preference.density
  const seen = useRef(false)
  useEffect(() => {
    if (!loaded) return
    // The first answer decides; from then on what is chosen here does.
    if (!seen.current && kept !== null) setPreference('density', kept)
    else if (density !== (kept ?? 'default')) change({ density })
    seen.current = true
    // The person's own choice is what moves it, not the answer to keeping it.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [loaded, density])
}
