import { createFileRoute, stripSearchParams, useRouter } from '@tanstack/react-router'
import { z } from 'zod/mini'
import { SCRAP_CHARS_MAX } from '../../../server/domain/search-scraps.ts'
import { SearchScreen } from '../../features/search/search-screen.tsx'
import { typed } from '../../lib/search-params.ts'

const DEFAULTS = { q: '' }

const searchSchema = z.object({
  q: typed(SCRAP_CHARS_MAX),
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
