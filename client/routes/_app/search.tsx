import { createFileRoute, stripSearchParams, useRouter } from '@tanstack/react-router'
import { z } from 'zod'
import { SCRAP_CHARS_MAX } from '../../../server/domain/search-scraps.ts'
import { SearchScreen } from '../../features/search/search-screen.tsx'

const DEFAULTS = { q: '' }

const searchSchema = z.object({
  // A reference of digits alone is read as a number.
  q: z.coerce.string().max(SCRAP_CHARS_MAX).default(DEFAULTS.q).catch(DEFAULTS.q),
})

export const Route = createFileRoute('/_app/search')({
  validateSearch: searchSchema,
  search: { middlewares: [stripSearchParams(DEFAULTS)] },
  component: Search,
})

function Search() {
  const { q } = Route.useSearch()
  const navigate = Route.useNavigate()
  const router = useRouter()
  return (
    <SearchScreen
      q={q}
      onSearch={(next) => void navigate({ search: { q: next }, replace: true })}
      go={(path, newTab = false) => {
        if (newTab) window.open(path, '_blank', 'noopener')
        else router.history.push(path)
      }}
    />
  )
}
