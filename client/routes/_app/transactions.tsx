import { createFileRoute, stripSearchParams } from '@tanstack/react-router'
import { z } from 'zod'
import { DEFAULT_SEARCH, ORDER_SORTS } from '../../features/orders/order-views.ts'
import { TransactionsScreen } from '../../features/orders/transactions-screen.tsx'

const QUERY_CHARS_MAX = 500

const searchSchema = z.object({
  q: z.coerce.string().max(QUERY_CHARS_MAX).default(DEFAULT_SEARCH.q).catch(DEFAULT_SEARCH.q),
  t: z.string().max(40).default(DEFAULT_SEARCH.t).catch(DEFAULT_SEARCH.t),
  sort: z.enum(ORDER_SORTS).default(DEFAULT_SEARCH.sort).catch(DEFAULT_SEARCH.sort),
})

export const Route = createFileRoute('/_app/transactions')({
  validateSearch: searchSchema,
  search: { middlewares: [stripSearchParams(DEFAULT_SEARCH)] },
  component: Transactions,
})

function Transactions() {
  const search = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <TransactionsScreen
      search={search}
      onSearch={(change) => void navigate({ search: (before) => ({ ...before, ...change }) })}
    />
  )
}
