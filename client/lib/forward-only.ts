import type { TRPCLink } from '@trpc/client'
import type { AnyRouter } from '@trpc/server'

/**
 * Takes the `direction` away that the React adapter adds to every page of an infinite query: our lists only go
 * forward, and the server's inputs accept nothing that they do not know.
 */
export function forwardOnly<Router extends AnyRouter>(): TRPCLink<Router> {
  return () =>
    ({ op, next }) =>
      next({ ...op, input: op.type === 'query' ? withoutDirection(op.input) : op.input })
}

function withoutDirection(input: unknown): unknown {
  if (typeof input !== 'object' || input === null || !('direction' in input)) return input
  const { direction: _, ...rest } = input
  return rest
}
