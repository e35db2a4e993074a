import type { ReactNode } from 'react'
import { ActionButton } from './action-button.tsx'
import { ProblemReference } from './problem-reference.tsx'
import css from './states.module.css'

export type Problem = {
  /** What happened: "We couldn't load transactions." */
  title: string
  /** What to do, or why. */
  message: string
  /** Reference for support; copied with one press. */
  requestId?: string | null
}

/** Nothing to show: a positive statement and one next action. Left-aligned, no picture. */
export function EmptyState(props: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className={css['state']}>
      <h2 className={css['title']}>{props.title}</h2>
      {props.children ? <div className={css['text']}>{props.children}</div> : null}
      {props.action ? <div className={css['actions']}>{props.action}</div> : null}
    </div>
  )
}

/** A failed load: what happened, what to do, a way to try again, and the reference. */
export function ErrorState({ problem, onRetry }: { problem: Problem; onRetry?: (() => void) | undefined }) {
  return (
    <div className={css['state']} role="alert">
      <h2 className={css['title']}>{problem.title}</h2>
      <p className={css['text']}>{problem.message}</p>
      <ProblemReference requestId={problem.requestId} />
      {onRetry ? (
        <div className={css['actions']}>
          <ActionButton onPress={onRetry}>Try again</ActionButton>
        </div>
      ) : null}
    </div>
  )
}

/** What the role does not allow to see, and who can change that. */
export function ForbiddenState({ title, hint }: { title: string; hint?: string | undefined }) {
  return (
    <div className={css['state']}>
      <h2 className={css['title']}>{title}</h2>
      <p className={css['text']}>{hint ?? 'Ask an admin for a role that includes it.'}</p>
    </div>
  )
}

/** Skeleton lines at real height for a panel; tables have their own. Hidden from screen readers. */
export function LoadingRows({ rows = 6, label = 'Loading' }: { rows?: number; label?: string }) {
  return (
    <div aria-busy="true" className={css['loading']}>
      <span className="visually-hidden" role="status">
        {label}
      </span>
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} className={css['line']} aria-hidden>
          <span className={css['bone']} style={{ width: `${38 + ((i * 23) % 50)}%` }} />
        </div>
      ))}
    </div>
  )
}

/** A single grey bar in place of a value that is loading. */
export function Bone({ width = '60%' }: { width?: string }) {
  return <span className={css['bone']} style={{ width }} aria-hidden />
}

/** A boxed note inside a page or dialog. `pending` is the amber of "what happens next". */
export function Notice({
  tone,
  title,
  children,
}: {
  tone: 'info' | 'pending' | 'failed' | 'review' | 'charged'
  title?: string
  children: ReactNode
}) {
  return (
    <div className={css['notice']} data-tone={tone} role={tone === 'failed' ? 'alert' : undefined}>
      {title ? <p className={css['noticeTitle']}>{title}</p> : null}
      {children}
    </div>
  )
}
