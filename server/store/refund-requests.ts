import type { Sql } from './sql.ts'

export function refundRequestStore(_sql: Sql) {
  return {}
}
