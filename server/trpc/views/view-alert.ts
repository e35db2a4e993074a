import type { Role } from '../../domain/permission.ts'
import type { AlertRule, AlertState } from '../../domain/view-alert.ts'
import type { OwnAlert } from '../../store/view-alerts.ts'
import { proseFor } from './prose.ts'

export type ViewAlertView = AlertState & {
  id: string
  /** Id of a saved or built-in view; null when it was deleted. */
  view: string | null
  name: string
  rule: AlertRule
  /** Null before the first look. */
  checkedAt: Date | null
  seenAt: Date | null
}

/** An alert for the person whose it is. */
export function viewAlertView(alert: OwnAlert, { role }: { role: Role }): ViewAlertView {
  return {
    id: alert.id,
    view: alert.viewId ?? alert.builtIn,
    // As it was when the view was another’s, and the role another.
    name: proseFor(role)(alert.name),
    rule: { kind: alert.kind, threshold: alert.threshold },
    holds: alert.holds,
    roseAt: alert.roseAt,
    roseRows: alert.roseRows,
    fellAt: alert.fellAt,
    problem: alert.problem,
    problemAt: alert.problemAt,
    checkedAt: alert.checkedAt,
    seenAt: alert.seenAt,
  }
}
