import { ITEM_WORDS, type ReplayItemRow } from '../../lib/replay-words.ts'
import { useSession } from '../../lib/session.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { ChangeTable } from '../../ui/change-table.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { StatusChip } from '../../ui/status-chip.tsx'
import { itemSpoken } from './replay-columns.tsx'
import css from './replays.module.css'

/** What one event of a replay would have done and what it did, field by field. */
export function ReplayItemDialog({ item, onClose }: { item: ReplayItemRow; onClose: () => void }) {
  const { link: Link } = useKit()
  const word = ITEM_WORDS[item.state]
  return (
    <Dialog
      open
      width={760}
      onClose={onClose}
      title={itemSpoken(item)}
      footNote={<Link to={`/events/${item.eventId}`}>Open the event</Link>}
      actions={
        <ActionButton tone="primary" onPress={onClose}>
          Close
        </ActionButton>
      }
    >
      <p>
        <StatusChip status={word.role} label={word.label} variant="header" />{' '}
        <span className="muted">{word.detail}</span>
      </p>
      <div className={css['effects']}>
        <Effect title="Would have" effect={item.would} />
        <Effect title="Did" effect={item.did} />
      </div>
    </Dialog>
  )
}

function Effect({ title, effect }: { title: string; effect: ReplayItemRow['would'] }) {
  const { currency } = useSession().account
  if (effect === null) return null
  return (
    <section aria-label={title}>
      <h3 className="section-heading">{title}</h3>
      {effect.error === null ? null : <p>{effect.error}</p>}
      {effect.changes.length > 0 ? (
        <ChangeTable caption={`${title}, field by field`} changes={effect.changes} currency={currency} />
      ) : effect.error === null ? (
        <p className="muted">
          {effect.outcome === 'no_order_yet' ? ITEM_WORDS.would_ask.detail : 'Nothing.'}
        </p>
      ) : null}
    </section>
  )
}
