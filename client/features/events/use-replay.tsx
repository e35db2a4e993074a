import { useState, type ReactNode } from 'react'
import { ReplayManyDialog, type ReplayMany } from './replay-many-dialog.tsx'
import { ReplayOneDialog, type ReplayOne } from './replay-one-dialog.tsx'

type Target = ({ kind: 'one' } & ReplayOne) | ({ kind: 'many' } & ReplayMany)

/**
 * Asks about a replay: for one event with what it would change, for several with how many they are. Put `dialog` on the
 * page and call `ask`.
 */
export function useReplay(): {
  ask: (events: readonly ReplayOne['event'][]) => void
  askMany: (many: ReplayMany) => void
  dialog: ReactNode
} {
  const [target, setTarget] = useState<Target | null>(null)
  const close = () => setTarget(null)
  return {
    ask(events) {
      const [first] = events
      if (first === undefined) return
      if (events.length === 1) setTarget({ kind: 'one', event: first })
      else
        setTarget({
          kind: 'many',
          scope: { kind: 'events', ids: events.map(({ id }) => id) },
          what: 'the events you selected',
        })
    },
    askMany: (many) => setTarget({ kind: 'many', ...many }),
    dialog:
      target === null ? null : target.kind === 'one' ? (
        <ReplayOneDialog event={target.event} onClose={close} />
      ) : (
        <ReplayManyDialog scope={target.scope} what={target.what} onClose={close} />
      ),
  }
}
