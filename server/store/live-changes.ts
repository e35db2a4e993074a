import type { Sql } from './sql.ts'

export function liveChangeStore(_sql: Sql) {
  return {}
}
