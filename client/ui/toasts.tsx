import type { ReactNode } from 'react'
import { notifications, Notifications } from '@mantine/notifications'

const SUCCESS_MS = 5000
const INFO_MS = 6000
/** Long enough to notice what was undone by mistake. */
const UNDO_MS = 8000

function show(
  message: ReactNode,
  autoClose: number | false,
  role: 'status' | 'alert',
  color: string,
  title?: string,
  id?: string,
) {
  notifications.show({
    ...(id && { id }),
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
  /** Something small was taken away; a press brings it back. */
  undo: (message: string, undo: () => void) => {
    const id = `undo-${message}`
    notifications.hide(id)
    show(
      <>
        {message}{' '}
        <button
          type="button"
          className="kit-button"
          onClick={() => {
            notifications.hide(id)
            undo()
          }}
        >
          Undo
        </button>
      </>,
      UNDO_MS,
      'status',
      'var(--st-authorised-dot)',
      undefined,
      id,
    )
  },
  /** Stays until dismissed. */
  error: (title: string, message: string) => show(message, false, 'alert', 'var(--st-failed-dot)', title),
}

/** Where toasts appear; at most three, the rest wait. */
export function Toasts() {
  return <Notifications position="bottom-right" limit={3} containerWidth={360} zIndex={60} />
}
