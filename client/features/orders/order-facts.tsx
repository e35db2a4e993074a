import { useMutation } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { DISCREPANCY_LABELS } from '../../../server/domain/discrepancy.ts'
import { toActProblem } from '../../lib/errors.ts'
import { useCan } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { announce } from '../../ui/announcer.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { DateTime, TimeAgo } from '../../ui/date-time.tsx'
import { FactList } from '../../ui/fact-list.tsx'
import { IdCell } from '../../ui/id-cell.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Section } from '../../ui/page.tsx'
import { toast } from '../../ui/toasts.tsx'
import type { OrderDetail } from './order-types.ts'
import { fieldWords, gatewayText } from './order-words.ts'
import css from './order.module.css'

/** Personal data that was asked for goes back behind its mask after this. */
const REVEAL_MS = 60_000

/** The facts beside the timeline. Empty ones are left out. */
export function OrderFacts({ order }: { order: OrderDetail }) {
  const { link: Link } = useKit()
  return (
    <>
      <Section title="Payment">
        <FactList
          facts={[
            { label: 'Order', value: id(order.orderRef, 'order ID') },
            { label: 'Juspay ID', value: id(order.providerOrderRef, 'Juspay ID') },
            { label: 'Juspay status', value: <span className="mono">{order.providerStatus}</span> },
            { label: 'Gateway ID', value: id(order.gatewayRef, 'gateway ID') },
            { label: 'RRN', value: id(order.rrn, 'RRN') },
            { label: 'Created', value: <DateTime at={order.createdAt} format="full" /> },
            { label: 'Charged', value: order.chargedAt && <DateTime at={order.chargedAt} format="full" /> },
            { label: 'Method', value: order.methodLabel },
            { label: 'Gateway', value: gatewayText(order) },
            { label: 'Description', value: order.description },
            {
              label: 'Last asked',
              value: order.lastCheckedAt && <DateTime at={order.lastCheckedAt} format="full" />,
            },
            {
              label: 'Next check',
              value: order.nextCheckAt && <DateTime at={order.nextCheckAt} format="full" />,
            },
            ...Object.entries(order.udf).map(([name, value]) => ({ label: name.toUpperCase(), value })),
          ]}
        />
      </Section>
      {/* Another order must not inherit what was revealed. */}
      <Customer key={order.id} order={order} />
      <Section title="Discrepancies">
        {order.discrepancies.length === 0 ? (
          <p className="muted">None.</p>
        ) : (
          order.discrepancies.map((finding) => (
            <div key={finding.id} className={css['finding']}>
              <p>{DISCREPANCY_LABELS[finding.kind] ?? fieldWords(finding.kind)}</p>
              <p className="muted">{finding.detail}</p>
              <p className="caption">
                Found <TimeAgo at={finding.foundAt} />.{' '}
                <Link to="/reconciliation">Open in Reconciliation</Link>
              </p>
            </div>
          ))
        )}
      </Section>
    </>
  )
}

function id(value: string | null, what: string) {
  return value === null ? null : <IdCell value={value} what={what} />
}

function Customer({ order }: { order: OrderDetail }) {
  const trpc = useTRPC()
  const can = useCan('order:pii')
  const reveal = useMutation(trpc.orders.revealCustomer.mutationOptions())
  const [contact, setContact] = useState<{ email: string | null; phone: string | null } | null>(null)
  const { customer } = order
  const hidden = customer.emailMasked !== null || customer.phoneMasked !== null
  useEffect(() => {
    if (!contact) return
    const timer = setTimeout(() => {
      setContact(null)
      announce('Contact details hidden again')
    }, REVEAL_MS)
    return () => clearTimeout(timer)
  }, [contact])

  async function show() {
    try {
      setContact(await reveal.mutateAsync({ orderId: order.id }))
      announce('Contact details shown for 60 seconds. This is logged.')
    } catch (error) {
      const { title, message } = toActProblem(error)
      toast.error(title, message)
    }
  }
  return (
    <Section
      title="Customer"
      end={
        hidden ? (
          <ActionButton
            tone="quiet"
            busy={reveal.isPending}
            disabledReason={can.reason}
            onPress={() => (contact ? setContact(null) : void show())}
          >
            {contact ? 'Hide' : 'Reveal'}
          </ActionButton>
        ) : null
      }
    >
      <FactList
        facts={[
          { label: 'Name', value: customer.name },
          { label: 'Email', value: revealed(contact?.email, customer.emailMasked, 'email') },
          { label: 'Phone', value: revealed(contact?.phone, customer.phoneMasked, 'phone') },
          { label: 'Customer ID', value: id(customer.ref, 'customer ID') },
        ]}
      />
      {contact ? <p className="caption">Shown for 60 s. Your look is in the audit log.</p> : null}
    </Section>
  )
}

function revealed(value: string | null | undefined, mask: string | null, what: string) {
  if (!value) return mask
  return (
    <span className={css['reference']}>
      {value}
      <CopyButton text={value} what={what} />
    </span>
  )
}
