import { createFileRoute, stripSearchParams } from '@tanstack/react-router'
import { z } from 'zod/mini'
import { ORDER_SORTS } from '../../../server/domain/order-columns.ts'
import { DEFAULT_SEARCH } from '../../features/orders/order-views.ts'
import { TransactionsScreen } from '../../features/orders/transactions-screen.tsx'
import { QUERY_CHARS_MAX } from '../../../server/domain/search-query.ts'
import { setPreference } from '../../lib/preferences.ts'
import { maybe, oneOf, timeRange, typed } from '../../lib/search-params.ts'

const COLUMNS_CHARS_MAX = 1_000
const ID_CHARS_MAX = 200

const searchSchema = z.object({
  q: typed(QUERY_CHARS_MAX),
  t: timeRange(DEFAULT_SEARCH.t),
  sort: oneOf(ORDER_SORTS, DEFAULT_SEARCH.sort),
  tz: maybe(z.enum(['IST', 'UTC'])),
  cols: maybe(z.string().check(z.maxLength(COLUMNS_CHARS_MAX))),
  view: maybe(z.string().check(z.maxLength(ID_CHARS_MAX))),
  at: maybe(z.guid()),
  dialog: maybe(z.enum(['export'])),
  peek: maybe(z.coerce.string().check(z.maxLength(ID_CHARS_MAX))),
})

export const Route = createFileRoute('/_app/transactions')({
  validateSearch: searchSchema,
  search: { middlewares: [stripSearchParams(DEFAULT_SEARCH)] },
  // An address with a zone shows that zone, as it did to whoever copied it.
  beforeLoad: ({ search, preload }) => {
    if (search.tz && !preload) setPreference('timeZone', search.tz)
  },
  component: Transactions,
})

function Transactions() {
  const search = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <TransactionsScreen
      search={search}
      onSearch={(change, how) =>
        void navigate({
          search: (before) => ({ ...before, ...(typeof change === 'function' ? change(before) : change) }),
          replace: how?.replace ?? false,
        })
      }
    />
  )
}
