import type { Sql } from './sql.ts'

export function statusCheckStore(_sql: Sql) {
  return {}
}
