/** For what the live stream cannot have told: nobody was there to hear it, or it is down. */
import { useEffect, useEffectEvent } from 'react'
import { useLiveConnection } from './live.tsx'
import { useOnline } from './use-online.ts'
import { useVisible } from './use-visible.ts'

/** While there is no live stream, what is on screen is renewed this often. */
export const POLL_MS = 15_000
/** Away for less than this nothing was missed: the stream of a hidden tab is open as long. */
const AWAY_MS = 15_000

/** Renews what is on screen now and then while the stream is down and somebody looks. */
export function usePollWhileDown(renew: () => void): void {
  const { connection } = useLiveConnection()
  const visible = useVisible()
  const online = useOnline()
  // A stream that was ended for good was ended because this person may not see this any more.
  const down = connection.kind === 'connecting' || connection.kind === 'reconnecting'
  const now = useEffectEvent(renew)
  const polls = visible && online && down
  useEffect(() => {
    if (!polls) return
    const timer = setInterval(() => now(), POLL_MS)
    return () => clearInterval(timer)
  }, [polls])
}

/**
 * Calls `renew` when somebody comes back to the tab, or the network does, after longer than a moment; and at once for
 * what is `kept` from before, by a name of it: nobody listened while it was closed.
 */
export function useReturn(kept: string | null, renew: () => void): void {
  const now = useEffectEvent(renew)
  useEffect(() => {
    let leftAt: number | null = null
    const look = () => {
      if (document.visibilityState === 'hidden' || !navigator.onLine) leftAt ??= Date.now()
      else {
        const left = leftAt
        leftAt = null
        if (left !== null && Date.now() - left >= AWAY_MS) now()
      }
    }
    document.addEventListener('visibilitychange', look)
    window.addEventListener('online', look)
    window.addEventListener('offline', look)
    return () => {
      document.removeEventListener('visibilitychange', look)
      window.removeEventListener('online', look)
      window.removeEventListener('offline', look)
    }
  }, [])
  useEffect(() => {
    if (kept !== null) now()
  }, [kept])
}
