import type { UseQueryResult } from '@tanstack/react-query'
import { DateTime } from '../../ui/date-time.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Section } from '../../ui/page.tsx'
import type { EventHealth } from './event-types.ts'
import css from './events.module.css'

/** Deliveries that were refused in the last 24 hours. Nothing of them is kept, so they cannot be replayed. */
export function RejectedDeliveries({ health }: { health: UseQueryResult<EventHealth, unknown> }) {
  const { link: Link } = useKit()
  if (!health.data) return null
  const { rejected } = health.data
  return (
    <Section
      title="Refused deliveries, last 24 hours"
      end={<Link to="/events/health">See who and what to do</Link>}
    >
      {rejected.length === 0 ? (
        <p className="muted">None. Every delivery passed the sender check.</p>
      ) : (
        <table className={css['changes']}>
          <caption className="caption">
            Refused before anything was stored, so they cannot be replayed. Juspay sends again if it was
            Juspay.
          </caption>
          <thead>
            <tr>
              <th scope="col">Why</th>
              <th scope="col">How many</th>
              <th scope="col">Last</th>
            </tr>
          </thead>
          <tbody>
            {rejected.map((cause) => (
              <tr key={cause.cause}>
                <th scope="row">{cause.words}</th>
                <td className="num">{cause.count.toLocaleString('en-IN')}</td>
                <td>
                  <DateTime at={cause.lastAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  )
}
