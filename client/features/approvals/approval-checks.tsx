import { StatusIcon } from '../../ui/status-icon.tsx'
import type { StatusRole } from '../../ui/status-role.ts'
import type { ApprovalCheck } from './approval-types.ts'
import css from './approvals.module.css'

/** Sign and word of each level: colour never stands alone. */
const LEVELS: Readonly<Record<ApprovalCheck['level'], readonly [role: StatusRole | null, word: string]>> = {
  ok: ['charged', 'In order'],
  warn: ['review', 'Look twice'],
  block: ['failed', 'Stops it'],
  note: [null, 'To know'],
}

/** The checks as lines with a sign each. */
export function ApprovalChecks({ checks }: { checks: readonly ApprovalCheck[] }) {
  return (
    <ul className={css['checks']} aria-label="Checks">
      {checks.map(({ id, level, text }) => {
        const [role, word] = LEVELS[level]
        return (
          <li key={id} data-level={level}>
            <span className={css['sign']} data-role={role ?? undefined}>
              {role ? <StatusIcon status={role} size={16} /> : <span aria-hidden>·</span>}
            </span>
            <span>
              <span className="visually-hidden">{word}: </span>
              {text}
            </span>
          </li>
        )
      })}
    </ul>
  )
}
