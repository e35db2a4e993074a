import type { FieldChange } from '../../server/domain/change.ts'
import { DateTime } from './date-time.tsx'
import { Money, NoValue } from './money.tsx'
import css from './change-table.module.css'

/** What something changed or would change, field by field. */
export function ChangeTable(props: { caption: string; changes: readonly FieldChange[]; currency: string }) {
  return (
    <table className={css['changes']}>
      <caption className="caption">{props.caption}</caption>
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Field</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {props.changes.map((change) => (
          <tr key={`${change.subject} ${change.field}`}>
            <th scope="row">{subjectWords(change.subject)}</th>
            <td className={css['field']}>{fieldWords(change.field)}</td>
            {change.before === null && change.after === null ? (
              <td colSpan={2} className={css['before']}>
                Changed. Personal data is not kept here.
              </td>
            ) : (
              <>
                <td className={css['before']}>
                  <ChangeValue field={change.field} text={change.before} currency={props.currency} />
                </td>
                <td>
                  <ChangeValue field={change.field} text={change.after} currency={props.currency} />
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
function ChangeValue({ field, text, currency }: { field: string; text: string | null; currency: string }) {
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
