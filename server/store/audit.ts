import type { Sql } from './sql.ts'

export function auditStore(_sql: Sql) {
  return {}
}
