import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { compareJson, type CompareRow } from '../../../server/domain/json-compare.ts'
import { exactNumberText } from '../../../server/domain/exact-number.ts'
import { isMasked } from '../../../server/domain/masked-text.ts'
import { gridState, toProblem } from '../../lib/errors.ts'
import { useCan } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { SelectField } from '../../ui/fields.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { EmptyState, ErrorState, ForbiddenState, LoadingRows } from '../../ui/states.tsx'
import { defaultSides, orderOf, sideChoices, sideInput, spokenSide } from './compare-sides.ts'
import type { EventDetail, EventRelated } from './event-types.ts'
import css from './events.module.css'

/** Rows drawn; more would only slow the page that a person looks for one field on. */
const DRAWN_MAX = 1_000

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
  const [onlyChanged, setOnlyChanged] = useState(true)
  const choices = sideChoices(event, related, timeZone)
  const before = useQuery(trpc.events.side.queryOptions({ id: event.id, side: sideInput(left) }))
  const after = useQuery(trpc.events.side.queryOptions({ id: event.id, side: sideInput(right) }))
  return (
    <div className={css['stack']}>
      <div className={css['sides']}>
        <SelectField label="Before" value={left} onChange={setLeft} options={choices} />
        <SelectField label="After" value={right} onChange={setRight} options={choices} />
        <ActionButton onPress={() => setOnlyChanged(!onlyChanged)}>
          {onlyChanged ? 'Show all fields' : 'Only what differs'}
        </ActionButton>
      </div>
      {[before, after].map((side, i) => {
        const state = gridState(side, i === 0 ? 'the first message' : 'the second message')
        return state.kind === 'error' ? (
          <ErrorState key={i} problem={state.problem} onRetry={state.onRetry} />
        ) : null
      })}
      {before.data && after.data ? (
        <Differences
          left={{ id: left, json: before.data.json }}
          right={{ id: right, json: after.data.json }}
          names={[spokenSide(choices, left), spokenSide(choices, right)]}
          onlyChanged={onlyChanged}
        />
      ) : before.error || after.error ? null : (
        <LoadingRows label="Loading both messages" />
      )}
    </div>
  )
}

type DifferencesProps = {
  left: { id: string; json: unknown }
  right: { id: string; json: unknown }
  names: readonly [string, string]
  onlyChanged: boolean
}

function Differences({ left, right, names, onlyChanged }: DifferencesProps) {
  const { rows, cut } = useMemo(() => compareSides(left, right), [left, right])
  const differing = rows.filter(({ kind }) => kind !== 'same')
  const shown = onlyChanged ? differing : rows
  if (left.json === null || right.json === null)
    return (
      <EmptyState title="One side is not JSON.">
        Only messages that can be read are compared field by field.
      </EmptyState>
    )
  return (
    <>
      <p role="status" className="caption">
        {differing.length === 0 ? 'Nothing differs' : `${differing.length} of ${rows.length} fields differ`}
        {cut ? '. Only the first part is compared: there is too much of it' : ''}. Numbers are compared as
        decimals, times as instants, list entries by their id. Hidden values are compared as shown.
      </p>
      {shown.length === 0 ? null : (
        <table className={css['compare']}>
          <caption className="visually-hidden">
            {names[0]} beside {names[1]}
          </caption>
          <thead>
            <tr>
              <th scope="col" className={css['gutter']}>
                <span className="visually-hidden">Kind</span>
              </th>
              <th scope="col">Field</th>
              <th scope="col">{names[0]}</th>
              <th scope="col">{names[1]}</th>
            </tr>
          </thead>
          <tbody>
            {shown.slice(0, DRAWN_MAX).map((row) => (
              <Row key={row.path} row={row} />
            ))}
          </tbody>
        </table>
      )}
      {shown.length > DRAWN_MAX ? <p className="caption">The first {DRAWN_MAX} fields are shown.</p> : null}
    </>
  )
}

/** Our record knows fewer fields than a message: only those it holds are compared. */
function compareSides(left: DifferencesProps['left'], right: DifferencesProps['right']) {
  const whole = left.id.startsWith('event:') && right.id.startsWith('event:')
  const [a, b] = whole ? [left.json, right.json] : [orderOf(left.json), orderOf(right.json)]
  const { rows, cut } = compareJson(a, b)
  const held = rows.filter(
    (row) =>
      (left.id !== 'record' || row.before !== undefined) &&
      (right.id !== 'record' || row.after !== undefined),
  )
  return { rows: held, cut }
}

const MARKS = { same: '', changed: '~', added: '+', removed: '-' } as const
const SPOKEN = { same: 'same', changed: 'changed', added: 'only after', removed: 'only before' } as const

function Row({ row }: { row: CompareRow }) {
  return (
    <tr data-kind={row.kind}>
      <td className={css['gutter']}>
        <span aria-hidden>{MARKS[row.kind]}</span>
        <span className="visually-hidden">{SPOKEN[row.kind]}</span>
      </td>
      <th scope="row" className="mono">
        {row.path}
      </th>
      <td className="mono">
        <Side value={row.before} />
      </td>
      <td className="mono">
        <Side value={row.after} />
      </td>
    </tr>
  )
}

function Side({ value }: { value: unknown }) {
  if (value === undefined) return <span className="muted">not said</span>
  const text = exactNumberText(value) ?? (typeof value === 'string' ? value : JSON.stringify(value))
  return (
    <>
      {text}
      {isMasked(value) ? <span className="muted"> hidden</span> : null}
    </>
  )
}
