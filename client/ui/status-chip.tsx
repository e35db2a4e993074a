import { StatusIcon } from './status-icon.tsx'
import { QUIET_ROLES, STATUS_LABELS, type StatusRole } from './status-role.ts'
import css from './status-chip.module.css'

export type StatusChipProps = {
  status: StatusRole
  /** The word, when Juspay's code says more than the state ("Capturing"). */
  label?: string | undefined
  /** `list` keeps charged, refunded and voided quiet; `header` fills every chip. */
  variant?: 'list' | 'header'
  /** Tooltip: code, time and source, e.g. "CHARGED (21), set 14:33:21 IST by webhook". */
  detail?: string | undefined
}

/** The one look of a status, everywhere. */
export function StatusChip({ status, label, variant = 'list', detail }: StatusChipProps) {
  const quiet = variant === 'list' && QUIET_ROLES.has(status)
  return (
    <span className={css['chip']} data-status={status} data-quiet={quiet || undefined} data-tip={detail}>
      <StatusIcon status={status} />
      <span className="visually-hidden">Status: </span>
      <span className={css['word']}>{label ?? STATUS_LABELS[status]}</span>
    </span>
  )
}

/** A chip that is no status: a fact about a record that deserves a look and no colour ("Duplicate ×3"). */
export function NeutralChip({ label, detail }: { label: string; detail: string }) {
  return (
    <span className={css['chip']} data-status="neutral" data-tip={detail}>
      <span className={css['word']}>{label}</span>
    </span>
  )
}
