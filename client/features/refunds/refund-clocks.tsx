import { DateTime } from '../../ui/date-time.tsx'
import { FactList } from '../../ui/fact-list.tsx'
import { Section } from '../../ui/page.tsx'
import { Notice } from '../../ui/states.tsx'
import type { RefundDetail } from './refund-types.ts'

/** Where a pending refund is, and the two clocks beside it: Juspay's review and the promise to the customer. */
export function RefundClocks({ refund: { clock, sentAt, expectedCreditAt } }: { refund: RefundDetail }) {
  if (clock === null) return null
  return (
    <Section title="Where it is">
      {clock.late ? (
        <Notice tone="pending">
          Customers are told 7 working days, and it has been {clock.workingDays}. Ask the gateway, with the
          references beside.
        </Notice>
      ) : null}
      <FactList
        facts={[
          {
            label: 'Now',
            value:
              clock.place === 'gateway'
                ? 'With the gateway'
                : clock.overdueInQueue
                  ? 'Queued at Juspay for more than the usual 15 minutes'
                  : 'Queued at Juspay, for up to 15 minutes',
          },
          { label: 'Sent', value: sentAt && <DateTime at={sentAt} format="full" /> },
          {
            label: expectedCreditAt ? 'Expected by the gateway' : 'Promised by',
            value: <DateTime at={clock.expectedAt} format="date" />,
          },
          {
            label: 'Juspay reviews it',
            value: (
              <>
                <DateTime at={clock.reviewAt} format="date" />
                {clock.daysToReview > 0
                  ? `, in ${clock.daysToReview} ${clock.daysToReview === 1 ? 'day' : 'days'}`
                  : ', any time now'}
              </>
            ),
          },
        ]}
      />
    </Section>
  )
}
