import { useState } from 'react'
import { TOGETHER_ITEM_MAX_MINOR, TOGETHER_MAX } from '../../../server/domain/approve-together.ts'
import { formatMoney } from '../../../server/domain/money.ts'
import { toast } from '../../ui/toasts.tsx'
import type { ApprovalRow } from './approval-types.ts'
import { amountText } from './approval-words.ts'

export type Marks = {
  ids: ReadonlySet<string>
  /** Marked requests that still wait. */
  rows: readonly ApprovalRow[]
  canMark: (row: ApprovalRow) => boolean
  /** Marks, or takes the mark away; says why where it cannot. */
  toggle: (row: ApprovalRow) => void
  clear: () => void
}

/** The requests that are marked to be approved together. What was decided meanwhile falls out by itself. */
export function useMarks(rows: readonly ApprovalRow[]): Marks {
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set())
  const waiting = rows.filter((row) => marked.has(row.requestId) && row.canDecide)
  const ids = new Set(waiting.map((row) => row.requestId))
  return {
    ids,
    rows: waiting,
    canMark: (row) => row.canDecide,
    toggle(row) {
      const next = new Set(ids)
      if (next.delete(row.requestId)) return setMarked(next)
      if (row.amountMinor > TOGETHER_ITEM_MAX_MINOR) {
        const most = formatMoney({ minor: TOGETHER_ITEM_MAX_MINOR, currency: row.currency })
        return toast.info(`Refunds above ${most} are approved one by one. This one is ${amountText(row)}.`)
      }
      if (next.size >= TOGETHER_MAX) return toast.info(`At most ${TOGETHER_MAX} are approved together.`)
      setMarked(next.add(row.requestId))
    },
    clear: () => setMarked(new Set()),
  }
}
