import { useMemo, useState } from 'react'
import { useCan } from '../../lib/session.ts'
import { DateTime } from '../../ui/date-time.tsx'
import { copyText } from '../../ui/copy-button.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { SelectionBar, type BarAct } from '../../ui/selection-bar.tsx'
import { sumsText, sumText, type ListedOrder } from './order-columns.tsx'
import { copyProblem, rowsText } from './order-copy.ts'
import { TagDialog } from './tag-dialog.tsx'
import css from './transactions.module.css'
import type { Selection } from './use-selection.ts'
import { useCheckMany } from './use-check-many.ts'
import { useRefundSelection } from './use-refund-selection.tsx'

/** The server checks or tags at most this many orders in one go. */
const TOGETHER_MAX = 200
const TOO_MANY = `At most ${TOGETHER_MAX} orders at once.`

type OrderSelectionProps = {
  selection: Selection
  /** There are rows that match and are not loaded. */
  more: boolean
  /** How many match, in words. */
  total: string | null
  /** The loaded rows, and the ids of the columns they are shown with. */
  rows: readonly ListedOrder[]
  columns: readonly string[]
  onExport: () => void
}

/** What can be done with the selected rows, or with all that match. */
export function OrderSelection(props: OrderSelectionProps) {
  const { selection, more, total, onExport } = props
  const { chosen, all, size } = selection
  const canExport = useCan('export:create')
  const canCheck = useCan('order:sync')
  const canTag = useCan('order:note')
  const { check, busy, reason: checking } = useCheckMany()
  const refund = useRefundSelection(selection)
  const copy = useCopyAct(props)
  const [tagging, setTagging] = useState(false)
  // Another filter, by the browser's own Back, cleared the selection: the next one is not asked about unasked.
  if (tagging && size === 0) setTagging(false)
  const tooMany = size > TOGETHER_MAX ? TOO_MANY : null
  const acts: BarAct[] = [
    {
      id: 'orders.refund',
      words: refund.label,
      shortcut: { keys: 'R', label: `Refund ${COUNT.format(size)} selected` },
      busy: refund.busy,
      disabledReason: refund.reason,
      onPress: () => void refund.run(),
    },
    {
      id: 'orders.check',
      words: 'Check status',
      shortcut: { keys: 'S', label: `Check status of ${COUNT.format(size)} selected` },
      busy,
      disabledReason: canCheck.reason ?? checking ?? tooMany,
      onPress: () => void check(() => selection.read(TOGETHER_MAX)),
    },
    {
      id: 'orders.export',
      words: 'Export',
      // In place of the page's own: exporting asks anyway whether all rows or the selected ones are meant.
      shortcut: { keys: 'E', label: `Export ${COUNT.format(size)} selected` },
      disabledReason: canExport.reason,
      onPress: onExport,
    },
    {
      id: 'orders.tag',
      words: 'Add tag',
      shortcut: { label: `Add a tag to ${COUNT.format(size)} selected` },
      disabledReason: canTag.reason ?? tooMany,
      onPress: () => setTagging(true),
    },
    copy,
  ]
  return (
    <>
      <SelectionBar
        count={size}
        noun="orders"
        words={<SelectionWords selection={selection} more={more} total={total} />}
        summary={all ? sumsText(all) : sumText(chosen)}
        onClear={selection.clear}
        acts={acts}
      />
      {tagging ? (
        <TagDialog count={size} read={() => selection.read(TOGETHER_MAX)} onClose={() => setTagging(false)} />
      ) : null}
    </>
  )
}

/** Copies the selected rows that are loaded, in the order of the list. */
function useCopyAct({ selection, rows, columns }: OrderSelectionProps): BarAct {
  const { timeZone: zone } = useKit()
  const { ids, size } = selection
  // The bar stands by while nothing is selected, and rows arrive.
  const here = useMemo(() => (ids.size === 0 ? [] : rows.filter(({ id }) => ids.has(id))), [rows, ids])
  return {
    id: 'orders.copy',
    words: here.length === size ? 'Copy rows' : `Copy ${COUNT.format(here.length)} of ${COUNT.format(size)}`,
    disabledReason:
      here.length === 0
        ? 'None of the selected rows is loaded. Export them instead.'
        : copyProblem(here, columns),
    onPress: () =>
      void copyText(
        rowsText(here, { columns, zone }),
        here.length === 1 ? 'row' : `${COUNT.format(here.length)} rows`,
      ),
  }
}

/** "3 selected", "500 loaded rows selected. Select all about 48,210 that match", "48,207 match as of 14:35:33". */
function SelectionWords({
  selection,
  more,
  total,
}: Pick<OrderSelectionProps, 'selection' | 'more' | 'total'>) {
  const { all, allLoaded, beyondLoaded, counting, size } = selection
  if (counting) return 'Counting…'
  if (all)
    return (
      <>
        {COUNT.format(all.count)} match as of <DateTime at={all.asOf} format="time" />
      </>
    )
  if (!allLoaded || !more)
    return (
      <>
        {COUNT.format(size)} <span className="visually-hidden">orders </span>selected
      </>
    )
  return (
    <>
      {COUNT.format(size)} {beyondLoaded ? '' : 'loaded '}rows selected.{' '}
      <button type="button" className={css['count']} onClick={selection.selectAll}>
        Select all {total ?? ''} that match
      </button>
    </>
  )
}

const COUNT = new Intl.NumberFormat('en-IN')
