import type { Sql } from './sql.ts'

export function refundPolicyStore(_sql: Sql) {
  return {}
}
