import { ITEM_WORDS, type ReplayItemRow } from '../../lib/replay-words.ts'
import { useSession } from '../../lib/session.ts'
import { ChangeTable } from '../../ui/change-table.tsx'
import { StatusChip } from '../../ui/status-chip.tsx'
import css from './events.module.css'

/** What one event would do, or did, field by field. */
export function ReplayEffect({ item, applied }: { item: ReplayItemRow; applied: boolean }) {
  const { currency } = useSession().account
  const word = ITEM_WORDS[item.state]
  const effect = applied ? (item.did ?? item.would) : item.would
  const changes = effect?.changes ?? []
  return (
    <div className={css['stack']}>
      <p className={css['outcome']}>
        <StatusChip status={word.role} label={word.label} variant="header" />
        <span className="muted">{applied ? replayDidText(item) : wouldText(item)}</span>
      </p>
      {changes.length > 0 ? (
        <div className={css['effect']}>
          <ChangeTable
            caption={`${changes.length} ${changes.length === 1 ? 'field' : 'fields'} ${applied ? 'changed' : 'would change'}`}
            changes={changes}
            currency={currency}
          />
        </div>
      ) : null}
    </div>
  )
}

function wouldText({ state, would, appliedBefore }: ReplayItemRow): string {
  if (state === 'would_change') return 'Would change what is listed here.'
  if (state === 'would_not_change')
    return appliedBefore ? 'Would change: nothing. It was applied already.' : 'Would change: nothing.'
  return would?.error ?? ITEM_WORDS[state].detail
}

/** What a replayed event came to, in one sentence. */
export function replayDidText({ state, did }: ReplayItemRow): string {
  if (state === 'changed') return 'Replayed. It changed what is listed here.'
  if (state === 'unchanged') return 'Replayed. There was nothing to change.'
  if (state === 'failed') return `It failed again: ${did?.error ?? 'no reason was given'}`
  return ITEM_WORDS[state].detail
}
