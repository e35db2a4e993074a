import type { Sql } from './sql.ts'

export function accountStore(_sql: Sql) {
  return {}
}
