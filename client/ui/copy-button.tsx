import IconCheck from '@tabler/icons-react/dist/esm/icons/IconCheck.mjs'
import IconCopy from '@tabler/icons-react/dist/esm/icons/IconCopy.mjs'
import { useEffect, useState } from 'react'
import { announce } from './announcer.tsx'
import { IconButton } from './icon-button.tsx'
import { toast } from './toasts.tsx'
import css from './id-cell.module.css'

const TICK_MS = 1200

/**
 * Copies `text` and says so in a toast: "Copied order ID." `what` is the name of the thing in lower case ("order ID"). For
 * keys, menus and buttons that stay as they are; the toast is read out by itself.
 */
export function copyText(text: string, what: string): Promise<boolean> {
  return copy(text, what, toast.brief)
}

/** The same for a button that shows by itself that it was pressed: it is only read out. */
export function copyMarked(text: string, what: string): Promise<boolean> {
  return copy(text, what, announce)
}

async function copy(text: string, what: string, say: (words: string) => void): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    say(`Copied ${what}.`)
    return true
  } catch {
    toast.error(
      `Could not copy the ${what}`,
      'The browser refused access to the clipboard. Select the text instead.',
    )
    return false
  }
}

/** A small copy button; shows a tick for 1.2 s. */
export function CopyButton({ text, what, tabIndex }: { text: string; what: string; tabIndex?: number }) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), TICK_MS)
    return () => clearTimeout(timer)
  }, [copied])
  const Shape = copied ? IconCheck : IconCopy
  return (
    <IconButton
      className={css['copy']}
      data-copied={copied || undefined}
      tabIndex={tabIndex}
      aria-label={`Copy ${what} ${text}`}
      title={`Copy ${what}`}
      onClick={(event) => {
        event.stopPropagation()
        void copyMarked(text, what).then(setCopied)
      }}
    >
      <Shape size={14} stroke={1.75} aria-hidden />
    </IconButton>
  )
}
