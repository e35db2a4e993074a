import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { formatMoney } from '../../../server/domain/money.ts'
import { gridState } from '../../lib/errors.ts'
import { useCan, useSession } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Page, PageScroll, Section, SplitPage } from '../../ui/page.tsx'
import { EmptyState, ErrorState, ForbiddenState, LoadingRows, Notice } from '../../ui/states.tsx'
import { buyerProblems, FIRST_BUYER, FIRST_CART, totalOf } from './cart.ts'
import { FRAME_ID } from './checkout-flow.ts'
import { IntegrationPanel } from './integration-panel.tsx'
import { BuyerFields, ShopCart } from './shop-cart.tsx'
import { useCheckout } from './use-checkout.ts'
import css from './checkout.module.css'

const CRUMBS = [{ label: 'Sandbox', to: '/sandbox' }]

/** A small shop that walks Juspay's SDK through every step of the integration, against the sandbox. */
export function CheckoutScreen() {
  const can = useCan('sandbox:use')
  return can.allowed ? (
    <Available />
  ) : (
    <Page title="Demo checkout">
      <PageScroll>
        <ForbiddenState title={can.reason} />
      </PageScroll>
    </Page>
  )
}

function Available() {
  const trpc = useTRPC()
  const info = useQuery(trpc.sandbox.info.queryOptions())
  if (info.data?.available && info.data.scriptUrl !== null) return <Shop scriptUrl={info.data.scriptUrl} />
  const state = gridState(info, 'the sandbox')
  return (
    <Page title="Demo checkout" crumbs={CRUMBS}>
      <PageScroll>
        {state.kind === 'loading' ? <LoadingRows label="Loading the checkout" /> : null}
        {state.kind === 'error' ? <ErrorState problem={state.problem} onRetry={state.onRetry} /> : null}
        {state.kind === 'forbidden' ? <ForbiddenState title={state.title} hint={state.hint} /> : null}
        {info.data ? (
          <EmptyState title="The demo checkout works only with a sandbox.">
            This account has none. No payment is ever made up on a live account.
          </EmptyState>
        ) : null}
      </PageScroll>
    </Page>
  )
}

function Shop({ scriptUrl }: { scriptUrl: string }) {
  const { currency } = useSession().account
  const { link: Link } = useKit()
  const [cart, setCart] = useState(FIRST_CART)
  const [buyer, setBuyer] = useState(FIRST_BUYER)
  const { trace, phase, scriptProblem, flow, reloadScript } = useCheckout(scriptUrl)
  const problems = buyerProblems(buyer)
  const total = totalOf(cart)
  const price = formatMoney({ minor: total, currency })
  const paying = phase.kind === 'paying' || phase.kind === 'leaving'
  const firstProblem = Object.values(problems).find((problem) => problem !== null)

  function pay() {
    void flow.pay({ amountMinor: total, customer: buyer })
  }

  return (
    <Page title="Demo checkout" crumbs={CRUMBS}>
      <SplitPage asideLabel="Integration steps" aside={<IntegrationPanel trace={trace} />}>
        <div className={css['shop']}>
          <header className={css['brand']}>
            <p className={css['shopName']}>Kettle &amp; Leaf</p>
            <p className="caption">A made-up shop. No real money moves.</p>
          </header>
          {scriptProblem === null ? null : (
            <Notice tone="failed" title="The payment script is missing.">
              <p>{scriptProblem} Is the sandbox running?</p>
              <ActionButton onPress={reloadScript}>Load it again</ActionButton>
            </Notice>
          )}
          {phase.kind === 'cart' && phase.notice ? <Notice tone="info">{phase.notice}</Notice> : null}
          {phase.kind === 'failed' ? (
            <Notice tone="failed" title={phase.title}>
              <p>{phase.message}</p>
              <div className={css['buttons']}>
                {phase.canRetry ? (
                  <ActionButton tone="primary" onPress={() => flow.retry()}>
                    Try again
                  </ActionButton>
                ) : null}
                {phase.orderRef === null ? null : (
                  <Link to={`/orders/${encodeURIComponent(phase.orderRef)}`}>Open in Paydesk</Link>
                )}
              </div>
            </Notice>
          ) : null}
          {paying ? (
            <PayingBar
              orderRef={phase.orderRef}
              leaving={phase.kind === 'leaving'}
              onCancel={() => flow.cancel()}
            />
          ) : (
            <>
              <Section title="Your cart">
                <ShopCart
                  cart={cart}
                  currency={currency}
                  locked={phase.kind === 'starting' ? 'The payment page is being opened.' : null}
                  onChange={setCart}
                />
              </Section>
              <Section title="Deliver to">
                <BuyerFields buyer={buyer} problems={problems} onChange={setBuyer} />
              </Section>
              <ActionButton
                tone="primary"
                full
                busy={phase.kind === 'starting'}
                disabledReason={
                  scriptProblem !== null
                    ? 'The payment script is missing.'
                    : total === 0n
                      ? 'The cart is empty.'
                      : firstProblem
                }
                onPress={pay}
              >
                {`Pay ${price}`}
              </ActionButton>
            </>
          )}
          {/* The SDK draws the payment page in here; it stays mounted so that Process finds it. */}
          <div id={FRAME_ID} className={css['frame']} data-open={phase.kind === 'paying' || undefined} />
        </div>
      </SplitPage>
    </Page>
  )
}

type PayingBarProps = { orderRef: string; leaving: boolean; onCancel: () => void }

function PayingBar({ orderRef, leaving, onCancel }: PayingBarProps) {
  return (
    <div className={css['paying']}>
      <p role="status">
        {leaving ? 'Asking the server what became of it.' : 'Pay below.'} Order{' '}
        <span className="mono">{orderRef}</span>
      </p>
      {leaving ? null : <ActionButton onPress={onCancel}>Leave the payment page</ActionButton>}
    </div>
  )
}
