/** Toasts as they are drawn: a page needs them only when there is something to say. */
import { notifications, Notifications, type NotificationData } from '@mantine/notifications'

export function showToast(toast: NotificationData): void {
  notifications.show({ ...toast, closeButtonProps: { 'aria-label': 'Dismiss' } })
}

export function hideToast(id: string): void {
  notifications.hide(id)
}

/** Where toasts appear; at most three, the rest wait. */
export function ToastHost() {
  return <Notifications position="bottom-right" limit={3} containerWidth={360} zIndex={60} />
}
