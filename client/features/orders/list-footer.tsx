import { useEffect, useEffectEvent, useState } from 'react'
import { isWithinDay, type TimeRange } from '../../../server/domain/time-range.ts'
import { tellActProblem } from '../../lib/tell-problem.ts'
import { announce } from '../../ui/announcer.tsx'
import { DateTime } from '../../ui/date-time.tsx'
import { useFocusReturn } from '../../ui/use-focus-return.ts'
import { sumText } from './order-columns.tsx'
import type { OrderPage, OrderRow, OrderTotal } from './order-types.ts'
import type { GoOn } from './use-list-stop.ts'
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
  /** The rows are of the list before; those of this one are not here. */
  before: boolean
  onCount: () => Promise<void>
  range: TimeRange
  goOn: GoOn
  onStop: () => void
  /** Asks for the last day instead; null when that is what is asked for. */
  onDay: (() => void) | null
}

/** How many orders the list shows of how many, and how fresh they are. */
export function ListFooter(props: ListFooterProps) {
  const { rows, head, total, busy, more, middle, before, onCount, goOn, ...wait } = props
  const [counting, setCounting] = useState(false)
  const { from, to } = wait.range
  // For another range a wait of its own begins.
  const waiting = (word: string) => (
    <Waiting key={`${from?.getTime()} ${to?.getTime()}`} word={word} {...wait} />
  )
  // Without rows the list itself has the button to go on.
  if (goOn && (!head || (before && rows.length === 0))) return <span>Loading stopped</span>
  if (!head) return <span>{busy ? waiting('Loading') : ''}</span>
  // What they are of how many, and what they come to, is said of the list that was asked for.
  if (before) return <span>{goOn ? <Stopped again={goOn} before /> : busy ? waiting('Updating') : ''}</span>

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
          waiting('Updating')
        ) : goOn ? (
          <Stopped again={goOn} />
        ) : (
          <>
            As of <DateTime at={head.asOf} format="time" />
          </>
        )}
      </span>
    </>
  )
}

/** Beyond this a wait is explained. */
const LONG_MS = 4_000

type WaitingProps = { word: string } & Pick<ListFooterProps, 'range' | 'onDay' | 'onStop'>

/** What is going on; when it takes long, why, how to end it, and what would take less (design §3.13). */
function Waiting({ word, range, onDay, onStop }: WaitingProps) {
  const [long, setLong] = useState<{ less: (() => void) | null } | null>(null)
  // Its buttons go with the wait, whoever is on them.
  const noteFocus = useFocusReturn()
  const explain = useEffectEvent(() => {
    setLong({ less: isWithinDay(range, new Date()) ? null : onDay })
    announce('Still loading')
  })
  useEffect(() => {
    const timer = setTimeout(() => explain(), LONG_MS)
    return () => clearTimeout(timer)
  }, [])
  if (!long) return word
  return (
    <span onFocus={noteFocus}>
      <span>Still loading. {long.less ? 'Large time ranges take longer.' : ''}</span>{' '}
      <button type="button" className={css['count']} onClick={onStop}>
        Cancel
      </button>
      {long.less ? (
        <button type="button" className={css['count']} onClick={long.less}>
          Try 24 hours
        </button>
      ) : null}
    </span>
  )
}

/** That nothing more comes, and whose rows are shown: nobody is to take them for what was asked. */
function Stopped({ again, before = false }: { again: () => void; before?: boolean }) {
  return (
    <>
      <span>Loading stopped.{before ? ' These rows are of the list before.' : ''}</span>{' '}
      <button type="button" className={css['count']} onClick={again}>
        Retry
      </button>
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
