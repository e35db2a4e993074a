import type { TRPCLink } from '@trpc/client'
import type { AnyRouter } from '@trpc/server'
import { observable } from '@trpc/server/observable'
import { presence } from './departure.ts'

/**
 * What somebody did is answered to them alone: once they left, whoever waits for the answer waits for ever, so that no
 * toast tells the next person of it and no page opens before them. Reads are everybody's: the next one may wait for
 * the same answer.
 */
export function presentOnly<Router extends AnyRouter>(): TRPCLink<Router> {
  return () =>
    ({ op, next }) => {
      if (op.type !== 'mutation') return next(op)
      const here = presence()
      return observable((observer) =>
        next(op).subscribe({
          next: (value) => here() && observer.next(value),
          complete: () => here() && observer.complete(),
          error: (error) => here() && observer.error(error),
        }),
      )
    }
}
