import { TimeAgo } from '../../ui/date-time.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Section } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/states.tsx'
import type { NameRate, WebhookHealth } from './health-types.ts'
import { comparisonText, rateText } from './health-words.ts'
import css from './event-health.module.css'

/** Every kind of event of the last week: when it came last, how many today, and its rate beside the usual. */
export function NameRates({ health: { names, recentMs } }: { health: WebhookHealth }) {
  if (names.length === 0)
    return (
      <Section title="Event types">
        <EmptyState title="Event types will appear here.">Each with its last event and its rate.</EmptyState>
      </Section>
    )
  return (
    <Section title="Event types">
      <div className={css['scroller']} tabIndex={0} role="region" aria-label="Rates by event type">
        <table className={css['table']}>
          <thead>
            <tr>
              <th scope="col">Event</th>
              <th scope="col" className={css['wide']}>
                Says
              </th>
              <th scope="col">Last</th>
              <th scope="col" className={css['number']}>
                Today
              </th>
              <th scope="col" className={css['number']}>
                Last 5 min
              </th>
              <th scope="col">Beside the usual</th>
            </tr>
          </thead>
          <tbody>
            {inOrder(names).map((name) => (
              <Row key={name.eventName} name={name} recentMs={recentMs} />
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  )
}

/** By name: in the order of the last event rows would move under the eye. */
function inOrder(names: readonly NameRate[]): NameRate[] {
  return names.toSorted((a, b) => a.eventName.localeCompare(b.eventName, 'en'))
}

function Row({ name, recentMs }: { name: NameRate; recentMs: number }) {
  const { link: Link } = useKit()
  return (
    <tr>
      <th scope="row">
        {name.eventName === '' ? (
          'No name'
        ) : (
          <Link to={`/events?q=${encodeURIComponent(`event:${name.eventName}`)}`} className={css['name']}>
            {name.eventName}
          </Link>
        )}
      </th>
      <td className={css['wide']}>{name.label}</td>
      <td className={css['when']}>
        <TimeAgo at={name.lastAt} />
      </td>
      <td className={css['number']}>{name.today.toLocaleString('en-IN')}</td>
      <td className={css['number']}>{name.count === 0 ? '0' : rateText(name.count / recentMs)}</td>
      <td data-kind={name.kind} className={css['comparison']}>
        {comparisonText(name)}
      </td>
    </tr>
  )
}
