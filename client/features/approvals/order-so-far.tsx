import { useQuery } from '@tanstack/react-query'
import { toProblem } from '../../lib/errors.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { useKit } from '../../ui/kit-context.ts'
import { Section } from '../../ui/page.tsx'
import { Bone, Notice } from '../../ui/states.tsx'
import { Timeline } from '../../ui/timeline.tsx'

const LATEST_ENTRIES = 5

type OrderSoFarProps = { orderId: string; requestId: string; orderPath: string }

/** What an approver wants to know of the order: other refunds on it, and its latest entries. */
export function OrderSoFar({ orderId, requestId, orderPath }: OrderSoFarProps) {
  const trpc = useTRPC()
  const { link: Link } = useKit()
  const refunds = useQuery(trpc.refunds.byOrder.queryOptions({ orderId }))
  const timeline = useQuery(trpc.orders.timeline.queryOptions({ orderId }))
  const others = refunds.data?.filter((refund) => refund.requestId !== requestId) ?? []
  const moving = others.filter((refund) => refund.status !== 'rejected' && refund.status !== 'withdrawn')
  return (
    <>
      {moving.length > 0 ? (
        <Notice tone="review" title={othersTitle(moving.length)}>
          Compare them before you decide: <Link to={`${orderPath}?tab=refunds`}>refunds of the order</Link>.
        </Notice>
      ) : null}
      <Section title="Latest on this order" end={<Link to={orderPath}>Open order</Link>}>
        {timeline.data ? (
          <Timeline
            label="Latest entries, newest first"
            items={timeline.data.entries.slice(0, LATEST_ENTRIES).map((entry) => ({
              id: entry.id,
              at: entry.at,
              status: entry.tone === 'info' ? 'authorised' : entry.tone,
              title: entry.title,
              detail: entry.detail,
            }))}
          />
        ) : timeline.error ? (
          <p className="muted">{toProblem(timeline.error, 'the timeline').title}</p>
        ) : (
          <Bone />
        )}
      </Section>
    </>
  )
}

function othersTitle(count: number): string {
  return count === 1
    ? 'There is another refund on this order.'
    : `There are ${count} other refunds on this order.`
}
