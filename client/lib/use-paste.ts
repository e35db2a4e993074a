import { useEffect } from 'react'
import { readPaste, type Pasted } from '../../server/domain/search-paste.ts'

const FIELDS = 'input, textarea, select, [contenteditable=true], [role=dialog]'

/** A paste outside of fields that says something. Only the event's own data is read, never the clipboard. */
export function usePaste(onPaste: (pasted: Pasted) => void): void {
  useEffect(() => {
    function onPasteEvent(event: ClipboardEvent) {
      const target = event.target instanceof Element ? event.target : null
      if (target?.closest(FIELDS)) return
      const pasted = readPaste(event.clipboardData?.getData('text/plain') ?? '')
      if (pasted === null) return
      event.preventDefault()
      onPaste(pasted)
    }
    document.addEventListener('paste', onPasteEvent)
    return () => document.removeEventListener('paste', onPasteEvent)
  })
}
