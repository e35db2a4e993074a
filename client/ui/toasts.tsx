import { useEffect, useState, useSyncExternalStore, type ReactNode } from 'react'
import type { NotificationData } from '@mantine/notifications'
import { announce } from './announcer.tsx'
import { useShortcut } from './use-shortcut.ts'
import { whenIdle } from './when-idle.ts'

const SUCCESS_MS = 5000
const INFO_MS = 6000
/** Long enough for three words. */
const BRIEF_MS = 2500
/** Long enough to notice what was undone by mistake. */
const UNDO_MS = 8000

const load = () => import('./toast-host.tsx')
type Host = Awaited<ReturnType<typeof load>>
/** What shows them, once it has shown one. */
let host: Host | null = null
/** Whether anything was said on this page yet. */
let said = false
/** How many there were: the newest stands first, whichever what shows them hears of first. */
let count = 0
/** How many were given a name: each has one of its own, for one that comes back while it goes would go for good. */
let named = 0
/** How often all were taken away: what was said before that is not shown any more. */
let cleared = 0
/** The names of those that the next of their kind takes the place of. */
const latest = new Map<string, string>()
const listeners = new Set<() => void>()

/** Shows a toast as soon as there is something to show it with; `words` are all that is left when that does not arrive. */
function show(words: string, toast: NotificationData): void {
  said = true
  for (const listener of listeners) listener()
  count += 1
  const [priority, before] = [count, cleared]
  load().then(
    (loaded) => {
      host = loaded
      if (cleared === before) loaded.showToast({ ...toast, priority })
    },
    () => {
      if (cleared === before) announce(words)
    },
  )
}

/** Takes away all of them, those too that wait for their place or for what shows them: whom they were for has left. */
export function clearToasts(): void {
  cleared += 1
  latest.clear()
  host?.dropToasts()
}

function hide(id: string): void {
  void load().then(({ hideToast }) => hideToast(id))
}

/** Takes away the last of its kind; gives the name of the next. */
function replacing(kind: string): string {
  const last = latest.get(kind)
  if (last !== undefined) hide(last)
  named += 1
  const id = `toast-${named}`
  latest.set(kind, id)
  return id
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
  brief: (message: string) =>
    show(message, {
      id: replacing('brief'),
      message,
      autoClose: BRIEF_MS,
      role: 'status',
      color: 'var(--st-charged-dot)',
    }),
  /** Something small was taken away; a press brings it back. */
  undo: (message: string, undo: () => void) => {
    const kind = `undo ${message}`
    const id = replacing(kind)
    show(message, {
      id,
      message: (
        <>
          {message}{' '}
          <button
            type="button"
            className="kit-button"
            onClick={() => {
              // One that is on its way out is still there to be pressed.
              if (latest.get(kind) !== id) return
              latest.delete(kind)
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
  /**
   * News that is to be looked at, all of it. Stays until it is dismissed, which is told; the next takes its place, or
   * null, and that is no dismissal.
   */
  news: (told: { words: string; message: ReactNode; onDismiss: () => void } | null) => {
    const id = replacing('news')
    if (told === null) return
    show(told.words, {
      id,
      message: told.message,
      autoClose: false,
      role: 'status',
      color: 'var(--st-pending-dot)',
      onClose: () => {
        if (latest.get('news') === id) told.onDismiss()
      },
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

/** Where toasts appear, once a page, and the key to them; fetched when the browser is idle, or with the first of them. */
export function Toasts() {
  const wanted = useSyncExternalStore(subscribe, () => said)
  const [chunk, setChunk] = useState<Host | null>(null)
  useShortcut({
    id: 'toast',
    keys: 'Alt+T',
    label: 'Go to the newest message',
    scope: 'everywhere',
    palette: false,
    run: () => chunk?.focusNewestToast(),
  })
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
