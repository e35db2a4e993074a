import { useQueryClient, type QueryKey } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useRef } from 'react'
import { useLive } from './live.tsx'

/**
 * Asks a page's queries again when something of that subject, or of one of several, changed; at most once in `everyMs`,
 * however much changes.
 * @param what the key of the queries, or what asks again, where only some of them can be meant
 */
export function useRenewOn(
  subject: string | readonly string[],
  what: QueryKey | (() => void),
  everyMs: number,
): void {
  const client = useQueryClient()
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  // As the page is by then, not as it was when the change was heard of.
  const renew = useEffectEvent(() => {
    if (typeof what === 'function') what()
    else void client.invalidateQueries({ queryKey: what })
  })
  useEffect(
    () => () => {
      if (timer.current) clearTimeout(timer.current)
      timer.current = null
    },
    [],
  )
  useLive((message) => {
    if (message.kind !== 'change' || ![subject].flat().includes(message.subject)) return
    timer.current ??= setTimeout(() => {
      timer.current = null
      renew()
    }, everyMs)
  })
}
