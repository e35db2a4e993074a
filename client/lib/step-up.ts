/**
 * Step-up in the browser: a call that the server answers with "confirm that it is you" waits while one dialog asks, and
 * is then sent again as it was, with the same key. Whoever called sees only the last answer.
 */
import type { TRPCLink } from '@trpc/client'
import type { AnyRouter } from '@trpc/server'
import { observable } from '@trpc/server/observable'
import { useSyncExternalStore } from 'react'
import { onDeparture } from './departure.ts'
import { refusalOf } from './errors.ts'

type OpenStepUp = { answer: Promise<boolean>; settle: (confirmed: boolean) => void }

let open: OpenStepUp | null = null
const listeners = new Set<() => void>()

function change(next: OpenStepUp | null): void {
  open = next
  for (const listener of listeners) listener()
}

// The next person's proof would send what this one did: the call waits for ever, as any act of somebody who left.
onDeparture(() => change(null))

/** Asks the person to prove who they are; true when they did. Calls that come meanwhile share the one question. */
export function askStepUp(): Promise<boolean> {
  if (open) return open.answer
  let settle: OpenStepUp['settle'] = () => {}
  const answer = new Promise<boolean>((resolve) => {
    settle = (confirmed) => {
      if (open?.settle !== settle) return
      change(null)
      resolve(confirmed)
    }
  })
  change({ answer, settle })
  return answer
}

/** The question that is open now, for the dialog; null when there is none. */
export function useStepUp(): OpenStepUp | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => open,
  )
}

/** The link that holds such calls back. A call is repeated once: a second "confirm" is passed on. */
export function stepUpLink<Router extends AnyRouter>(
  ask: () => Promise<boolean> = askStepUp,
): TRPCLink<Router> {
  return () =>
    ({ op, next }) => {
      if (op.type !== 'mutation') return next(op)
      return observable((observer) => {
        let over = false
        let attempt = next(op).subscribe({
          next: (value) => observer.next(value),
          complete: () => observer.complete(),
          error: (error) => {
            if (refusalOf(error)?.code !== 'step_up_needed') return observer.error(error)
            void ask().then((confirmed) => {
              if (over) return
              if (confirmed) attempt = next(op).subscribe(observer)
              else observer.error(error)
            })
          },
        })
        return () => {
          over = true
          attempt.unsubscribe()
        }
      })
    }
}
