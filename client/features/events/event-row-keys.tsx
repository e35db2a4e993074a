import { copyText } from '../../ui/copy-button.tsx'
import { useShortcut } from '../../ui/use-shortcut.ts'
import type { EventRow } from './event-types.ts'
import { eventPath } from './event-words.ts'

/** C and Shift+C on an event: its id, its address. */
export function EventRowKeys({ row }: { row: Pick<EventRow, 'id'> | null }) {
  useShortcut(
    row === null
      ? null
      : {
          id: 'event.copy',
          keys: 'C',
          label: 'Copy event ID',
          group: 'This record',
          run: () => void copyText(row.id, 'event ID'),
        },
  )
  useShortcut(
    row === null
      ? null
      : {
          id: 'event.copyLink',
          keys: 'Shift+C',
          label: 'Copy link to the event',
          group: 'This record',
          run: () => void copyText(`${window.location.origin}${eventPath(row)}`, 'link'),
        },
  )
  return null
}
