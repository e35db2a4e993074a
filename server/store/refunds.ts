import type { Sql } from './sql.ts'

export function refundStore(_sql: Sql) {
  return {}
}
