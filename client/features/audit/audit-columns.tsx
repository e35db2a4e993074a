import { DateTime } from '../../ui/date-time.tsx'
import type { GridColumn } from '../../ui/data-grid-types.ts'
import { useKit } from '../../ui/kit-context.ts'
import { NoValue } from '../../ui/money.tsx'
import { StatusChip } from '../../ui/status-chip.tsx'
import { changeSummary } from './audit-changes.ts'
import type { AuditEntry } from './audit-types.ts'
import css from './audit.module.css'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-/

/** Where the subject of an entry can be looked at; null for things without a page. */
export function subjectPath(entry: Pick<AuditEntry, 'subjectKind' | 'subjectId'>): string | null {
  if (entry.subjectId === null) return null
  const id = encodeURIComponent(entry.subjectId)
  switch (entry.subjectKind) {
    case 'order':
      return `/orders/${id}`
    case 'refund':
    case 'refund_request':
      return `/refunds/${id}`
    case 'staff':
      return `/users?user=${id}`
    case 'webhook_event':
      return `/events/${id}`
    case 'refund_policy':
      return '/settings?section=policy'
    default:
      return null
  }
}

/** "refund_request" as "Refund request". */
export function kindText(kind: string): string {
  const words = kind.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

export function Outcome({ entry }: { entry: AuditEntry }) {
  return entry.outcome === 'refused' ? (
    <StatusChip status="failed" label="Refused" detail={entry.reason ?? undefined} />
  ) : (
    <StatusChip status="charged" label="Done" />
  )
}

/** Our own ids by their first eight characters; names and references as they are. */
function shortId(id: string | null): string {
  return id === null ? '' : UUID.test(id) ? id.slice(0, 8) : id
}

function Subject({ entry }: { entry: AuditEntry }) {
  const { link: Link } = useKit()
  const path = subjectPath(entry)
  const text = (
    <>
      {kindText(entry.subjectKind)} <span className="mono">{shortId(entry.subjectId)}</span>
    </>
  )
  return path === null ? (
    <span title={entry.subjectId ?? undefined}>{text}</span>
  ) : (
    <Link to={path} tabIndex={-1} className={css['link']} title={entry.subjectId ?? undefined}>
      {text}
    </Link>
  )
}

function Change({ entry }: { entry: AuditEntry }) {
  const summary = changeSummary(entry.before, entry.after)
  const text = [entry.reason, summary].filter(Boolean).join('. ')
  return text === '' ? <NoValue /> : <span title={text}>{text}</span>
}

/** Columns of the audit log (design §4.14). */
export const AUDIT_COLUMNS: readonly GridColumn<AuditEntry>[] = [
  { id: 'at', header: 'Time', width: 150, render: (entry) => <DateTime at={entry.at} /> },
  {
    id: 'who',
    header: 'Who',
    width: 140,
    render: (entry) => <span title={entry.actorName}>{entry.actorName}</span>,
  },
  {
    id: 'did',
    header: 'Did',
    width: 210,
    rowHeader: true,
    render: (entry) => <span className="mono">{entry.action}</span>,
  },
  { id: 'outcome', header: 'Outcome', width: 110, render: (entry) => <Outcome entry={entry} /> },
  { id: 'to', header: 'To', width: 200, render: (entry) => <Subject entry={entry} /> },
  {
    id: 'change',
    header: 'Reason, before → after',
    width: 220,
    grow: true,
    render: (entry) => <Change entry={entry} />,
  },
]

/** Columns left out while an entry is open beside the list. */
export const HIDDEN_BESIDE_ENTRY: ReadonlySet<string> = new Set(['to', 'change'])
