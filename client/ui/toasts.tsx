import { useEffect, useState, useSyncExternalStore } from 'react'
import type { NotificationData } from '@mantine/notifications'
import { announce } from './announcer.tsx'
import { whenIdle } from './when-idle.ts'

const SUCCESS_MS = 5000
const INFO_MS = 6000
/** Long enough for three words. */
const BRIEF_MS = 2500
/** Long enough to notice what was undone by mistake. */
const UNDO_MS = 8000

const load = () => import('./toast-host.tsx')
/** Whether anything was said on this page yet. */
let said = false
/** How many brief ones there were: names the latest. */
let briefs = 0
const listeners = new Set<() => void>()

/** Shows a toast as soon as there is something to show it with; `words` are all that is left when that does not arrive. */
function show(words: string, toast: NotificationData): void {
  said = true
  for (const listener of listeners) listener()
  load().then(
    ({ showToast }) => showToast(toast),
    () => announce(words),
  )
}

function hide(id: string): void {
  void load().then(({ hideToast }) => hideToast(id))
}

function staying(color: string) {
  return (title: string, message: string) =>
    show(`${title} ${message}`, { title, message, autoClose: false, role: 'alert', color })
}

/** Short notes at the bottom right. A toast never carries the only copy of information. */
export const toast = {
  success: (message: string) =>
    show(message, { message, autoClose: SUCCESS_MS, role: 'status', color: 'var(--st-charged-dot)' }),
  info: (message: string) =>
    show(message, { message, autoClose: INFO_MS, role: 'status', color: 'var(--st-authorised-dot)' }),
  /** That something small was done. The next one takes its place. */
  brief: (message: string) => {
    hide(`brief-${briefs}`)
    // Another name each time: one that comes back while it goes would go for good.
    briefs += 1
    show(message, {
      id: `brief-${briefs}`,
      message,
      autoClose: BRIEF_MS,
      role: 'status',
      color: 'var(--st-charged-dot)',
    })
  },
  /** Something small was taken away; a press brings it back. */
  undo: (message: string, undo: () => void) => {
    const id = `undo-${message}`
    hide(id)
    show(message, {
      id,
      message: (
        <>
          {message}{' '}
          <button
            type="button"
            className="kit-button"
            onClick={() => {
              hide(id)
              undo()
            }}
          >
            Undo
          </button>
        </>
      ),
      autoClose: UNDO_MS,
      role: 'status',
      color: 'var(--st-authorised-dot)',
    })
  },
  /** What was being made is there. Stays until it is taken or dismissed. */
  ready: (message: string, link: { label: string; href: string }) => {
    const id = `ready-${link.href}`
    show(message, {
      id,
      message: (
        <>
          {message}{' '}
          <a href={link.href} download onClick={() => hide(id)}>
            {link.label}
          </a>
        </>
      ),
      autoClose: false,
      role: 'status',
      color: 'var(--st-charged-dot)',
    })
  },
  /** A part of what was asked was not done. Stays until dismissed. */
  warning: staying('var(--st-pending-dot)'),
  /** Stays until dismissed. */
  error: staying('var(--st-failed-dot)'),
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Where toasts appear, once a page; fetched when the browser is idle, or with the first of them. */
export function Toasts() {
  const wanted = useSyncExternalStore(subscribe, () => said)
  const [chunk, setChunk] = useState<Awaited<ReturnType<typeof load>> | null>(null)
  useEffect(() => {
    if (chunk) return
    let left = false
    const fetchHost = () =>
      void load().then(
        (loaded) => {
          if (!left) setChunk(loaded)
        },
        // Tried again with the next toast.
        () => undefined,
      )
    const stop = wanted ? fetchHost() : whenIdle(fetchHost)
    return () => {
      left = true
      stop?.()
    }
  }, [chunk, wanted])
  return chunk ? <chunk.ToastHost /> : null
}
