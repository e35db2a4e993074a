import { useId } from 'react'
import { JsonViewer } from '../../ui/json-viewer.tsx'
import { StatusChip } from '../../ui/status-chip.tsx'
import type { StatusRole } from '../../ui/status-role.ts'
import { formatDuration, formatTime } from '../../ui/time-format.ts'
import { useKit } from '../../ui/kit-context.ts'
import { STEP_IDS, STEP_WORDS, type StepId, type Trace, type TraceStep } from './trace.ts'
import css from './checkout.module.css'

const STATES: Readonly<Record<TraceStep['state'], readonly [StatusRole, string]>> = {
  idle: ['voided', 'Not yet'],
  running: ['pending', 'Running'],
  done: ['charged', 'Done'],
  failed: ['failed', 'Failed'],
}

/** Each step of the integration with its state, time, and what went over the wire. */
export function IntegrationPanel({ trace }: { trace: Trace }) {
  const heading = useId()
  return (
    <section aria-labelledby={heading}>
      <h2 id={heading} className="section-heading">
        Integration, step by step
      </h2>
      <p className="caption">What a shop’s page and server do with Juspay’s HyperSDK, as it happens.</p>
      <ol className={css['steps']}>
        {STEP_IDS.map((id, i) => (
          <Step key={id} id={id} number={i + 1} step={trace[id]} />
        ))}
      </ol>
    </section>
  )
}

function Step({ id, number, step }: { id: StepId; number: number; step: TraceStep }) {
  const { timeZone } = useKit()
  const { title, call, what } = STEP_WORDS[id]
  const [role, label] = STATES[step.state]
  return (
    <li className={css['step']} data-state={step.state}>
      <div className={css['stepHead']}>
        <span className={css['number']} aria-hidden>
          {number}
        </span>
        <h3 className={css['stepTitle']}>{title}</h3>
        {step.tookMs === null ? null : <span className="caption num">{formatDuration(step.tookMs)}</span>}
        <StatusChip status={role} label={label} />
      </div>
      <p className="caption">
        <span className="mono">{call}</span> · {what}
      </p>
      {step.note ? <p className={css['note']}>{step.note}</p> : null}
      {step.messages.length === 0 ? null : (
        <details className={css['wire']}>
          <summary>
            {step.messages.length} {step.messages.length === 1 ? 'message' : 'messages'}
          </summary>
          {step.messages.map((message, i) => (
            <div key={`${message.at} ${i}`} className={css['message']}>
              <p className="caption">
                <span className="mono">{message.name}</span>{' '}
                {formatTime(new Date(message.at), 'millis', timeZone)}
              </p>
              <JsonViewer value={message.json} label={`${title}, ${message.name} ${i + 1}`} depth={2} />
            </div>
          ))}
        </details>
      )}
    </li>
  )
}
