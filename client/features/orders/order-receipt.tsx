import { gatewayLabel } from '../../../server/domain/gateway.ts'
import { formatMoney, orderMoney } from '../../../server/domain/money.ts'
import { DISPLAY_LABELS } from '../../../server/domain/payment-status.ts'
import type { RefundDisplay } from '../../../server/domain/refund-display.ts'
import { usePrintedBy } from '../../lib/printed-by.ts'
import { refundChip } from '../../lib/refund-chip.ts'
import { useSession } from '../../lib/session.ts'
import { FactList } from '../../ui/fact-list.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { PrintSheet } from '../../ui/print-sheet.tsx'
import { formatTime } from '../../ui/time-format.ts'
import { amountsOf, gapText, LEFT, NOT_KNOWN, UNCONFIRMED } from './order-amounts.ts'
import type { OrderDetail, OrderRefund } from './order-types.ts'
import { chipLabel } from './order-words.ts'

/** Requests that came to nothing: no money was ever sent for them. */
const NEVER_SENT: ReadonlySet<RefundDisplay> = new Set(['rejected', 'expired', 'withdrawn'])
/** Amounts that a receipt names even when they are nothing. */
const ALWAYS: ReadonlySet<string> = new Set(['Charged', 'Refunded'])

export type OrderReceiptProps = {
  order: OrderDetail
  refunds: readonly OrderRefund[]
  /** When the order was read. */
  asOf: Date
  printedAt: Date
}

/** An order on one page of paper, with what its page shows and as masked as there. */
export function OrderReceipt({ order, refunds, asOf, printedAt }: OrderReceiptProps) {
  const { account } = useSession()
  const { timeZone } = useKit()
  const by = usePrintedBy()
  const time = (at: Date | null) => at && formatTime(at, 'full', timeZone)
  const sent = refunds.filter(({ status }) => !NEVER_SENT.has(status))
  // What nobody has paid is not called a receipt.
  const paid = order.figures.chargedMinor > 0n
  return (
    <PrintSheet paper="receipt">
      <h1>{paid ? 'Payment receipt' : 'Payment record'}</h1>
      <p>
        <strong>{account.name}</strong>,{' '}
        {account.environment === 'sandbox' ? 'sandbox. This is a test: no money moved.' : 'live account.'}
      </p>
      {paid ? null : <p>No charge is confirmed for this order.</p>}
      <h2>Payment</h2>
      <FactList
        facts={[
          { label: 'Order', value: order.orderRef },
          { label: 'Status', value: statusWords(order) },
          { label: 'Created', value: time(order.createdAt) },
          { label: 'Charged on', value: time(order.chargedAt) },
          { label: 'Method', value: order.methodLabel },
          { label: 'UPI', value: order.customer.vpaMasked },
          { label: 'Gateway', value: order.gateway && gatewayLabel(order.gateway) },
          { label: 'Juspay ID', value: order.providerOrderRef },
          { label: 'Gateway ID', value: order.gatewayRef },
          { label: 'RRN', value: order.rrn },
        ]}
      />
      <h2>Amounts</h2>
      <FactList facts={amountFacts(order)} />
      {order.figures.gapMinor === 0n ? null : <p>{gapText(order)}</p>}
      {sent.length === 0 ? null : <Refunds refunds={sent} time={time} />}
      <p>
        As of {time(asOf)}. Printed by {by}, at {time(printedAt)}.
      </p>
    </PrintSheet>
  )
}

/** "Partly refunded. ₹500.00 was returned…": the word of the chip, then what happened as the page says it. */
function statusWords(order: OrderDetail): string {
  // For how long it has been stuck is nothing for paper, on which time stands still.
  const label = chipLabel({ ...order, stuckSince: null }, order.changedAt)
  return [
    `${label ?? DISPLAY_LABELS[order.displayStatus]}.`,
    order.explanation.sentence,
    order.unconfirmedSince && `${UNCONFIRMED}.`,
  ]
    .filter(Boolean)
    .join(' ')
}

function amountFacts(order: OrderDetail) {
  const text = (minor: bigint | null) =>
    minor === null ? NOT_KNOWN : formatMoney({ minor, currency: order.currency })
  const known = orderMoney(order)
  return [
    { label: 'Amount', value: known === null ? NOT_KNOWN : formatMoney(known) },
    ...amountsOf(order)
      .filter(({ label, minor }) => label !== LEFT && (minor !== 0n || ALWAYS.has(label)))
      .map(({ label, minor, note }) => ({ label, value: note ? `${text(minor)} (${note})` : text(minor) })),
  ]
}

type RefundsProps = { refunds: readonly OrderRefund[]; time: (at: Date | null) => string | null }

function Refunds({ refunds, time }: RefundsProps) {
  return (
    <>
      <h2>Refunds</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Refund</th>
            <th scope="col">Asked</th>
            <th scope="col">Settled</th>
            <th scope="col" data-align="end">
              Amount
            </th>
            <th scope="col">Status</th>
            <th scope="col">Bank reference</th>
          </tr>
        </thead>
        <tbody>
          {refunds.map((refund) => (
            <tr key={refund.id}>
              <td>{refund.uniqueRequestId ?? refund.id}</td>
              <td>{time(refund.requestedAt)}</td>
              <td>{time(refund.settledAt)}</td>
              <td data-align="end">
                {formatMoney({ minor: refund.amountMinor, currency: refund.currency })}
              </td>
              <td>{refundChip(refund)[1]}</td>
              <td>{refund.arn === null ? refund.ref : `ARN ${refund.arn}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
