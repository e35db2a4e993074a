import { Modal } from '@mantine/core'
import { useEffect, useId, useLayoutEffect, useRef, type ReactNode, type RefObject } from 'react'
import css from './dialog.module.css'
import { focusBack } from './use-focus-return.ts'

export type DialogProps = {
  open: boolean
  onClose: () => void
  title: string
  children: ReactNode
  /** Buttons at the end of the foot; put the confirming one last. */
  actions?: ReactNode
  /** Text at the start of the foot. */
  footNote?: ReactNode
  /** False while something typed would be lost: backdrop and Esc then do nothing, only the buttons close. */
  dismissable?: boolean
  width?: number
  /** Lies over another dialog, which stays as it is. */
  top?: boolean
}

/** Dialogs that are open, the uppermost last. */
const layers: string[] = []

/**
 * The first focus goes to the field marked `autoFocus`, otherwise to the heading, never to a button: Enter by habit must
 * not confirm anything.
 */
function focusHeading(head: HTMLElement | null): void {
  if (!head || head.parentElement?.querySelector('input[data-autofocus]')) return
  head.querySelector('h2')?.setAttribute('data-autofocus', 'true')
}

/**
 * Mantine gives the focus back to where it was when a dialog closes; one that leaves the page while it is open, as most
 * do, takes the focus with it. Given back before it is gone, and so before the dialog that takes its place looks where
 * the focus is. Put the answer on what it is about.
 */
function useFocusBack(open: boolean): RefObject<HTMLDivElement | null> {
  const content = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    if (!open) return
    const before = document.activeElement
    return () => {
      if (hasFocus(content)) focusBack(before instanceof HTMLElement ? before : null)
    }
  }, [open])
  return content
}

function hasFocus(content: RefObject<HTMLElement | null>): boolean {
  const { activeElement, body } = document
  return activeElement === body || Boolean(content.current?.contains(activeElement))
}

/** The dialog of the kit: traps focus and gives it back, title as `h2`, page stays readable behind the scrim. */
export function Dialog(props: DialogProps) {
  const {
    open,
    onClose,
    title,
    children,
    actions,
    footNote,
    dismissable = true,
    width = 560,
    top = false,
  } = props
  const layer = useId()
  const content = useFocusBack(open)
  useEffect(() => {
    if (!open) return
    layers.push(layer)
    return () => void layers.splice(layers.indexOf(layer), 1)
  }, [open, layer])
  // Esc reaches every dialog; it is meant for the uppermost.
  const close = () => {
    if (layers.at(-1) === layer) onClose()
  }
  return (
    <Modal.Root
      opened={open}
      onClose={close}
      size={width}
      closeOnClickOutside={dismissable}
      closeOnEscape={dismissable}
      yOffset="12vh"
      padding={0}
      radius="lg"
      zIndex={top ? 45 : 40}
      classNames={{ content: css['content'] ?? '' }}
    >
      <Modal.Overlay color="var(--scrim)" backgroundOpacity={1} />
      <Modal.Content ref={content}>
        <div className={css['head']} ref={focusHeading}>
          <Modal.Title className={css['title'] ?? ''} tabIndex={-1}>
            {title}
          </Modal.Title>
          <Modal.CloseButton aria-label="Close" size={28} />
        </div>
        <div className={css['body']}>{children}</div>
        {actions || footNote ? (
          <div className={css['foot']}>
            <div className={css['note']}>{footNote}</div>
            <div className={css['actions']}>{actions}</div>
          </div>
        ) : null}
      </Modal.Content>
    </Modal.Root>
  )
}
