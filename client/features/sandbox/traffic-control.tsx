import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { toActProblem } from '../../lib/errors.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { TextField } from '../../ui/fields.tsx'
import { Section } from '../../ui/page.tsx'
import { Notice } from '../../ui/states.tsx'
import { TRAFFIC_MAX, wholeNumber } from './sandbox-words.ts'
import css from './sandbox.module.css'

const FIRST_RATE = '12'

/** Background payments: how many a minute, and a pause. */
export function TrafficControl({ blocked }: { blocked: string | null }) {
  const trpc = useTRPC()
  const [rate, setRate] = useState(FIRST_RATE)
  const traffic = useMutation(trpc.sandbox.traffic.mutationOptions())
  const perMinute = wholeNumber(rate, 0, TRAFFIC_MAX)
  const rateProblem = perMinute === null ? `Orders per minute must be from 0 to ${TRAFFIC_MAX}.` : null
  const problem = traffic.error === null ? null : toActProblem(traffic.error)
  const set = (paused: boolean) => perMinute !== null && traffic.mutate({ perMinute, paused })
  return (
    <div className={css['card']}>
      <Section title="Traffic">
        <div className={css['fields']}>
          <TextField
            label="Orders per minute"
            inputMode="numeric"
            value={rate}
            onChange={setRate}
            maxLength={3}
            error={rateProblem}
            hint="A believable mix of payments, failures and refunds."
          />
          <div className={css['buttons']}>
            <ActionButton
              busy={traffic.isPending}
              disabledReason={blocked ?? rateProblem}
              onPress={() => set(false)}
            >
              Run
            </ActionButton>
            <ActionButton
              busy={traffic.isPending}
              disabledReason={blocked ?? rateProblem}
              onPress={() => set(true)}
            >
              Pause
            </ActionButton>
          </div>
          <p role="status" className="muted">
            {traffic.data === undefined
              ? null
              : traffic.data.paused
                ? 'Traffic is paused.'
                : `Traffic runs at ${traffic.data.perMinute} orders per minute.`}
          </p>
          {problem ? (
            <Notice tone="failed" title={problem.title}>
              {problem.message}
            </Notice>
          ) : null}
        </div>
      </Section>
    </div>
  )
}
