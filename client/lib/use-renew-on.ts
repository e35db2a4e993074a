import { useQueryClient, type QueryKey } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useLive } from './live.tsx'

/** Asks a page's queries again when something of that subject, or of one of several, changed; at most once in `everyMs`, however much changes. */
export function useRenewOn(subject: string | readonly string[], queryKey: QueryKey, everyMs: number): void {
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
    if (message.kind !== 'change' || ![subject].flat().includes(message.subject)) return
    timer.current ??= setTimeout(() => {
      timer.current = null
      void client.invalidateQueries({ queryKey })
    }, everyMs)
  })
}
