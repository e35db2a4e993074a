import { useEffect, useRef } from 'react'
import { ActionButton } from '../../ui/action-button.tsx'
import { DateTime, TimeAgo, useNow } from '../../ui/date-time.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Money } from '../../ui/money.tsx'
import { StatusChip } from '../../ui/status-chip.tsx'
import { formatDuration } from '../../ui/time-format.ts'
import { approvalsPath, type ApprovalTab } from './approval-tabs.ts'
import type { ApprovalRow } from './approval-types.ts'
import { EXPIRES_SOON_MS, REQUEST_CHIPS } from './approval-words.ts'
import css from './approvals.module.css'

const EXPIRY_REFRESH_MS = 30_000

type ApprovalListProps = {
  label: string
  tab: ApprovalTab
  rows: readonly ApprovalRow[]
  /** The request shown beside the list. */
  activeId: string | null
  userId: string
  /** Requests marked to be approved together. */
  marked: ReadonlySet<string>
  onMore?: (() => void) | undefined
  loadingMore: boolean
}

/** The requests of a box as a list of links; the one on show is marked. */
export function ApprovalList(props: ApprovalListProps) {
  const { rows, activeId } = props
  const list = useRef<HTMLOListElement>(null)
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' })
  }, [activeId])
  return (
    <>
      <ol ref={list} className={css['list']} aria-label={props.label}>
        {rows.map((row) => (
          <ListRow key={row.requestId} {...props} row={row} active={row.requestId === activeId} />
        ))}
      </ol>
      {props.onMore ? (
        <div className={css['more']}>
          <ActionButton busy={props.loadingMore} onPress={props.onMore}>
            Show more
          </ActionButton>
        </div>
      ) : null}
    </>
  )
}

type ListRowProps = {
  row: ApprovalRow
  tab: ApprovalTab
  active: boolean
  userId: string
  marked: ReadonlySet<string>
}

function ListRow({ row, tab, active, userId, marked }: ListRowProps) {
  const { link: Link } = useKit()
  const open = row.status === 'pending_approval'
  const [role, label] = REQUEST_CHIPS[row.status]
  return (
    <li>
      <Link
        to={approvalsPath(tab, row.requestId)}
        className={css['row']}
        aria-current={active ? 'page' : undefined}
      >
        <span className={css['line']}>
          <Money value={{ minor: row.amountMinor, currency: row.currency }} strong />
          {marked.has(row.requestId) ? <StatusChip status="charged" label="Marked" /> : null}
          {open ? <Expiry row={row} /> : <StatusChip status={role} label={label} />}
          <span className={css['age']}>
            {open ? <TimeAgo at={row.requestedAt} /> : <DateTime at={row.decidedAt ?? row.requestedAt} />}
          </span>
        </span>
        <span className={css['line']}>
          <span className="truncate">
            {row.reason}, {row.requestedBy.id === userId ? 'asked by you' : row.requestedBy.name}
          </span>
          <span className={css['ref']}>{row.orderRef}</span>
        </span>
      </Link>
    </li>
  )
}

/** Marks a request whose time runs out. */
function Expiry({ row }: { row: ApprovalRow }) {
  const now = useNow(EXPIRY_REFRESH_MS)
  const leftMs = row.expiresAt.getTime() - now.getTime()
  if (leftMs > EXPIRES_SOON_MS) return null
  return (
    <StatusChip status="review" label={leftMs <= 0 ? 'Time is up' : `Expires in ${formatDuration(leftMs)}`} />
  )
}
