import { useEffect, useState } from 'react'
import { announce } from './announcer.tsx'
import { useKit } from './kit-context.ts'
import { pressKey } from './shortcut-registry.ts'
import { toast } from './toasts.tsx'
import css from './shortcut-listener.module.css'

const HINT_MS = 1200
const FIELDS =
  'input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable=true]'
// The menu of a toolbar is not a dialog but owns its keys all the same.
const DIALOGS = '[role=dialog], [role=alertdialog], [role=menu]'

/** Listens to the keyboard for the whole page and shows a small hint while a sequence waits for its next key. */
export function ShortcutListener() {
  const { singleKeys } = useKit()
  const [waiting, setWaiting] = useState<string | null>(null)
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.defaultPrevented || event.isComposing || (event.repeat && event.key.length > 1)) return
      if (event.key === 'Shift' || event.key === 'Control' || event.key === 'Alt' || event.key === 'Meta')
        return
      const target = event.target instanceof Element ? event.target : document.body
      const place = {
        inField: target.closest(FIELDS) !== null,
        inDialog: target.closest(DIALOGS) !== null || document.querySelector('[aria-modal=true]') !== null,
        singleKeys,
      }
      const outcome = pressKey(event, place, performance.now())
      setWaiting(outcome.kind === 'pending' ? outcome.keys : null)
      if (outcome.kind === 'none') return
      event.preventDefault()
      if (outcome.kind === 'run') outcome.action.run()
      if (outcome.kind === 'disabled') toast.info(outcome.action.disabledReason ?? 'Not available now.')
      if (outcome.kind === 'pending') announce(`${outcome.keys}, then`)
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [singleKeys])
  useEffect(() => {
    if (!waiting) return
    const timer = setTimeout(() => setWaiting(null), HINT_MS)
    return () => clearTimeout(timer)
  }, [waiting])
  if (!waiting) return null
  return (
    <div className={css['hint']} aria-hidden>
      <kbd>{waiting}</kbd> then…
    </div>
  )
}
