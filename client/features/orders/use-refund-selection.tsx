import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { formatMoney } from '../../../server/domain/money.ts'
import { nameSome } from '../../lib/check-report.ts'
import { toActProblem } from '../../lib/errors.ts'
import { tellActProblem } from '../../lib/tell-problem.ts'
import { useRefundReason } from '../../lib/refund-reason.ts'
import { useCan, useSession } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { confirm } from '../../ui/confirm-store.ts'
import { toast } from '../../ui/toasts.tsx'
import type { OrderRow } from './order-types.ts'
import {
  goingText,
  planOfAll,
  planOfRows,
  planProblem,
  refundableRows,
  SELECTION_READ_MAX,
  type RefundPlan,
} from './refund-plan.ts'
import type { SelectedRows, Selection } from './use-selection.ts'
import css from './transactions.module.css'

const COUNT = new Intl.NumberFormat('en-IN')

/**
 * Refunds what is selected: one order in its own form, several as a batch, after a question that says which go, what
 * they come to, and who is left out and why. The batch's page checks each and asks for the total.
 */
export function useRefundSelection({ chosen, all, size, read }: Selection) {
  const trpc = useTRPC()
  const navigate = useNavigate()
  const { currency } = useSession().account
  const refundReason = useRefundReason()
  const canMany = useCan('refund:bulk')
  const fromOrders = useMutation(trpc.bulk.fromOrders.mutationOptions())
  const [reading, setReading] = useState(false)
  const [only] = chosen
  const one = size === 1 && all === null && only !== undefined
  const plan = useMemo(
    () => (all ? planOfAll(all, currency) : planOfRows(chosen, currency)),
    [all, chosen, currency],
  )

  async function run() {
    if (one) {
      await navigate({ to: '/orders/$orderId/refund', params: { orderId: only.orderRef } })
      return
    }
    setReading(true)
    try {
      await ask(await read(SELECTION_READ_MAX))
    } catch (error) {
      tellActProblem(error)
    } finally {
      setReading(false)
    }
  }

  /** The rows as they are now: those that changed since they were selected may be told otherwise than the button says. */
  async function ask({ rows, changed }: SelectedRows) {
    const going = refundableRows(rows, currency)
    const now = planOfRows(rows, currency, changed)
    const problem = planProblem(now, all !== null)
    if (problem !== null) {
      toast.info(problem)
      return
    }
    const input = { orderIds: going.map(({ id }) => id), requestKey: crypto.randomUUID() }
    let made: string | null = null
    await confirm({
      title: `Refund ${goingText(now)} orders?`,
      facts: [
        { label: 'Left to refund', value: formatMoney({ minor: now.minor, currency }) },
        { label: 'Orders', value: COUNT.format(now.going) },
        { label: 'Left out', value: now.size === now.going ? null : COUNT.format(now.size - now.going) },
      ],
      note: <PlanLists plan={now} going={going} />,
      next: [
        'A bulk refund is made of them, each for all that is left. Nothing is sent yet.',
        'Its page checks every order again and asks for the reason and the total.',
      ],
      verb: `Make bulk refund of ${COUNT.format(now.going)}`,
      run: async () => {
        try {
          made = (await fromOrders.mutateAsync(input)).id
          return { kind: 'done' }
        } catch (error) {
          return { kind: 'refused', ...toActProblem(error) }
        }
      },
    })
    if (made !== null) await navigate({ to: '/refunds/bulk/$batchId', params: { batchId: made } })
  }

  return {
    run,
    busy: reading,
    label: one ? 'Refund' : `Refund ${goingText(plan)}…`,
    reason: one ? refundReason(only) : (canMany.reason ?? planProblem(plan, all !== null)),
  }
}

/** Orders that are named in the question; the batch's page has them all. */
const NAMED_MAX = 25

/** Which orders go, and which are left out, each kind with its reason. */
function PlanLists({ plan, going }: { plan: RefundPlan; going: readonly OrderRow[] }) {
  const more = going.length - NAMED_MAX
  return (
    <>
      {plan.out.length === 0 ? null : (
        <section aria-label="Left out">
          <h3 className="section-heading">Left out</h3>
          <ul className={css['plan']}>
            {plan.out.map(({ words, count, refs }) => (
              <li key={words}>
                {COUNT.format(count)}: {words}.
                {refs.length === 0 ? null : <span className="caption"> {nameSome(refs)}</span>}
              </li>
            ))}
          </ul>
        </section>
      )}
      <section aria-label="To be refunded">
        <h3 className="section-heading">To be refunded</h3>
        <ul className={css['plan']}>
          {going.slice(0, NAMED_MAX).map(({ id, orderRef, leftMinor: minor, currency }) => (
            <li key={id} className={css['planLine']}>
              <span className="mono">{orderRef}</span>
              <span className="num">{formatMoney({ minor, currency })}</span>
            </li>
          ))}
          {more > 0 ? <li className="caption">and {COUNT.format(more)} more</li> : null}
        </ul>
      </section>
    </>
  )
}
