import { SelectionBar } from '../../ui/selection-bar.tsx'
import { countOf, totalText } from './approve-together.ts'
import { useDecision } from './use-decision.ts'
import type { Marks } from './use-marks.ts'

/** What is marked, and the way to approve it. */
export function TogetherBar({ marks }: { marks: Marks }) {
  const { approveTogether } = useDecision()
  const { rows, clear } = marks
  return (
    <SelectionBar
      count={rows.length}
      noun="refunds"
      summary={totalText(rows)}
      onClear={clear}
      acts={[
        {
          id: 'approvals.together',
          words: `Approve ${countOf(rows)}`,
          tone: 'primary',
          onPress: () => void approveTogether(rows),
        },
      ]}
    />
  )
}
