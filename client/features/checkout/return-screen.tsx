import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useReducer, useState } from 'react'
import { z } from 'zod/mini'
import { orderMoney } from '../../../server/domain/money.ts'
import type { PaymentStatus } from '../../../server/domain/payment-status.ts'
import { codeOf, toActProblem, toProblem } from '../../lib/errors.ts'
import { useLive } from '../../lib/live.tsx'
import { orderPath } from '../../lib/order-path.ts'
import { useCan } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { DateTime } from '../../ui/date-time.tsx'
import { FactList } from '../../ui/fact-list.tsx'
import { IdCell } from '../../ui/id-cell.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Money } from '../../ui/money.tsx'
import { Page, PageScroll, SplitPage } from '../../ui/page.tsx'
import { EmptyState, ErrorState, ForbiddenState, LoadingRows, Notice } from '../../ui/states.tsx'
import { StatusChip } from '../../ui/status-chip.tsx'
import type { OrderResult } from './checkout-types.ts'
import { IntegrationPanel } from './integration-panel.tsx'
import { takeOpenOrder } from './open-order.ts'
import { backFromPage, emptyTrace, keptTrace, traceReducer, type Trace } from './trace.ts'
import css from './checkout.module.css'

const CRUMBS = [{ label: 'Demo checkout', to: '/checkout' }]

/** While the answer is "not yet", the server is asked again this often. */
const ASK_AGAIN_MS = 5_000
/** After two minutes the live feed has to do; the button stays. */
const ASKS_MAX = 24

type ReturnScreenProps = {
  orderRef: string
  /** The status that `/payments/return` passed on: verified there, but anybody can type an address. */
  told: string
}

/** Where the customer comes back to: the status our server has from Juspay, never the one a browser claims. */
export function ReturnScreen(props: ReturnScreenProps) {
  const can = useCan('order:read')
  const { link: Link } = useKit()
  if (!can.allowed || props.orderRef === '') {
    return (
      <Page title="Back from payment" crumbs={CRUMBS}>
        <PageScroll>
          {can.allowed ? (
            <EmptyState title="No order is named." action={<Link to="/checkout">Go to the shop</Link>}>
              This page is opened by the payment page, with the order in its address.
            </EmptyState>
          ) : (
            <ForbiddenState title={can.reason} />
          )}
        </PageScroll>
      </Page>
    )
  }
  return <Returned {...props} />
}

function Returned({ orderRef, told }: ReturnScreenProps) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const { link: Link } = useKit()
  const canAsk = useCan('order:sync')
  const [trace, tell] = useReducer(traceReducer, orderRef, startTrace)
  const order = useQuery(trpc.orders.get.queryOptions({ orderRefOrId: orderRef }))
  const check = useMutation(trpc.orders.checkStatus.mutationOptions())
  const [asks, setAsks] = useState(0)
  const [checkProblem, setCheckProblem] = useState<string | null>(null)
  const orderId = order.data?.id ?? null
  const settled = order.data !== undefined && resultOf(order.data).settled

  async function verify(id: string) {
    tell({
      kind: 'begin',
      step: 'return',
      at: Date.now(),
      sent: { order_id: orderRef, status: told || null },
    })
    try {
      const answer = await check.mutateAsync({ orderId: id })
      setCheckProblem(null)
      const fresh = await client.fetchQuery(
        trpc.orders.get.queryOptions({ orderRefOrId: orderRef }, { staleTime: 0 }),
      )
      tell({
        kind: 'end',
        step: 'return',
        at: Date.now(),
        ok: true,
        got: z
          .json()
          .parse({ outcome: answer.outcome, message: answer.message, status: fresh.providerStatus }),
      })
    } catch (error) {
      const { title, message } = toActProblem(error)
      setCheckProblem([title, message].filter(Boolean).join(' '))
      tell({ kind: 'end', step: 'return', at: Date.now(), ok: false, note: title })
    } finally {
      setAsks((before) => before + 1)
    }
  }

  const verifyNow = useEffectEvent((id: string) => void verify(id))
  // Effects only set the clock: the first question is asked at once, the next ones after a pause.
  const { allowed } = canAsk
  const asking = check.isPending
  useEffect(() => {
    const enough = asks > 0 && (settled || asks >= ASKS_MAX)
    if (orderId === null || enough || asking || !allowed) return
    const timer = setTimeout(() => verifyNow(orderId), asks === 0 ? 0 : ASK_AGAIN_MS)
    return () => clearTimeout(timer)
  }, [orderId, settled, asking, allowed, asks])
  // Whoever stands here has come back: nothing is left open.
  useEffect(() => void takeOpenOrder(), [])
  useLive((message) => {
    if (message.kind === 'change' && message.subject === 'order' && message.subjectId === orderId)
      void client.invalidateQueries({ queryKey: trpc.orders.get.queryKey({ orderRefOrId: orderRef }) })
  })

  return (
    <Page title="Back from payment" crumbs={CRUMBS}>
      <SplitPage asideLabel="Integration steps" aside={<IntegrationPanel trace={trace} />}>
        <div className={css['shop']}>
          <header className={css['brand']}>
            <p className={css['shopName']}>Kettle &amp; Leaf</p>
            <p className="caption">A made-up shop. No real money moves.</p>
          </header>
          {order.error !== null && !order.data ? (
            codeOf(order.error) === 'NOT_FOUND' ? (
              <EmptyState title={`No order ${orderRef} in this account.`}>
                What the address says about it is not believed.
              </EmptyState>
            ) : (
              <ErrorState
                problem={toProblem(order.error, 'this order')}
                onRetry={() => void order.refetch()}
              />
            )
          ) : null}
          {told === 'unverified' ? <Unverified /> : null}
          {order.data ? <Result order={order.data} told={told} asking={asking} /> : null}
          {order.isPending ? <LoadingRows rows={4} label="Asking the server" /> : null}
          {checkProblem === null ? null : <Notice tone="pending">{checkProblem}</Notice>}
          {canAsk.allowed ? null : <Notice tone="info">{canAsk.reason} The stored status is shown.</Notice>}
          <div className={css['buttons']}>
            {order.data ? (
              <Link to={orderPath(orderRef)} className={css['primaryLink']}>
                Open in Paydesk
              </Link>
            ) : null}
            <Link to="/checkout">Back to the shop</Link>
            {orderId === null ? null : (
              <ActionButton
                busy={asking}
                disabledReason={canAsk.reason}
                shortcut={{ id: 'return.check', keys: 'S', label: 'Check status', group: 'This record' }}
                onPress={() => void verify(orderId)}
              >
                Check status
              </ActionButton>
            )}
          </div>
        </div>
      </SplitPage>
    </Page>
  )
}

function startTrace(orderRef: string): Trace {
  const kept = keptTrace(orderRef)
  return kept === null ? emptyTrace() : backFromPage(kept, Date.now())
}

type Words = { title: string; text: string; settled: boolean }

const RESULTS: Readonly<Partial<Record<PaymentStatus, Words>>> = {
  charged: {
    title: 'Paid. Thank you',
    text: 'Juspay confirmed to our server that the money was taken.',
    settled: true,
  },
  authorised: {
    title: 'Reserved',
    text: 'The bank holds the amount. It is taken when the goods are sent.',
    settled: true,
  },
  failed: {
    title: 'The payment failed',
    text: 'Nothing was taken. You can pay again in the shop.',
    settled: true,
  },
  created: {
    title: 'Not paid',
    text: 'No attempt was made, so nothing was taken. The order can still be paid.',
    settled: true,
  },
  voided: { title: 'Released', text: 'The held amount was given back.', settled: true },
}

const NOT_YET: Words = {
  title: 'We don’t know yet',
  text: 'The bank has not answered. We keep asking, and this page changes by itself.',
  settled: false,
}

const CASH_ON_DELIVERY: Words = {
  title: 'Ordered. Pay on delivery',
  text: 'Nothing was taken: the customer pays at the door.',
  settled: true,
}

function resultOf({ paymentStatus, providerStatus }: OrderResult): Words {
  if (providerStatus === 'COD_INITIATED') return CASH_ON_DELIVERY
  return RESULTS[paymentStatus] ?? NOT_YET
}

function Unverified() {
  const { link: Link } = useKit()
  const canSee = useCan('settings:read')
  return (
    <Notice tone="review" title="The return address carried no valid signature.">
      Anybody could have written it, so nothing it said was believed. What stands below is Juspay’s answer to
      our server. {canSee.allowed ? <Link to="/integration">Find out why</Link> : null}
    </Notice>
  )
}

type ResultProps = { order: OrderResult; told: string; asking: boolean }

function Result({ order, told, asking }: ResultProps) {
  const { title, text } = resultOf(order)
  return (
    <section aria-label="Result" className={css['result']}>
      <div className={css['resultHead']} role="status">
        <h2 className={css['resultTitle']}>{title}</h2>
        <StatusChip status={order.displayStatus} variant="header" detail={order.providerStatus} />
      </div>
      <p className="muted">{text}</p>
      <FactList
        boxed
        facts={[
          {
            label: 'Amount',
            value: <Money value={orderMoney(order)} strong />,
          },
          { label: 'Order', value: <IdCell value={order.orderRef} what="order ID" /> },
          { label: 'Paid with', value: order.attemptCount === 0 ? null : order.methodLabel },
          { label: 'Attempts', value: String(order.attemptCount) },
          { label: 'Passed on by the return address', value: told },
          { label: 'Bank said', value: order.paymentStatus === 'failed' ? order.errorMessage : null },
          {
            label: 'Verified by our server',
            value: asking ? (
              'Asking Juspay'
            ) : order.lastCheckedAt ? (
              <DateTime at={order.lastCheckedAt} />
            ) : (
              'Not yet'
            ),
          },
        ]}
      />
    </section>
  )
}
