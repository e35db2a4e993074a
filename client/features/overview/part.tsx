import type { ReactNode } from 'react'
import { ActionButton } from '../../ui/action-button.tsx'
import { DateTime } from '../../ui/date-time.tsx'
import { ProblemReference } from '../../ui/problem-reference.tsx'
import { LoadingRows, type Problem } from '../../ui/states.tsx'
import css from './overview.module.css'

export type PartState<T> =
  | { kind: 'ready'; data: T; staleAsOf: Date | null }
  | { kind: 'loading' }
  | { kind: 'failed'; problem: Problem; onRetry: () => void }

/** One part of the page: each loads, fails and is tried again by itself, and the others stay. */
export function Part<T>(props: {
  state: PartState<T>
  loading: string
  rows: number
  children: (data: T) => ReactNode
}) {
  const { state } = props
  if (state.kind === 'ready')
    return (
      <>
        {props.children(state.data)}
        {state.staleAsOf === null ? null : (
          <p className="caption">
            As of <DateTime at={state.staleAsOf} format="time" />
          </p>
        )}
      </>
    )
  if (state.kind === 'loading') return <LoadingRows rows={props.rows} label={props.loading} />
  return (
    <div className={css['failed']} role="alert">
      <p>
        {state.problem.title} <span className="muted">{state.problem.message}</span>
      </p>
      <ProblemReference requestId={state.problem.requestId} />
      <ActionButton onPress={state.onRetry}>Try again</ActionButton>
    </div>
  )
}
