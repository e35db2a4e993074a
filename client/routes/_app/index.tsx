import { createFileRoute, stripSearchParams } from '@tanstack/react-router'
import { z } from 'zod'
import { OVERVIEW_COMPARISONS, OVERVIEW_RANGES } from '../../../server/domain/overview.ts'
import { OverviewScreen } from '../../features/overview/overview-screen.tsx'
import { DEFAULT_OVERVIEW } from '../../features/overview/overview-types.ts'

const searchSchema = z.object({
  range: z.enum(OVERVIEW_RANGES).default(DEFAULT_OVERVIEW.range).catch(DEFAULT_OVERVIEW.range),
  compare: z.enum(OVERVIEW_COMPARISONS).default(DEFAULT_OVERVIEW.compare).catch(DEFAULT_OVERVIEW.compare),
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
