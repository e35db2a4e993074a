import { useEffect, useRef } from 'react'
import { useLive } from './live.tsx'

/** Changes are gathered this long, so that a burst of webhooks is one request. */
const GATHER_MS = 1_000

export const ORDER_SUBJECTS = ['order']

/**
 * Calls `onChanged` with the ids of what changed, gathered for a second.
 * @param subjects what the list shows: `order`, `refund`, `refund_request` …
 */
export function useChangedIds(
  subjects: readonly string[],
  onChanged: (ids: readonly string[]) => void,
): void {
  const waiting = useRef(new Set<string>())
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  const latest = useRef(onChanged)
  useEffect(() => {
    latest.current = onChanged
  })
  useEffect(
    () => () => {
      if (timer.current) clearTimeout(timer.current)
      timer.current = null
    },
    [],
  )
  useLive((message) => {
    if (message.kind !== 'change' || !subjects.includes(message.subject)) return
    waiting.current.add(message.subjectId)
    timer.current ??= setTimeout(() => {
      timer.current = null
      const ids = [...waiting.current]
      waiting.current = new Set()
      latest.current(ids)
    }, GATHER_MS)
  })
}
