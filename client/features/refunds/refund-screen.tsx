import { useQuery, useQueryClient } from '@tanstack/react-query'
import { codeOf, toProblem } from '../../lib/errors.ts'
import { orderPath } from '../../lib/order-path.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { DateTime } from '../../ui/date-time.tsx'
import { ActionButton } from '../../ui/action-button.tsx'
import { CopyButton, copyText } from '../../ui/copy-button.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Money } from '../../ui/money.tsx'
import { Page, PageBar, PageScroll, Section, SplitPage } from '../../ui/page.tsx'
import { EmptyState, ErrorState, LoadingRows, Notice } from '../../ui/states.tsx'
import { useShortcut } from '../../ui/use-shortcut.ts'
import { RefundClocks } from './refund-clocks.tsx'
import { RefundCalls } from './refund-calls.tsx'
import { RefundChip } from './refund-columns.tsx'
import { RefundFacts } from './refund-facts.tsx'
import { RetryButton, RetryLinks } from './refund-retry.tsx'
import { RefundReview } from './refund-review.tsx'
import { RefundSteps } from './refund-steps.tsx'
import { TellCustomer } from './refund-tell.tsx'
import type { RefundDetail } from './refund-types.ts'
import { refundName } from './refund-words.ts'
import { changingIds, useRefundChanged } from './use-refund-changed.ts'
import css from './refund.module.css'

const CRUMBS = [{ label: 'Refunds', to: '/refunds' }]

/** Gateways send a message with successes too; only these have gone wrong. */
const WITH_TROUBLE: ReadonlySet<RefundDetail['status']> = new Set(['failed', 'review', 'unknown'])

export type RefundScreenProps = {
  /** The refund's id or its request's. */
  id: string
  /** Goes to an address of the dashboard. */
  onGo: (path: string) => void
}

/** One refund: where the money is, and what to tell the customer. */
export function RefundScreen({ id, onGo }: RefundScreenProps) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const refund = useQuery(trpc.refunds.get.queryOptions({ id }))
  useRefundChanged(
    [id, ...(refund.data ? changingIds(refund.data) : [])],
    () => void client.invalidateQueries({ queryKey: trpc.refunds.get.queryKey({ id }) }),
  )
  if (refund.data) return <LoadedRefund refund={refund.data} onGo={onGo} />
  return (
    <Page title="Refund" crumbs={CRUMBS}>
      <PageScroll>
        {refund.error === null ? (
          <LoadingRows rows={8} label="Loading the refund" />
        ) : codeOf(refund.error) === 'NOT_FOUND' || codeOf(refund.error) === 'BAD_REQUEST' ? (
          <RefundMissing />
        ) : (
          <ErrorState
            problem={toProblem(refund.error, 'this refund')}
            onRetry={() => void refund.refetch()}
          />
        )}
      </PageScroll>
    </Page>
  )
}

function RefundMissing() {
  const { link: Link } = useKit()
  return (
    <EmptyState title="No such refund in this account." action={<Link to="/refunds">All refunds</Link>}>
      The link may be old, or the refund may belong to another account.
    </EmptyState>
  )
}

function LoadedRefund({ refund, onGo }: { refund: RefundDetail; onGo: (path: string) => void }) {
  const name = refundName(refund)
  useShortcut({
    id: 'refund.copy',
    keys: 'C',
    label: 'Copy ID',
    group: 'This record',
    run: () => void copyText(name, 'refund ID'),
  })
  useShortcut({
    id: 'refund.link',
    keys: 'Shift+C',
    label: 'Copy link',
    group: 'This record',
    run: () => void copyText(window.location.href, 'link to the refund'),
  })
  return (
    <Page title={name} titleIsId crumbs={CRUMBS} titleExtra={<CopyButton text={name} what="refund ID" />}>
      <PageBar tall end={<RefundActions refund={refund} onGo={onGo} />}>
        <span className="figure">
          <Money value={{ minor: refund.amountMinor, currency: refund.currency }} />
        </span>
        <RefundChip row={refund} variant="header" />
        <span className="muted">
          {refund.where}
          {refund.heldUntil ? (
            <>
              {', until '}
              <DateTime at={refund.heldUntil} format="full" />
            </>
          ) : null}
        </span>
      </PageBar>
      <RetryLinks refund={refund} />
      <RefundSteps refund={refund} />
      <SplitPage asideLabel="Facts about the refund" aside={<RefundFacts refund={refund} />}>
        {refund.errorMessage && WITH_TROUBLE.has(refund.status) ? (
          <Section title="What went wrong">
            <Notice tone={refund.status === 'failed' ? 'failed' : 'review'}>{refund.errorMessage}</Notice>
          </Section>
        ) : null}
        <RefundReview refund={refund} />
        <RefundClocks refund={refund} />
        <TellCustomer refund={refund} />
        <RefundCalls refund={refund} />
        {refund.note ? (
          <Section title="Note of the person who asked">
            <p className={css['quote']}>{refund.note}</p>
          </Section>
        ) : null}
        {refund.decisionNote ? (
          <Section title="Note of the person who decided">
            <p className={css['quote']}>{refund.decisionNote}</p>
          </Section>
        ) : null}
      </SplitPage>
    </Page>
  )
}

/** What can be done next. A failed refund is asked for anew, never sent again with its old key. */
function RefundActions({ refund, onGo }: { refund: RefundDetail; onGo: (path: string) => void }) {
  return (
    <>
      {refund.status === 'waiting_approval' && refund.requestId !== null ? (
        <ActionButton
          tone="primary"
          shortcut={{ id: 'refund.approvals', keys: 'A', label: 'Open in Approvals', group: 'This record' }}
          onPress={() => onGo(`/approvals?request=${refund.requestId ?? ''}`)}
        >
          Open in Approvals
        </ActionButton>
      ) : null}
      {refund.retry === null ? null : <RetryButton refund={refund} retry={refund.retry} onGo={onGo} />}
      <ActionButton
        shortcut={{
          id: 'refund.order',
          keys: 'O',
          label: `Open order ${refund.orderRef}`,
          group: 'This record',
        }}
        onPress={() => onGo(orderPath(refund.orderRef))}
      >
        Open order
      </ActionButton>
    </>
  )
}
