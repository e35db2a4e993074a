import { useQuery } from '@tanstack/react-query'
import { blockOf } from '../../../server/domain/approval-checks.ts'
import { toProblem } from '../../lib/errors.ts'
import { orderPath } from '../../lib/order-path.ts'
import { useCan, useSession } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { DateTime, TimeAgo } from '../../ui/date-time.tsx'
import { FactList } from '../../ui/fact-list.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Money } from '../../ui/money.tsx'
import { Section } from '../../ui/page.tsx'
import { Bone, Notice } from '../../ui/states.tsx'
import { StatusChip } from '../../ui/status-chip.tsx'
import { useShortcut } from '../../ui/use-shortcut.ts'
import { ApprovalChecks } from './approval-checks.tsx'
import type { ApprovalRow } from './approval-types.ts'
import { amountText, REQUEST_CHIPS } from './approval-words.ts'
import { OrderSoFar } from './order-so-far.tsx'
import { RequestQuestions } from './request-questions.tsx'
import css from './approvals.module.css'

/** Enough of the hash to compare by eye. */
const SHORT_HASH = 12

export type Decide = {
  /** The button under the facts: decides at once. */
  approveShown: () => void
  /** The key: asks first. */
  approve: () => void
  reject: () => void
  withdraw: () => void
  /** Takes the request into, or out of, those approved together; null where it cannot be among them. */
  mark: (() => void) | null
  busy: boolean
  /** Why the last press came to nothing. */
  problem: { title: string; message: string } | null
}

/** Everything needed to decide one request, amount first, the consequence just above the buttons. */
export function ApprovalDetail({ row, decide }: { row: ApprovalRow; decide: Decide }) {
  const { link: Link } = useKit()
  const open = row.status === 'pending_approval'
  const [role, label] = REQUEST_CHIPS[row.status]
  return (
    <>
      <div className={css['card']}>
        <h2 className={css['heading']} tabIndex={-1}>
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
                <Link to={orderPath(row.orderRef)} className="mono">
                  {row.orderRef}
                </Link>
                <CopyButton text={row.orderRef} what="order ID" />
              </span>
            ),
          },
          { label: 'Goes back to', value: row.destination },
          {
            label: 'Attempt',
            value: row.attempt && (
              <>
                {row.attempt.number === null ? null : `${row.attempt.number}, `}
                <span className="mono">{row.attempt.txnRef}</span>
              </>
            ),
          },
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
          {
            label: 'Frozen as',
            value: (
              <span className={css['reference']}>
                <span className="mono" title="SHA-256 of exactly what is shown here">
                  {row.approvalHash.slice(0, SHORT_HASH)}
                </span>
                <CopyButton text={row.approvalHash} what="hash of the request" />
              </span>
            ),
          },
        ]}
      />
      {open ? <Open row={row} decide={decide} /> : null}
      {open || row.commentCount > 0 ? <RequestQuestions row={row} /> : null}
      <OrderSoFar orderId={row.orderId} requestId={row.requestId} orderPath={orderPath(row.orderRef)} />
    </>
  )
}

/** What still waits: its checks, and the decision under them. */
function Open({ row, decide }: { row: ApprovalRow; decide: Decide }) {
  const trpc = useTRPC()
  const checked = useQuery(trpc.approvals.get.queryOptions({ requestId: row.requestId }, { staleTime: 0 }))
  const checks = checked.data?.checks ?? null
  return (
    <>
      <Section
        title="Checks"
        end={
          checked.data ? (
            <span className="caption">
              As of <DateTime at={checked.data.checkedAt} />
            </span>
          ) : null
        }
      >
        {checks ? (
          <ApprovalChecks checks={checks} />
        ) : checked.error ? (
          <Notice tone="review" title={toProblem(checked.error, 'the checks').title}>
            They are made again when you approve.
          </Notice>
        ) : (
          <Bone />
        )}
      </Section>
      <Decision row={row} decide={decide} blocked={checks && blockOf(checks)} />
    </>
  )
}

type DecisionProps = { row: ApprovalRow; decide: Decide; blocked: string | null }

function Decision({ row, decide, blocked }: DecisionProps) {
  const canApprove = useCan('refund:approve')
  const canRequest = useCan('refund:request')
  const { user } = useSession()
  const own = row.requestedBy.id === user.id
  // The rule about oneself comes first: a role can be given, this cannot.
  const reason = row.blockedReason ?? canApprove.reason
  const approveReason = reason ?? blocked
  return (
    <div className={css['decision']}>
      {decide.problem ? (
        <Notice tone="failed" title={decide.problem.title}>
          {decide.problem.message}
        </Notice>
      ) : null}
      {reason ? (
        <Notice tone="info">{reason}</Notice>
      ) : blocked ? (
        <Notice tone="review" title="This cannot be approved now.">
          Reject it with a reason; it can be asked for again.
        </Notice>
      ) : (
        <Notice tone="pending" title="If you approve">
          We check it with Juspay and send it at once. It cannot be cancelled then.
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
          disabledReason={reason ?? (decide.busy ? 'Wait for the answer.' : null)}
          onPress={decide.reject}
        >
          Reject
        </ActionButton>
        <ActionButton
          tone="primary"
          shortcut={{
            id: 'approval.approve',
            keys: 'A',
            label: 'Approve',
            group: 'This record',
            run: decide.approve,
          }}
          label={`Approve ${amountText(row)}`}
          busy={decide.busy}
          disabledReason={approveReason}
          onPress={decide.approveShown}
        >
          Approve {amountText(row)}
        </ActionButton>
      </div>
      <MarkKey row={row} mark={approveReason === null ? decide.mark : null} />
    </div>
  )
}

function MarkKey({ row, mark }: { row: ApprovalRow; mark: Decide['mark'] }) {
  useShortcut(
    mark && {
      id: 'approval.mark',
      keys: 'Shift+A',
      label: `Approve ${amountText(row)} together with others`,
      group: 'This record',
      run: mark,
    },
  )
  return null
}
