import { useEffect, useEffectEvent, useRef } from 'react'
import { flushSync } from 'react-dom'

export type HeldKeys = {
  open: boolean
  onClose: () => void
  text: string
  onTextChange: (text: string) => void
}

/**
 * Keys pressed after something opened and before its field has the focus. People type on without looking; without this
 * the first letters would be lost, or be shortcuts of the page. The answer is to be called by the field when it has the
 * focus: it gets the text, and then what else was pressed.
 */
export function useHeldKeys({ open, onClose, text, onTextChange }: HeldKeys) {
  const held = useRef<KeyboardEvent[] | null>(null)
  const close = useEffectEvent(onClose)
  useEffect(() => {
    if (!open) return
    held.current = []
    function onKeyDown(event: KeyboardEvent) {
      if (held.current === null || !isForField(event)) return
      event.preventDefault()
      event.stopPropagation()
      if (event.key === 'Escape') close()
      else held.current.push(event)
    }
    // Before anybody else hears of the key.
    window.addEventListener('keydown', onKeyDown, true)
    return () => {
      held.current = null
      window.removeEventListener('keydown', onKeyDown, true)
    }
  }, [open])
  return (field: HTMLElement) => {
    const keys = held.current ?? []
    held.current = null
    const typed = keys.reduce(typedBy, text)
    if (typed !== text) flushSync(() => onTextChange(typed))
    for (const key of keys.filter(({ key: name }) => name.length > 1 && name !== 'Backspace'))
      field.dispatchEvent(new KeyboardEvent('keydown', key))
  }
}

/** A letter, or a key that a field or its list answers; not a command, and not a letter that is still being composed. */
function isForField(event: KeyboardEvent): boolean {
  if (event.isComposing || event.key === 'Process' || event.key === 'Dead') return false
  const command = event.ctrlKey || event.metaKey || event.altKey
  if (event.key.length === 1) return !command || event.getModifierState('AltGraph')
  return !command && FIELD_KEYS.has(event.key)
}

const FIELD_KEYS: ReadonlySet<string> = new Set([
  'Escape',
  'Backspace',
  'Enter',
  'Tab',
  'ArrowDown',
  'ArrowUp',
])

function typedBy(text: string, { key }: KeyboardEvent): string {
  if (key === 'Backspace') return text.slice(0, -1)
  return key.length === 1 ? text + key : text
}
