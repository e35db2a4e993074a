import { notifications, Notifications } from '@mantine/notifications'

const SUCCESS_MS = 5000
const INFO_MS = 6000

function show(
  message: string,
  autoClose: number | false,
  role: 'status' | 'alert',
  color: string,
  title?: string,
) {
  notifications.show({
    message,
    ...(title && { title }),
    autoClose,
    role,
    color,
    closeButtonProps: { 'aria-label': 'Dismiss' },
  })
}

/** Short notes at the bottom right. A toast never carries the only copy of information. */
export const toast = {
  success: (message: string) => show(message, SUCCESS_MS, 'status', 'var(--st-charged-dot)'),
  info: (message: string) => show(message, INFO_MS, 'status', 'var(--st-authorised-dot)'),
  /** Stays until dismissed. */
  error: (title: string, message: string) => show(message, false, 'alert', 'var(--st-failed-dot)', title),
}

/** Where toasts appear; at most three, the rest wait. */
export function Toasts() {
  return <Notifications position="bottom-right" limit={3} containerWidth={360} zIndex={60} />
}
