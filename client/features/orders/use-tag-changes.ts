import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTRPC } from '../../lib/trpc.ts'

/** Puts tags on orders and takes them off; then what shows tags is asked for again: an order's own, those offered, the list's column, the timeline that tells it. */
export function useTagChanges() {
  const trpc = useTRPC()
  const client = useQueryClient()
  const onSettled = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: trpc.tags.pathKey() }),
      client.invalidateQueries({ queryKey: trpc.orders.extras.pathKey() }),
      client.invalidateQueries({ queryKey: trpc.orders.timeline.pathKey() }),
    ])
  return {
    add: useMutation(trpc.tags.add.mutationOptions({ onSettled })),
    remove: useMutation(trpc.tags.remove.mutationOptions({ onSettled })),
  }
}
