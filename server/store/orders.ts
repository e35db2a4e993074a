import type { Sql } from './sql.ts'

export function orderStore(_sql: Sql) {
  return {}
}
