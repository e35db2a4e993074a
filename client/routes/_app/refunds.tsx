import { createFileRoute, stripSearchParams } from '@tanstack/react-router'
import { z } from 'zod'
import { REFUND_ORIGINS } from '../../../server/domain/refund.ts'
import { DEFAULT_REFUND_SEARCH, REFUND_VIEW_IDS } from '../../features/refunds/refund-views.ts'
import { refundPath } from '../../features/refunds/refund-words.ts'
import { RefundsScreen } from '../../features/refunds/refunds-screen.tsx'

const QUERY_CHARS_MAX = 200

const searchSchema = z.object({
  view: z.enum(REFUND_VIEW_IDS).default(DEFAULT_REFUND_SEARCH.view).catch(DEFAULT_REFUND_SEARCH.view),
  gateway: z.string().max(QUERY_CHARS_MAX).default('').catch(''),
  origin: z
    .enum([...REFUND_ORIGINS, ''])
    .default('')
    .catch(''),
  q: z.coerce.string().max(QUERY_CHARS_MAX).default(DEFAULT_REFUND_SEARCH.q).catch(DEFAULT_REFUND_SEARCH.q),
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
