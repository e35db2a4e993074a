import type { Sql } from './sql.ts'

export function discrepancyStore(_sql: Sql) {
  return {}
}
