import type { ReactNode } from 'react'
import { formatMoney } from '../../../server/domain/money.ts'
import { gatewayLabel } from '../../../server/domain/gateway.ts'
import { orderPath } from '../../lib/order-path.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { DateTime } from '../../ui/date-time.tsx'
import { FactList } from '../../ui/fact-list.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Section } from '../../ui/page.tsx'
import type { RefundDetail } from './refund-types.ts'
import { REFUND_ORIGINS } from './refund-words.ts'
import css from './refund.module.css'

/** Everything known about a refund; references can be copied. */
export function RefundFacts({ refund }: { refund: RefundDetail }) {
  const { link: Link } = useKit()
  return (
    <>
      <Section title="Refund">
        <FactList
          facts={[
            {
              label: 'Order',
              value: (
                <span className={css['reference']}>
                  <Link to={orderPath(refund.orderRef)} className="mono">
                    {refund.orderRef}
                  </Link>
                  <CopyButton text={refund.orderRef} what="order ID" />
                </span>
              ),
            },
            { label: 'Reason', value: refund.reason },
            { label: 'Asked by', value: refund.requestedBy?.name },
            { label: 'Asked', value: time(refund.requestedAt) },
            { label: 'Decided by', value: refund.decidedBy?.name },
            { label: 'Decided', value: time(refund.decidedAt) },
            {
              label: 'Started',
              value: refund.origin === 'paydesk' ? null : REFUND_ORIGINS[refund.origin][1],
            },
            {
              label: 'Attempt',
              value: refund.txnRef && (
                <>
                  {refund.attemptNumber === null ? null : `${refund.attemptNumber}, `}
                  <span className="mono">{refund.txnRef}</span>
                </>
              ),
            },
            { label: 'Gateway', value: refund.gateway === null ? null : gatewayLabel(refund.gateway) },
            { label: 'Sent', value: time(refund.sentAt) },
            { label: 'Settled', value: time(refund.settledAt) },
            {
              label: 'Expected by',
              value: refund.expectedCreditAt && <DateTime at={refund.expectedCreditAt} format="date" />,
            },
          ]}
        />
      </Section>
      {refund.parts.length > 0 ? (
        <Section title="Parts">
          <p className="caption">
            The order was paid with several instruments, so Juspay gives back to each.
          </p>
          <FactList
            facts={refund.parts.map((part) => ({
              label: part.key,
              value: `${part.amountMinor === null ? 'Amount not told' : formatMoney({ minor: BigInt(part.amountMinor), currency: refund.currency })}, ${part.providerStatus}`,
            }))}
          />
        </Section>
      ) : null}
      <Section title="References">
        <FactList
          facts={[
            { label: 'Refund ID', value: reference(refund.uniqueRequestId, 'refund ID') },
            { label: 'ARN', value: reference(refund.arn, 'ARN') },
            { label: 'UTR or RRN', value: reference(refund.ref, 'bank reference') },
            { label: 'As people were told', value: reference(refund.proof, 'bank reference') },
            { label: 'Our request', value: reference(refund.requestId, 'request ID') },
          ]}
        />
        {refund.arn === null && refund.ref === null && refund.proof === null ? (
          <p className="caption">The bank reference appears here when the gateway reports it.</p>
        ) : null}
      </Section>
    </>
  )
}

function time(at: Date | null): ReactNode {
  return at && <DateTime at={at} format="full" />
}

function reference(value: string | null, what: string): ReactNode {
  if (value === null) return null
  return (
    <span className={css['reference']}>
      <span className="mono">{value}</span>
      <CopyButton text={value} what={what} />
    </span>
  )
}
