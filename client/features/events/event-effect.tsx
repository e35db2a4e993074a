import { outcomeWord } from '../../lib/outcome-words.ts'
import { useSession } from '../../lib/session.ts'
import { ChangeTable } from '../../ui/change-table.tsx'
import { EmptyState } from '../../ui/states.tsx'
import type { EventDetail } from './event-types.ts'

/** What the message changed, field by field. */
export function EventEffect({ event }: { event: EventDetail }) {
  const { currency } = useSession().account
  const { changes } = event
  if (changes.length === 0)
    return <EmptyState title="It changed nothing.">{outcomeWord(event).detail}</EmptyState>
  const caption = `${changes.length} ${changes.length === 1 ? 'field' : 'fields'} changed`
  return <ChangeTable caption={caption} changes={changes} currency={currency} />
}
