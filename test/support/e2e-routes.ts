/** The addresses of the dashboard, read from its route files: what a person can open, with `$` for what varies. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const routesDir = join(import.meta.dirname, '../../client/routes')
const declared = /createFileRoute\('([^']+)'\)/

/** Every address, sorted: `/orders/$orderId`. Layouts have none of their own. */
export function routePatterns(): string[] {
  const files = readdirSync(routesDir, { recursive: true, encoding: 'utf8' })
  const ids = files
    .filter((file) => file.endsWith('.tsx') && !file.endsWith('__root.tsx'))
    .map((file) => {
      const id = declared.exec(readFileSync(join(routesDir, file), 'utf8'))?.[1]
      if (id === undefined) throw new Error(`client/routes/${file} declares no route`)
      return id
    })
  return ids.flatMap((id) => addressOf(id) ?? []).toSorted()
}

/** `/_app/refunds_/$id` is `/refunds/$id`: an underscore says how pages nest, not where they are. */
function addressOf(id: string): string | null {
  const parts = id.split('/').filter((part) => part !== '' && !part.startsWith('_'))
  if (parts.length === 0 && !id.endsWith('/')) return null
  return `/${parts.map((part) => part.replace(/_$/, '')).join('/')}`
}
