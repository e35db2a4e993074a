import { useEffect, useRef, useState } from 'react'
import { FilterBar } from '../../ui/filter-bar.tsx'

/** Applied when nothing was typed for this long. */
const IDLE_MS = 400

/** The search field of the list. It finds by what identifies a refund: order ID, refund ID, UTR or ARN. */
export function RefundFilter({ q, onApply }: { q: string; onApply: (q: string) => void }) {
  const [text, setText] = useState(q)
  const applied = useRef(q)
  useEffect(() => {
    // The address changed without this field (a tab, Back): show what it says.
    if (q !== applied.current) setText(q)
    applied.current = q
  }, [q])
  const wanted = text.trim()
  useEffect(() => {
    if (wanted === applied.current) return
    const timer = setTimeout(() => apply(wanted), IDLE_MS)
    return () => clearTimeout(timer)
    // Restarted by typing only.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [wanted])

  function apply(next: string) {
    applied.current = next
    onApply(next)
  }
  return (
    <FilterBar
      label="Find refunds"
      placeholder="Order ID, refund ID, UTR or ARN"
      pills={[]}
      onRemove={() => {}}
      onEdit={() => {}}
      text={text}
      onTextChange={setText}
      onSubmit={() => apply(wanted)}
    />
  )
}
