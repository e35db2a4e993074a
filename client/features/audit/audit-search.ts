export const OUTCOMES = ['all', 'done', 'refused'] as const
export type OutcomeFilter = (typeof OUTCOMES)[number]

/** What the audit log's address says. `action` '' means every action; `entry` is the entry on show. */
export type AuditSearch = { q: string; action: string; outcome: OutcomeFilter; entry: string }

export const DEFAULT_AUDIT_SEARCH: AuditSearch = { q: '', action: '', outcome: 'all', entry: '' }

/** Address of the log; what is as by default is left out. */
export function auditPath(search: Partial<AuditSearch>): string {
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(search)) {
    if (value !== '' && value !== 'all') params.set(key, value)
  }
  const text = params.toString()
  return `/audit${text ? `?${text}` : ''}`
}
