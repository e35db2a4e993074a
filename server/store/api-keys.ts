import type { Sql } from './sql.ts'

export function apiKeyStore(_sql: Sql) {
  return {}
}
