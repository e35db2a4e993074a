import { createFileRoute, stripSearchParams } from '@tanstack/react-router'
import { z } from 'zod/mini'
import { DEFAULT_SANDBOX_SEARCH, SANDBOX_PARTS } from '../../features/sandbox/sandbox-search.ts'
import { SandboxScreen } from '../../features/sandbox/sandbox-screen.tsx'
import { oneOf } from '../../lib/search-params.ts'

const searchSchema = z.object({
  open: oneOf(SANDBOX_PARTS, DEFAULT_SANDBOX_SEARCH.open),
})

export const Route = createFileRoute('/_app/sandbox')({
  validateSearch: searchSchema,
  search: { middlewares: [stripSearchParams(DEFAULT_SANDBOX_SEARCH)] },
  component: Sandbox,
})

function Sandbox() {
  const search = Route.useSearch()
  const navigate = Route.useNavigate()
  return <SandboxScreen search={search} onSearch={(next) => void navigate({ search: next, replace: true })} />
}
