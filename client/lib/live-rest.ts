/**
 * A tab that nobody looks at lets its stream go. Browsers open six connections to a server that speaks HTTP/1.1, and
 * each stream takes one: a few forgotten tabs would leave none to load the next page with. The stream goes on after the
 * last message when the tab is looked at again.
 */
import type { LiveClock, LiveStream } from './live-connection.ts'

/** How long a tab must be hidden: somebody who compares two tabs should not wait for either. */
export const REST_AFTER_MS = 15_000

export type Visibility = {
  hidden: () => boolean
  /** Calls `listener` after every change; the returned function ends that. */
  watch: (listener: () => void) => () => void
}

/** Keeps the stream open while the tab is visible; the returned function ends that and closes it. */
export function openWhileVisible(
  stream: Pick<LiveStream<unknown>, 'start' | 'stop'>,
  tab: Visibility,
  clock: Pick<LiveClock, 'after'>,
): () => void {
  let open = false
  let callOff = () => {}
  const look = () => {
    callOff()
    callOff = () => {}
    if (!tab.hidden()) {
      if (!open) stream.start()
      open = true
    } else if (open) {
      callOff = clock.after(REST_AFTER_MS, () => {
        open = false
        stream.stop()
      })
    }
  }
  const leave = tab.watch(look)
  look()
  return () => {
    leave()
    callOff()
    if (open) stream.stop()
  }
}
