import { useEffect, useRef, useState } from 'react'

/** Applied when nothing was typed for this long. */
const IDLE_MS = 400

/**
 * The text of a search field whose applied form lives in the address. Typing applies it after a pause; when the
 * address changes without the field (Back, a tab, a cleared filter), the field shows what the address says.
 */
export function useAppliedText(
  q: string,
  onApply: (q: string) => void,
): { text: string; setText: (text: string) => void; submit: () => void } {
  const [text, setText] = useState(q)
  const applied = useRef(q)
  useEffect(() => {
    if (q !== applied.current) setText(q)
    applied.current = q
  }, [q])
  const wanted = text.trim()
  const apply = (): void => {
    applied.current = wanted
    onApply(wanted)
  }
  useEffect(() => {
    if (wanted === applied.current) return
    const timer = setTimeout(apply, IDLE_MS)
    return () => clearTimeout(timer)
    // Restarted by typing only.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [wanted])
  return { text, setText, submit: apply }
}
