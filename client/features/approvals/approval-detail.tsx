import { useCan, useSession } from '../../lib/session.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { DateTime, TimeAgo } from '../../ui/date-time.tsx'
import { FactList } from '../../ui/fact-list.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Money } from '../../ui/money.tsx'
import { Notice } from '../../ui/states.tsx'
import { StatusChip } from '../../ui/status-chip.tsx'
import type { ApprovalRow } from './approval-types.ts'
import { amountText, orderPath, REQUEST_CHIPS } from './approval-words.ts'
import { OrderSoFar } from './order-so-far.tsx'
import css from './approvals.module.css'

export type Decide = { approve: () => void; reject: () => void; withdraw: () => void }

/** Everything needed to decide one request, amount first, the consequence just above the buttons. */
export function ApprovalDetail({ row, decide }: { row: ApprovalRow; decide: Decide }) {
  const { link: Link } = useKit()
  const open = row.status === 'pending_approval'
  const [role, label] = REQUEST_CHIPS[row.status]
  return (
    <>
      <div className={css['card']}>
        <h2 className={css['heading']}>
          <span className="visually-hidden">Refund of </span>
          <span className={css['amount']}>
            <Money value={{ minor: row.amountMinor, currency: row.currency }} />
          </span>
          <span className="visually-hidden"> for order {row.orderRef}</span>
        </h2>
        <p className="muted">
          of <Money value={{ minor: row.paidMinor, currency: row.currency }} /> paid.{' '}
          <Money value={{ minor: row.leftAfterMinor, currency: row.currency }} />{' '}
          {open ? 'left after this.' : 'left now.'}
        </p>
        {open ? null : (
          <p className={css['ended']}>
            <StatusChip status={role} label={label} variant="header" />
            <span className="muted">
              {row.decidedBy ? `${row.decidedBy.name}, ` : null}
              <DateTime at={row.decidedAt} format="full" />
            </span>
          </p>
        )}
      </div>
      <FactList
        facts={[
          {
            label: 'Order',
            value: (
              <span className={css['reference']}>
                <Link to={orderPath(row)} className="mono">
                  {row.orderRef}
                </Link>
                <CopyButton text={row.orderRef} what="order ID" />
              </span>
            ),
          },
          { label: 'Goes back to', value: row.destination },
          { label: 'Reason', value: row.reason },
          { label: 'Note', value: row.note && <span className={css['quote']}>{row.note}</span> },
          {
            label: 'Asked by',
            value: (
              <>
                {row.requestedBy.name}, <TimeAgo at={row.requestedAt} />
              </>
            ),
          },
          { label: 'Why approval', value: row.policyReason },
          { label: 'Expires', value: open ? <DateTime at={row.expiresAt} format="full" /> : null },
          { label: 'Decision note', value: row.decisionNote },
        ]}
      />
      {open ? <Decision row={row} decide={decide} /> : null}
      <OrderSoFar orderId={row.orderId} requestId={row.requestId} orderPath={orderPath(row)} />
    </>
  )
}

function Decision({ row, decide }: { row: ApprovalRow; decide: Decide }) {
  const canApprove = useCan('refund:approve')
  const canRequest = useCan('refund:request')
  const { user } = useSession()
  const own = row.requestedBy.id === user.id
  // The rule about oneself comes first: a role can be given, this cannot.
  const reason = row.blockedReason ?? canApprove.reason
  return (
    <div className={css['decision']}>
      {reason ? (
        <Notice tone="info">{reason}</Notice>
      ) : (
        <Notice tone="pending" title="If you approve">
          We send it to Juspay at once. It cannot be cancelled then.
        </Notice>
      )}
      <div className={css['buttons']}>
        {own ? (
          <ActionButton
            shortcut={{ id: 'approval.withdraw', keys: 'W', label: 'Withdraw request', group: 'This record' }}
            disabledReason={canRequest.reason}
            onPress={decide.withdraw}
          >
            Withdraw request
          </ActionButton>
        ) : null}
        <ActionButton
          shortcut={{ id: 'approval.reject', keys: 'N', label: 'Reject', group: 'This record' }}
          label={`Reject the refund of ${amountText(row)}`}
          disabledReason={reason}
          onPress={decide.reject}
        >
          Reject
        </ActionButton>
        <ActionButton
          tone="primary"
          shortcut={{ id: 'approval.approve', keys: 'A', label: 'Approve', group: 'This record' }}
          label={`Approve ${amountText(row)}`}
          disabledReason={reason}
          onPress={decide.approve}
        >
          Approve {amountText(row)}
        </ActionButton>
      </div>
    </div>
  )
}
