/** Toasts as they are drawn: a page needs them only when there is something to say. */
import {
  notifications,
  Notifications,
  notificationsStore,
  useNotifications,
  type NotificationData,
} from '@mantine/notifications'
import { useEffect, type KeyboardEvent } from 'react'
import { usePhone } from './use-phone.ts'
import css from './toast-host.module.css'

/** More would cover what they are about. */
const SHOWN_MAX = 3
/** How long each lasts, while it is not closed: what it is given back when a pause ends. */
const lasts = new Map<string, number | false>()
/** What had the focus before a toast was given it. */
let before: HTMLElement | null = null

// Told by the host too, but the first come before it is there.
notificationsStore.updateState((state) => ({ ...state, limit: SHOWN_MAX }))

/** Shows one above those of a lower priority; of those that go by themselves only the first three stay. */
export function showToast(toast: NotificationData): void {
  const id = toast.id ?? crypto.randomUUID()
  const lastsMs = typeof toast.autoClose === 'number' ? toast.autoClose : false
  lasts.set(id, lastsMs)
  notifications.show({
    ...toast,
    id,
    autoClose: isHeld() ? false : lastsMs,
    tabIndex: -1,
    closeButtonProps: { 'aria-label': 'Dismiss' },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      event.stopPropagation()
      hideToast(id)
    },
    onClose: (closed) => {
      lasts.delete(id)
      giveFocusBack(id)
      toast.onClose?.(closed)
    },
  })
  // One that has to be dismissed waits for its place; any other would come again when it is no longer news.
  for (const { id: waiting } of notificationsStore.getState().queue)
    if (waiting !== undefined && lasts.get(waiting) !== false) hideToast(waiting)
}

export function hideToast(id: string): void {
  notifications.hide(id)
}

/** All go at once, those too that wait for their place. */
export function dropToasts(): void {
  lasts.clear()
  before = null
  notifications.clean()
}

/** `Alt T`: the newest can be read, and its buttons be reached, without a pointer. */
export function focusNewestToast(): void {
  const newest = notificationsStore.getState().notifications.at(0)
  const element = newest?.id === undefined ? null : document.getElementById(newest.id)
  if (element === null) return
  const { activeElement } = document
  if (activeElement instanceof HTMLElement && !isToast(activeElement)) before = activeElement
  element.focus()
}

function giveFocusBack(id: string): void {
  const { activeElement } = document
  if (!document.getElementById(id)?.contains(activeElement)) return
  if (before?.isConnected) before.focus()
  else if (activeElement instanceof HTMLElement) activeElement.blur()
}

function isToast(element: Element | null): boolean {
  return element !== null && element.closest(`.${ROOT}`) !== null
}

/** Nobody loses what they did not have the time to read: a hidden tab and a focus in one keep all of them. */
function isHeld(): boolean {
  return document.visibilityState === 'hidden' || isToast(document.activeElement)
}

/** Stops the clocks of all, or starts them anew. A pointer over one is seen to by the library. */
function hold(): void {
  const held = isHeld()
  const wanted = (id: string | undefined) => (held || id === undefined ? false : (lasts.get(id) ?? false))
  const { notifications: drawn } = notificationsStore.getState()
  if (drawn.every(({ id, autoClose }) => (autoClose ?? false) === wanted(id))) return
  notifications.updateState(notificationsStore, (all) =>
    all.map((toast) => ({ ...toast, autoClose: wanted(toast.id) })),
  )
}

const ROOT = 'toasts'

/** Where toasts appear. */
export function ToastHost() {
  const phone = usePhone()
  const state = useNotifications()
  // When one comes or goes, too: it may take the focus with it.
  useEffect(hold, [state])
  useEffect(() => {
    // After the focus has arrived where it goes.
    const later = () => queueMicrotask(hold)
    const events = ['focusin', 'focusout', 'visibilitychange'] as const
    for (const event of events) document.addEventListener(event, later)
    return () => {
      for (const event of events) document.removeEventListener(event, later)
    }
  }, [])
  return (
    <Notifications
      className={`${ROOT} ${css['host']}`}
      position={phone ? 'bottom-center' : 'bottom-right'}
      limit={SHOWN_MAX}
      containerWidth={360}
      zIndex={60}
    />
  )
}
