import { createFileRoute, stripSearchParams } from '@tanstack/react-router'
import { z } from 'zod/mini'
import { DEFAULT_STAFF_SEARCH, STAFF_DIALOGS, STAFF_TABS } from '../../features/staff/staff-search.ts'
import { StaffScreen } from '../../features/staff/staff-screen.tsx'
import { oneOf, typed } from '../../lib/search-params.ts'

const TEXT_CHARS_MAX = 100

const text = typed(TEXT_CHARS_MAX)

const searchSchema = z.object({
  tab: oneOf(STAFF_TABS, DEFAULT_STAFF_SEARCH.tab),
  user: text,
  q: text,
  open: oneOf(STAFF_DIALOGS, DEFAULT_STAFF_SEARCH.open),
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
          // Typing is one step, not one per letter; and Back does not open a dialog again.
          replace: change.q !== undefined || change.open !== undefined,
        })
      }
    />
  )
}
