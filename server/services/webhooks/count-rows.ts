import type { Deps } from '../deps.ts'

/** Has PostgreSQL count the tables that a backlog has outgrown, so that its plans fit them. Returns how many. */
export async function countRows(deps: Deps): Promise<number> {
  const outgrown = await deps.store.statistics.outgrown()
  for (const name of outgrown) await deps.store.statistics.count(name)
  return outgrown.length
}
