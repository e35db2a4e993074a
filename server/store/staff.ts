import type { Sql } from './sql.ts'

export function staffStore(_sql: Sql) {
  return {}
}
