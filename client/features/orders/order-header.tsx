import { useState } from 'react'
import { gatewayLabel } from '../../../server/domain/gateway.ts'
import { orderMoney } from '../../../server/domain/money.ts'
import { checkText, isAnswered } from '../../lib/check-words.ts'
import { toActProblem } from '../../lib/errors.ts'
import { useProviderDown } from '../../lib/provider-health.tsx'
import { useRefundReason } from '../../lib/refund-reason.ts'
import { useCheckStatus } from '../../lib/use-check-status.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { useNow, type Wait } from '../../ui/date-time.tsx'
import { Money } from '../../ui/money.tsx'
import { PageBar } from '../../ui/page.tsx'
import { Notice } from '../../ui/states.tsx'
import { formatCountdown, formatTime } from '../../ui/time-format.ts'
import { useKit } from '../../ui/kit-context.ts'
import { CheckButton, waitOf } from './check-button.tsx'
import { OrderChip } from './order-columns.tsx'
import { OrderMore } from './order-more.tsx'
import type { OrderDetail, StatusCheck } from './order-types.ts'
import { changeText } from './order-words.ts'
import css from './order.module.css'

type CheckResult =
  | { kind: 'answer'; check: StatusCheck; wait: Wait | null }
  | { kind: 'failed'; title: string; message: string }

/** The countdown is a clock: it moves every second. */
const TICK_MS = 1_000

/** While webhooks alone say what became of the money. */
const CONFIRMING = 'Confirming with Juspay'

type OrderHeaderProps = {
  order: OrderDetail
  /** When the order was read. */
  asOf: Date
  onRefund: () => void
}

/** Amount, state and what can be done; below, what the last status check came to. */
export function OrderHeader({ order, asOf, onRefund }: OrderHeaderProps) {
  const refundReason = useRefundReason()
  const { timeZone } = useKit()
  const check = useCheckStatus()
  const providerDown = useProviderDown()
  const [result, setResult] = useState<CheckResult | null>(null)

  async function checkStatus() {
    setResult(null)
    try {
      const answer = await check.mutateAsync({ orderId: order.id })
      setResult({ kind: 'answer', check: answer, wait: waitOf(answer) })
    } catch (error) {
      setResult({ kind: 'failed', ...toActProblem(error) })
    }
  }
  const through = [order.methodLabel, order.gateway && `via ${gatewayLabel(order.gateway)}`]
    .filter(Boolean)
    .join(' ')
  const who = order.customer.name ?? order.customer.emailMasked
  return (
    <>
      <PageBar
        end={
          <div className={css['actions']}>
            <CheckButton
              busy={check.isPending}
              wait={result?.kind === 'answer' ? result.wait : null}
              onPress={() => void checkStatus()}
            />
            <OrderMore order={order} asOf={asOf} />
            <ActionButton
              tone="primary"
              shortcut={{
                id: 'order.refund',
                keys: 'R',
                label: `Refund ${order.orderRef}`,
                group: 'This record',
              }}
              label={`Refund order ${order.orderRef}`}
              disabledReason={refundReason(order)}
              note={order.refundNote}
              onPress={onRefund}
            >
              Refund
            </ActionButton>
          </div>
        }
      >
        <span className="figure">
          <Money value={orderMoney(order)} />
        </span>
        <OrderChip order={order} variant="header" />
        <span className="muted">
          {[through, who, order.unconfirmedSince && CONFIRMING, providerDown].filter(Boolean).join(' · ')}
        </span>
      </PageBar>
      {order.autoRefundDueAt ? <AutoRefundNotice dueAt={order.autoRefundDueAt} /> : null}
      <div role="status" className={result ? css['result'] : undefined}>
        {result?.kind === 'answer' ? (
          <Notice tone={answerTone(result.check)}>
            {checkText(result.check, timeZone)}{' '}
            <span className="caption">
              Asked {formatTime(result.check.checkedAt, 'time', timeZone)} {timeZone}
            </span>
            {result.check.changes.length ? (
              <ul>
                {result.check.changes.map((change) => (
                  <li key={`${change.subject}.${change.field}`}>{changeText(change)}</li>
                ))}
              </ul>
            ) : null}
          </Notice>
        ) : null}
        {result?.kind === 'failed' ? (
          <Notice tone="failed" title={result.title}>
            {result.message}
          </Notice>
        ) : null}
      </div>
    </>
  )
}

/** No answer is not "nothing changed". */
function answerTone(check: StatusCheck): 'charged' | 'info' | 'failed' {
  if (!isAnswered(check)) return 'failed'
  return check.changes.length > 0 ? 'charged' : 'info'
}

/** A payment that succeeded late: Juspay may return it by itself, so a refund by hand may be one too many. */
function AutoRefundNotice({ dueAt }: { dueAt: Date }) {
  const { timeZone } = useKit()
  const leftMs = dueAt.getTime() - useNow(TICK_MS).getTime()
  return (
    <div className={css['result']}>
      <Notice tone="review" title="Charged long after it failed.">
        {leftMs > 0 ? (
          <>
            If automatic refunds are switched on at Juspay, it returns the money by itself within{' '}
            <span className="num">{formatCountdown(leftMs)}</span>. Wait for that before you refund it.
          </>
        ) : (
          `If automatic refunds were switched on at Juspay, it would have returned the money by ${formatTime(dueAt, 'full', timeZone)}.`
        )}
      </Notice>
    </div>
  )
}
