import type { Sql } from './sql.ts'

export function webhookEventStore(_sql: Sql) {
  return {}
}
