import { useQueryClient } from '@tanstack/react-query'
import { useTRPC } from '../../lib/trpc.ts'

/** Asks again for what shows tags, after a change of them: the order's own, those that are offered, and the list's column. */
export function useRenewTags(): () => Promise<unknown> {
  const trpc = useTRPC()
  const client = useQueryClient()
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: trpc.tags.pathKey() }),
      client.invalidateQueries({ queryKey: trpc.orders.extras.pathKey() }),
    ])
}
