import { NeutralChip, StatusChip } from '../ui/status-chip.tsx'
import type { OutcomeWord } from './outcome-words.ts'

/** One outcome word in its tone. */
export function OutcomeMark({ word, header = false }: { word: OutcomeWord; header?: boolean }) {
  switch (word.tone) {
    case 'quiet':
      return header ? (
        <StatusChip status="charged" label={word.label} detail={word.detail} variant="header" />
      ) : (
        <span title={word.detail}>{word.label}</span>
      )
    case 'neutral':
      return <NeutralChip label={word.label} detail={word.detail} />
    case 'pending':
    case 'failed':
      return <StatusChip status={word.tone} label={word.label} detail={word.detail} />
  }
}
