import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { gridState, toProblem } from '../../lib/errors.ts'
import { useCan } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { SelectField } from '../../ui/fields.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { EmptyState, ErrorState, ForbiddenState, LoadingRows } from '../../ui/states.tsx'
import { orderOf, sideInput } from '../../lib/message-sides.ts'
import { defaultSides, sideChoices, spokenSide } from './compare-sides.ts'
import type { EventDetail, EventRelated } from './event-types.ts'
import css from './events.module.css'

/** Only who compares loads it. */
const JsonCompare = lazy(() =>
  import('../../ui/json-compare.tsx').then(({ JsonCompare: component }) => ({ default: component })),
)

/** The body beside another message about the order, or beside what we hold of it. */
export function EventCompare({ event }: { event: EventDetail }) {
  const can = useCan('event:payload')
  const trpc = useTRPC()
  const related = useQuery(trpc.events.related.queryOptions({ id: event.id }, { enabled: can.allowed }))
  if (!can.allowed)
    return (
      <ForbiddenState
        title={can.reason}
        hint="Ask an admin for a role that includes it: Operations, Developer or Auditor."
      />
    )
  if (related.error)
    return (
      <ErrorState
        problem={toProblem(related.error, 'the messages of the order')}
        onRetry={() => void related.refetch()}
      />
    )
  if (!related.data) return <LoadingRows label="Loading the messages of the order" />
  if (event.orderId === null)
    return (
      <EmptyState title="There is nothing to compare it with.">
        It is not matched with an order that we know.
      </EmptyState>
    )
  return <Comparing event={event} related={related.data} />
}

function Comparing({ event, related }: { event: EventDetail; related: EventRelated }) {
  const trpc = useTRPC()
  const { timeZone } = useKit()
  const start = defaultSides(event, related)
  const [left, setLeft] = useState(start.left)
  const [right, setRight] = useState(start.right)
  const choices = sideChoices(event, related, timeZone)
  const before = useQuery(trpc.events.side.queryOptions({ id: event.id, side: sideInput(left) }))
  const after = useQuery(trpc.events.side.queryOptions({ id: event.id, side: sideInput(right) }))
  return (
    <div className={css['stack']}>
      <div className={css['sides']}>
        <SelectField label="Before" value={left} onChange={setLeft} options={choices} />
        <SelectField label="After" value={right} onChange={setRight} options={choices} />
      </div>
      {[before, after].map((side, i) => {
        const state = gridState(side, i === 0 ? 'the first message' : 'the second message')
        return state.kind === 'error' ? (
          <ErrorState key={i} problem={state.problem} onRetry={state.onRetry} />
        ) : null
      })}
      {before.data && after.data ? (
        <Suspense fallback={<LoadingRows label="Loading the comparison" />}>
          <JsonCompare
            before={{ name: spokenSide(choices, left), ...sideOf(before.data.json, left, right) }}
            after={{ name: spokenSide(choices, right), ...sideOf(after.data.json, right, left) }}
          />
        </Suspense>
      ) : before.error || after.error ? null : (
        <LoadingRows label="Loading both messages" />
      )}
    </div>
  )
}

/** Two webhooks are compared whole; beside anything else, the order inside the envelope. */
function sideOf(json: unknown, own: string, other: string) {
  const whole = own.startsWith('event:') && other.startsWith('event:')
  return { json: whole ? json : orderOf(json), partial: own === 'record' }
}
