import { createFileRoute, stripSearchParams } from '@tanstack/react-router'
import { z } from 'zod/mini'
import { APPROVAL_TABS } from '../../features/approvals/approval-tabs.ts'
import { ApprovalsScreen } from '../../features/approvals/approvals-screen.tsx'
import { maybe, oneOf } from '../../lib/search-params.ts'

const DEFAULTS = { tab: 'waiting' } as const

const searchSchema = z.object({
  tab: oneOf(APPROVAL_TABS, DEFAULTS.tab),
  /** The request on show. */
  request: maybe(z.uuid()),
  /** The same, as older links name it. */
  id: maybe(z.uuid()),
})

export const Route = createFileRoute('/_app/approvals')({
  validateSearch: searchSchema,
  search: { middlewares: [stripSearchParams(DEFAULTS)] },
  component: Approvals,
})

function Approvals() {
  const { tab, request, id } = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <ApprovalsScreen
      search={{ tab, id: request ?? id ?? null }}
      // Moving through the box is not a step to go back to.
      onShow={(next) => void navigate({ search: { tab, request: next ?? undefined }, replace: true })}
    />
  )
}
