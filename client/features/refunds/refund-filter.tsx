import { useAppliedText } from '../../lib/use-applied-text.ts'
import { FilterBar } from '../../ui/filter-bar.tsx'

/** The search field of the list. It finds by what identifies a refund: order ID, refund ID, UTR or ARN. */
export function RefundFilter({ q, onApply }: { q: string; onApply: (q: string) => void }) {
  const { text, setText, submit } = useAppliedText(q, onApply)
  return (
    <FilterBar
      label="Find refunds"
      placeholder="Order ID, refund ID, UTR or ARN"
      pills={[]}
      onRemove={() => {}}
      onEdit={() => {}}
      text={text}
      onTextChange={setText}
      onSubmit={submit}
    />
  )
}
