import { matchQuery, type QueryClient } from '@tanstack/react-query'
import type { useTRPC } from './trpc.ts'

/**
 * Asks again for everything on screen that is about orders, but for the pages of the list: they would all be read once
 * more from the newest row, and move what somebody reads. The list itself puts changed rows in their place.
 */
export function renewOrders(client: QueryClient, trpc: ReturnType<typeof useTRPC>): Promise<void> {
  const pages = { queryKey: trpc.orders.list.infiniteQueryKey() }
  return client.invalidateQueries({
    queryKey: trpc.orders.pathKey(),
    predicate: (query) => !matchQuery(pages, query),
  })
}
