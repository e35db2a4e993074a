/** What the audit log tells whoever may read it. */
import { roleCan, type Role } from '../../domain/permission.ts'
import type { AuditRow } from '../../store/audit.ts'
import type { AuditRowView } from './admin.ts'
import { proseFor } from './prose.ts'

/** People of the desk are named in full: who they are is what these entries are about. */
const OF_STAFF: ReadonlySet<string> = new Set(['staff', 'staff_address'])

/**
 * One entry. Reasons and facts are as people wrote them; who may not see personal data is shown them with what they
 * repeat of a customer masked.
 */
export function auditRowView({ actorId: _, ...row }: AuditRow, { role }: { role: Role }): AuditRowView {
  if (roleCan(role, 'order:pii') || OF_STAFF.has(row.subjectKind)) return row
  const prose = proseFor(role)
  const { reason, before, after } = row
  return { ...row, reason: prose(reason), before: withoutPersonal(before), after: withoutPersonal(after) }

  function withoutPersonal(facts: unknown): unknown {
    if (typeof facts === 'string') return prose(facts)
    if (Array.isArray(facts)) return facts.map(withoutPersonal)
    if (typeof facts !== 'object' || facts === null) return facts
    // Amounts have as many digits as telephone numbers.
    return Object.fromEntries(
      Object.entries(facts).map(([name, value]) => [
        name,
        name.endsWith('Minor') ? value : withoutPersonal(value),
      ]),
    )
  }
}
