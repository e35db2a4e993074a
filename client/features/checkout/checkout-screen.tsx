import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { formatMoney } from '../../../server/domain/money.ts'
import { gridState } from '../../lib/errors.ts'
import { orderPath } from '../../lib/order-path.ts'
import { useCan, useSession } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Page, PageScroll, Section, SplitPage } from '../../ui/page.tsx'
import { RadioLine } from '../../ui/radio-line.tsx'
import { EmptyState, ErrorState, ForbiddenState, LoadingRows, Notice } from '../../ui/states.tsx'
import { buyerProblems, FIRST_BUYER, FIRST_CART, totalOf } from './cart.ts'
import { FRAME_ID, type PageMode, type Phase } from './checkout-flow.ts'
import { IntegrationPanel } from './integration-panel.tsx'
import { BuyerFields, ShopCart } from './shop-cart.tsx'
import { useCheckout } from './use-checkout.ts'
import css from './checkout.module.css'

const CRUMBS = [{ label: 'Sandbox', to: '/sandbox' }]

const MODES: readonly { value: PageMode; label: string }[] = [
  { value: 'iframe', label: 'In this page' },
  { value: 'redirection', label: 'On a page of its own' },
]

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
  if (info.data && info.data.scriptUrl !== null)
    return <Shop scriptUrl={info.data.scriptUrl} clientId={info.data.clientId} own={info.data.ownScript} />
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

type ShopProps = {
  scriptUrl: string
  clientId: string
  /** Whether the script is Juspay's, and not the sandbox's. */
  own: boolean
}

function Shop({ scriptUrl, clientId, own }: ShopProps) {
  const { currency } = useSession().account
  const { link: Link } = useKit()
  const [cart, setCart] = useState(FIRST_CART)
  const [buyer, setBuyer] = useState(FIRST_BUYER)
  const [mode, setMode] = useState<PageMode>('iframe')
  const { trace, phase, scriptProblem, flow, reloadScript } = useCheckout({ scriptUrl, clientId })
  const problems = buyerProblems(buyer)
  const total = totalOf(cart)
  const price = formatMoney({ minor: total, currency })
  const away = AWAY[phase.kind]
  const top = useRef<HTMLElement>(null)
  const hasNews = (phase.kind !== 'cart' || phase.notice !== null) && phase.kind !== 'starting'
  // The button that was pressed is at the bottom, and on a phone what it led to begins out of sight.
  useEffect(() => {
    if (hasNews) scrollBack(top.current)
  }, [hasNews, phase.kind])
  const firstProblem = Object.values(problems).find((problem) => problem !== null)

  function pay() {
    void flow.pay({ amountMinor: total, customer: buyer, mode })
  }

  return (
    <Page title="Demo checkout" crumbs={CRUMBS}>
      <SplitPage asideLabel="Integration steps" aside={<IntegrationPanel trace={trace} />}>
        <div className={css['shop']}>
          <header ref={top} className={css['brand']}>
            <p className={css['shopName']}>Kettle &amp; Leaf</p>
            <p className="caption">A made-up shop. No real money moves.</p>
          </header>
          {scriptProblem === null ? null : (
            <Notice tone="failed" title="The payment script is missing.">
              <p>{own ? scriptProblem : `${scriptProblem} Is the sandbox running?`}</p>
              <ActionButton onPress={reloadScript}>Load it again</ActionButton>
            </Notice>
          )}
          {phase.kind === 'cart' && phase.notice ? <Notice tone="info">{phase.notice}</Notice> : null}
          {phase.kind === 'failed' ? (
            <Notice tone="failed" title={phase.title}>
              <p>{phase.message}</p>
              <div className={css['buttons']}>
                {phase.canRetry ? (
                  <ActionButton tone="primary" onPress={() => void flow.retry()}>
                    Try again
                  </ActionButton>
                ) : null}
                {phase.orderRef === null ? null : <Link to={orderPath(phase.orderRef)}>Open in Paydesk</Link>}
              </div>
            </Notice>
          ) : null}
          {away !== undefined && 'orderRef' in phase ? (
            <PayingBar
              orderRef={phase.orderRef}
              words={away}
              onBack={phase.kind === 'paying' ? () => void flow.back() : null}
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
              <Section title="Payment page">
                <RadioLine label="Payment page" options={MODES} value={mode} onChange={setMode} />
                <p className="caption">
                  Script: <span className={css['script']}>{scriptUrl}</span>
                </p>
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

/** Brings the beginning of what scrolls into sight. Unlike scrollIntoView it leaves alone what is not meant to scroll. */
function scrollBack(first: HTMLElement | null): void {
  for (let around = first?.parentElement ?? null; around !== null; around = around.parentElement)
    if (around.scrollTop > 0) around.scrollTop = 0
}

/** What the page says while the cart is out of the way. */
const AWAY: Readonly<Partial<Record<Phase['kind'], string>>> = {
  paying: 'Pay below.',
  checking: 'Our server asks Juspay what became of it.',
  redirecting: 'Going to the payment page.',
  leaving: 'Asking the server what became of it.',
}

type PayingBarProps = { orderRef: string | null; words: string; onBack: (() => void) | null }

function PayingBar({ orderRef, words, onBack }: PayingBarProps) {
  return (
    <div className={css['paying']}>
      <p role="status">
        {words} Order <span className="mono">{orderRef}</span>
      </p>
      {onBack ? <ActionButton onPress={onBack}>Leave the payment page</ActionButton> : null}
    </div>
  )
}
