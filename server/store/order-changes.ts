import type { Sql } from './sql.ts'

export function orderChangeStore(_sql: Sql) {
  return {}
}
