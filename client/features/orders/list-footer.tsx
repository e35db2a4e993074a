import { useState } from 'react'
import { tellActProblem } from '../../lib/tell-problem.ts'
import { DateTime } from '../../ui/date-time.tsx'
import { sumText } from './order-columns.tsx'
import type { OrderPage, OrderRow, OrderTotal } from './order-types.ts'
import css from './transactions.module.css'

const COUNT = new Intl.NumberFormat('en-IN')

type ListFooterProps = {
  rows: readonly OrderRow[]
  head: OrderPage | undefined
  total: OrderTotal | undefined
  busy: boolean
  /** There are rows behind these. */
  more: boolean
  /** There are rows before these. */
  middle: boolean
  onCount: () => Promise<void>
}

/** How many orders the list shows of how many, and how fresh they are. */
export function ListFooter({ rows, head, total, busy, more, middle, onCount }: ListFooterProps) {
  const [counting, setCounting] = useState(false)
  if (!head) return <span>{busy ? 'Loading' : ''}</span>

  async function count() {
    setCounting(true)
    try {
      await onCount()
    } catch (error) {
      tellActProblem(error)
    } finally {
      setCounting(false)
    }
  }

  return (
    <>
      <span>
        {middle
          ? `${COUNT.format(rows.length)} orders from the middle of the list`
          : more
            ? `Showing 1-${COUNT.format(rows.length)}${total ? ` of ${totalText(total)}` : ''}`
            : endText(rows)}
      </span>
      {more && total && !total.exact ? (
        <button type="button" className={css['count']} onClick={() => void count()}>
          {counting ? 'Counting…' : 'Count exactly'}
        </button>
      ) : null}
      <span>
        {busy ? (
          'Updating'
        ) : (
          <>
            As of <DateTime at={head.asOf} format="time" />
          </>
        )}
      </span>
    </>
  )
}

/** "about 48,210", or "312" when it is exact. */
export function totalText({ count, exact }: OrderTotal): string {
  return `${exact ? '' : 'about '}${COUNT.format(count)}`
}

/** The last line: how many, and what they come to. Only when every row is here can they be added up. */
function endText(rows: readonly OrderRow[]): string {
  if (rows.length === 0) return 'No orders'
  const count = `${COUNT.format(rows.length)} ${rows.length === 1 ? 'order' : 'orders'}`
  return `End of results. ${count}, ${sumText(rows)} in total`
}
