import { createFileRoute, stripSearchParams } from '@tanstack/react-router'
import { z } from 'zod'
import { DEFAULT_STAFF_SEARCH, STAFF_TABS } from '../../features/staff/staff-search.ts'
import { StaffScreen } from '../../features/staff/staff-screen.tsx'

const TEXT_CHARS_MAX = 100

const text = z.coerce.string().max(TEXT_CHARS_MAX).default('').catch('')

const searchSchema = z.object({
  tab: z.enum(STAFF_TABS).default(DEFAULT_STAFF_SEARCH.tab).catch(DEFAULT_STAFF_SEARCH.tab),
  user: text,
  q: text,
})

export const Route = createFileRoute('/_app/users')({
  validateSearch: searchSchema,
  search: { middlewares: [stripSearchParams(DEFAULT_STAFF_SEARCH)] },
  component: Users,
})

function Users() {
  const search = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <StaffScreen
      search={search}
      onSearch={(change) =>
        void navigate({
          search: (before) => ({ ...before, ...change }),
          // Typing is one step, not one per letter.
          replace: change.q !== undefined,
        })
      }
    />
  )
}
