import { createFileRoute, stripSearchParams } from '@tanstack/react-router'
import { z } from 'zod/mini'
import { AuditScreen } from '../../features/audit/audit-screen.tsx'
import { DEFAULT_AUDIT_SEARCH, OUTCOMES } from '../../features/audit/audit-search.ts'
import { oneOf, typed } from '../../lib/search-params.ts'

const TEXT_CHARS_MAX = 200

const text = typed(TEXT_CHARS_MAX)

const searchSchema = z.object({
  q: text,
  action: text,
  outcome: oneOf(OUTCOMES, DEFAULT_AUDIT_SEARCH.outcome),
  entry: text,
})

export const Route = createFileRoute('/_app/audit')({
  validateSearch: searchSchema,
  search: { middlewares: [stripSearchParams(DEFAULT_AUDIT_SEARCH)] },
  component: Audit,
})

function Audit() {
  const search = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <AuditScreen
      search={search}
      onSearch={(change) => void navigate({ search: (before) => ({ ...before, ...change }) })}
    />
  )
}
