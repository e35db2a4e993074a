import { createFileRoute, stripSearchParams } from '@tanstack/react-router'
import { z } from 'zod/mini'
import { OVERVIEW_COMPARISONS, OVERVIEW_RANGES } from '../../../server/domain/overview.ts'
import { OverviewScreen } from '../../features/overview/overview-screen.tsx'
import { DEFAULT_OVERVIEW } from '../../features/overview/overview-types.ts'
import { oneOf } from '../../lib/search-params.ts'

const searchSchema = z.object({
  range: oneOf(OVERVIEW_RANGES, DEFAULT_OVERVIEW.range),
  compare: oneOf(OVERVIEW_COMPARISONS, DEFAULT_OVERVIEW.compare),
})

/** The desk opens on what needs somebody. */
export const Route = createFileRoute('/_app/')({
  validateSearch: searchSchema,
  search: { middlewares: [stripSearchParams(DEFAULT_OVERVIEW)] },
  component: Overview,
})

function Overview() {
  const search = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <OverviewScreen
      search={search}
      onSearch={(change) => void navigate({ search: (before) => ({ ...before, ...change }) })}
    />
  )
}
