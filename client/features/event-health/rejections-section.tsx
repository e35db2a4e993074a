import { DateTime, TimeAgo } from '../../ui/date-time.tsx'
import { Section } from '../../ui/page.tsx'
import type { RejectionCauseRow, WebhookHealth } from './health-types.ts'
import css from './event-health.module.css'

const CAUSE_WORDS: Readonly<Record<RejectionCauseRow['cause'], string>> = {
  wrong_credentials: 'Wrong credentials',
  unknown_account: 'Unknown address',
  too_large: 'Too large',
}

/** Who was turned away, why, and what to do. Of what was sent nothing is kept. */
export function RejectionsSection({ rejections: { causes, samples } }: Pick<WebhookHealth, 'rejections'>) {
  return (
    <Section title="Refused senders, last 24 hours">
      {causes.length === 0 ? <p className="muted">None. Every delivery passed the sender check.</p> : null}
      <ul className={css['list']}>
        {causes.map((found) => (
          <li key={found.cause}>
            <p className={css['cause']}>
              {CAUSE_WORDS[found.cause]}: <span className="num">{found.count.toLocaleString('en-IN')}</span>,
              last <TimeAgo at={found.lastAt} />
            </p>
            {found.last ? (
              <p>
                {found.last.words}, from {found.last.remoteAddress}
              </p>
            ) : null}
            {found.advice ? <p className="muted">{found.advice}</p> : null}
          </li>
        ))}
      </ul>
      {samples.length === 0 ? null : (
        <details className={css['samples']}>
          <summary>Newest {samples.length} kept</summary>
          <div className={css['scroller']} tabIndex={0} role="region" aria-label="Refused deliveries">
            <table className={css['table']}>
              <thead>
                <tr>
                  <th scope="col">When</th>
                  <th scope="col">What failed</th>
                  <th scope="col">From</th>
                  <th scope="col">Program</th>
                </tr>
              </thead>
              <tbody>
                {samples.map((sample) => (
                  <tr key={`${sample.at.getTime()} ${sample.cause} ${sample.remoteAddress}`}>
                    <td>
                      <DateTime at={sample.at} />
                    </td>
                    <td>{sample.words}</td>
                    <td>{sample.remoteAddress}</td>
                    <td>{sample.userAgent ?? 'Not told'}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      )}
    </Section>
  )
}
