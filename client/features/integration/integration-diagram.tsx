import { TimeAgo, useNow } from '../../ui/date-time.tsx'
import { StatusChip } from '../../ui/status-chip.tsx'
import { FixLine } from './fix-line.tsx'
import type { IntegrationStep } from './integration-types.ts'
import { PARTIES, STEP_STATES, wayOf } from './integration-words.ts'
import css from './integration.module.css'

/** A step that was seen within this time is marked as just seen. */
const FRESH_MS = 5_000
const TICK_MS = 1_000

/** The steps as messages between three lanes, in the order of a payment. */
export function IntegrationDiagram({ steps }: { steps: readonly IntegrationStep[] }) {
  const now = useNow(TICK_MS)
  return (
    <div className={css['diagram']}>
      <div className={css['head']} aria-hidden>
        <div className={css['lanes']}>
          {PARTIES.map(({ id, label }) => (
            <span key={id}>{label}</span>
          ))}
        </div>
      </div>
      <ol className={css['steps']} aria-label="Steps of the integration">
        {steps.map((step, i) => (
          <Step key={step.id} step={step} number={i + 1} now={now} />
        ))}
      </ol>
    </div>
  )
}

function Step({ step, number, now }: { step: IntegrationStep; number: number; now: Date }) {
  const { title, call, state, provedAt, failedAt, words, fix } = step
  const [role, label] = STEP_STATES[state]
  const isFresh = provedAt !== null && now.getTime() - provedAt.getTime() < FRESH_MS
  return (
    <li className={css['step']} data-state={state} data-fresh={isFresh || undefined}>
      <div className={css['what']}>
        <span className={css['number']} aria-hidden>
          {number}
        </span>
        <div>
          <h2 className={css['title']}>{title}</h2>
          <p className={css['call']}>{call}</p>
          <p className={css['way']}>{wayOf(step)}</p>
        </div>
      </div>
      <Arrow step={step} />
      <div className={css['seen']}>
        <div className={css['state']}>
          <StatusChip status={role} label={label} />
          {state === 'failing' && failedAt !== null ? (
            <span className="caption">
              <TimeAgo at={failedAt} />
            </span>
          ) : null}
          {provedAt === null ? null : (
            <span className="caption">
              {state === 'failing' ? 'last worked ' : null}
              <TimeAgo at={provedAt} />
            </span>
          )}
        </div>
        {state === 'missing' ? null : <p className={css['words']}>{words}</p>}
        <FixLine fix={fix} />
      </div>
    </li>
  )
}

/** Drawn for the eye; the words for it stand beside it. */
function Arrow({ step: { from, to } }: { step: IntegrationStep }) {
  const lane = (id: IntegrationStep['from']) => PARTIES.findIndex((party) => party.id === id)
  const [start, end] = [lane(from), lane(to)]
  return (
    <div className={css['track']} aria-hidden>
      <span
        className={css['arrow']}
        data-back={start > end || undefined}
        style={{ gridColumn: `${Math.min(start, end) + 1} / ${Math.max(start, end) + 1}` }}
      />
    </div>
  )
}
