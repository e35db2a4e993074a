import { createFileRoute, stripSearchParams } from '@tanstack/react-router'
import { z } from 'zod'
import { ORDER_SORTS } from '../../../server/domain/order-columns.ts'
import { DEFAULT_SEARCH } from '../../features/orders/order-views.ts'
import { TransactionsScreen } from '../../features/orders/transactions-screen.tsx'
import { QUERY_CHARS_MAX } from '../../../server/domain/search-query.ts'
import { setPreference } from '../../lib/preferences.ts'

const COLUMNS_CHARS_MAX = 1_000
const ID_CHARS_MAX = 200

/** A word of the address that is dropped when it is no word. */
const word = (max: number) => z.string().max(max).optional().catch(undefined)

const searchSchema = z.object({
  q: z.coerce.string().max(QUERY_CHARS_MAX).default(DEFAULT_SEARCH.q).catch(DEFAULT_SEARCH.q),
  t: z.string().max(40).default(DEFAULT_SEARCH.t).catch(DEFAULT_SEARCH.t),
  sort: z.enum(ORDER_SORTS).default(DEFAULT_SEARCH.sort).catch(DEFAULT_SEARCH.sort),
  tz: z.enum(['IST', 'UTC']).optional().catch(undefined),
  cols: word(COLUMNS_CHARS_MAX),
  view: word(ID_CHARS_MAX),
  // A reference of digits alone is read as a number.
  at: z.guid().optional().catch(undefined),
  peek: z.coerce.string().max(ID_CHARS_MAX).optional().catch(undefined),
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
        void navigate({ search: (before) => ({ ...before, ...change }), replace: how?.replace ?? false })
      }
    />
  )
}
