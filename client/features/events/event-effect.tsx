import { useSession } from '../../lib/session.ts'
import { DateTime } from '../../ui/date-time.tsx'
import { Money, NoValue } from '../../ui/money.tsx'
import { EmptyState } from '../../ui/states.tsx'
import type { EventDetail } from './event-types.ts'
import { outcomeWord } from './event-words.ts'
import css from './events.module.css'

/** What the message changed, field by field. */
export function EventEffect({ event }: { event: EventDetail }) {
  if (event.changes.length === 0)
    return <EmptyState title="It changed nothing.">{outcomeWord(event).detail}</EmptyState>
  return (
    <table className={css['changes']}>
      <caption className="caption">
        {event.changes.length} {event.changes.length === 1 ? 'field' : 'fields'} changed
      </caption>
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Field</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {event.changes.map((change) => (
          <tr key={`${change.subject} ${change.field}`}>
            <th scope="row">{subjectWords(change.subject)}</th>
            <td>{fieldWords(change.field)}</td>
            {change.before === null && change.after === null ? (
              <td colSpan={2} className={css['before']}>
                Changed. Personal data is not kept here.
              </td>
            ) : (
              <>
                <td className={css['before']}>
                  <Value field={change.field} text={change.before} />
                </td>
                <td>
                  <Value field={change.field} text={change.after} />
                </td>
              </>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** A stored value as people read it: amounts with their currency, instants in the chosen zone. */
function Value({ field, text }: { field: string; text: string | null }) {
  const { currency } = useSession().account
  if (text === null) return <NoValue />
  if (field.endsWith('Minor') && /^-?\d+$/.test(text))
    return <Money value={{ minor: BigInt(text), currency }} />
  if (field.endsWith('At') && !Number.isNaN(Date.parse(text)))
    return <DateTime at={new Date(text)} format="full" />
  return text
}

/** "transaction:pd-1" as "Attempt pd-1". */
export function subjectWords(subject: string): string {
  const mark = subject.indexOf(':')
  if (mark === -1) return subject === 'order' ? 'Order' : subject
  const kind = subject.slice(0, mark)
  const name = subject.slice(mark + 1)
  return `${KIND_WORDS[kind] ?? kind} ${name}`
}

const KIND_WORDS: Readonly<Record<string, string>> = {
  transaction: 'Attempt',
  refund: 'Refund',
  dispute: 'Dispute',
  mandate: 'Mandate',
}

/** "providerStatus" as "Provider status", "chargedMinor" as "Charged". */
export function fieldWords(field: string): string {
  const words = field
    .replace(/Minor$/, '')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
