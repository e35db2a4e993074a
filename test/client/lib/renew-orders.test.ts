import { QueryClient } from '@tanstack/react-query'
import { createTRPCClient } from '@trpc/client'
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query'
import { expect, test } from 'vitest'
import { renewOrders } from '../../../client/lib/renew-orders.ts'
import type { AppRouter } from '../../../server/trpc/router.ts'

test('what is shown of orders is asked again, but not the pages of the list', async () => {
  const queryClient = new QueryClient()
  const trpc = createTRPCOptionsProxy<AppRouter>({
    client: createTRPCClient<AppRouter>({ links: [] }),
    queryClient,
  })
  const keys = {
    pages: trpc.orders.list.infiniteQueryKey({ q: 'amount:>5000' }),
    head: trpc.orders.list.queryKey({ q: 'amount:>5000' }),
    order: trpc.orders.get.queryKey({ orderRefOrId: 'ord_1' }),
    timeline: trpc.orders.timeline.infiniteQueryKey({ orderId: 'ord_1' }),
    refunds: trpc.refunds.list.infiniteQueryKey({}),
  }
  for (const queryKey of Object.values(keys)) queryClient.setQueryData<unknown>(queryKey, 'shown')
  await renewOrders(queryClient, trpc)
  const asked = Object.entries(keys).filter(([, key]) => queryClient.getQueryState(key)?.isInvalidated)
  expect(asked.map(([name]) => name)).toEqual(['head', 'order', 'timeline'])
})
