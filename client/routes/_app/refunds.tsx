import { createFileRoute, stripSearchParams } from '@tanstack/react-router'
import { z } from 'zod/mini'
import { REFUND_ORIGINS } from '../../../server/domain/refund.ts'
import { DEFAULT_REFUND_SEARCH, REFUND_VIEW_IDS } from '../../features/refunds/refund-views.ts'
import { refundPath } from '../../features/refunds/refund-words.ts'
import { RefundsScreen } from '../../features/refunds/refunds-screen.tsx'
import { oneOf, typed } from '../../lib/search-params.ts'

const QUERY_CHARS_MAX = 200
const TIME_CHARS_MAX = 45

const searchSchema = z.object({
  view: oneOf(REFUND_VIEW_IDS, DEFAULT_REFUND_SEARCH.view),
  gateway: typed(QUERY_CHARS_MAX),
  origin: oneOf([...REFUND_ORIGINS, ''], ''),
  settled: typed(TIME_CHARS_MAX),
  q: typed(QUERY_CHARS_MAX),
})

export const Route = createFileRoute('/_app/refunds')({
  validateSearch: searchSchema,
  search: { middlewares: [stripSearchParams(DEFAULT_REFUND_SEARCH)] },
  component: Refunds,
})

function Refunds() {
  const search = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <RefundsScreen
      search={search}
      onSearch={(change) => void navigate({ search: (before) => ({ ...before, ...change }) })}
      onOpen={(row) => void navigate({ href: refundPath(row) })}
    />
  )
}
