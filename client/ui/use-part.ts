import { useEffect, useEffectEvent, useState } from 'react'
import { toast } from './toasts.tsx'
import { whenIdle } from './when-idle.ts'

/** How soon what did not arrive is fetched again, when the browser does not say earlier that it has a network. */
const AGAIN_MS = 60_000

/**
 * The module of a part of the page, which is a chunk of its own; null until it is there. It is fetched when the browser
 * has nothing else to do, or at once when it is wanted. For what opens by a key or a press and must open at once; what a
 * page shows while it is drawn is `lazy`. What nobody waits for is fetched again until it is there.
 * @param onMissing it was wanted and did not arrive, which the person has been told
 */
export function usePart<Part>(
  load: () => Promise<Part>,
  wanted: boolean,
  onMissing: () => void,
): Part | null {
  const [found, setFound] = useState<{ part: Part } | null>(null)
  const missing = useEffectEvent(() => {
    onMissing()
    toast.error(
      'This could not be opened.',
      'A part of Paydesk did not arrive. Check your connection, then try again.',
    )
  })
  const there = found !== null
  useEffect(() => {
    if (there) return
    let left = false
    let stop = () => {}
    const fetchPart = () =>
      void load().then(
        (part) => {
          if (!left) setFound({ part })
        },
        () => {
          if (left) return
          if (wanted) missing()
          else stop = whenBack(fetchSoon)
        },
      )
    const fetchSoon = () => {
      stop = whenIdle(fetchPart)
    }
    if (wanted) fetchPart()
    else fetchSoon()
    return () => {
      left = true
      stop()
    }
  }, [load, there, wanted])
  return found?.part ?? null
}

/** Runs it when the browser says that it has a network again, or else after a minute. The answer takes it back. */
function whenBack(run: () => void): () => void {
  const again = () => {
    stop()
    run()
  }
  const timer = setTimeout(again, AGAIN_MS)
  const stop = () => {
    clearTimeout(timer)
    window.removeEventListener('online', again)
  }
  window.addEventListener('online', again)
  return stop
}
