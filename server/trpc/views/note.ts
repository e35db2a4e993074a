/** What the screens are told about notes, field by field. */
import { editableUntil, noteParts, type NotePart } from '../../domain/order-note.ts'
import type { NoteMentionRow, OrderNoteRow } from '../../store/order-notes.ts'
import { maskText } from '../../domain/masked-text.ts'

export type NoteView = {
  id: string
  author: { id: string; name: string }
  /** The text in parts, so that names of people stand out; personal data is masked for those who may not reveal it. */
  parts: NotePart[]
  at: Date
  editedAt: Date | null
  struckAt: Date | null
  /** Until when the reader may change it; null for another's. */
  editableUntil: Date | null
  own: boolean
}

export type NoteMentionView = NoteView & { orderRef: string; seenAt: Date | null }

type Reader = { userId: string; personal: boolean; people: readonly { id: string; name: string }[] }

/** One note for the person who reads it. */
export function noteView(note: OrderNoteRow, reader: Reader): NoteView {
  const own = note.author.id === reader.userId
  return {
    id: note.id,
    author: { id: note.author.id, name: note.author.name },
    parts: noteParts(reader.personal || own ? note.text : maskText(note.text), reader.people),
    at: note.at,
    editedAt: note.editedAt,
    struckAt: note.struckAt,
    editableUntil: own && note.struckAt === null ? editableUntil(note) : null,
    own,
  }
}

/** A note that names the reader. */
export function noteMentionView(note: NoteMentionRow, reader: Reader): NoteMentionView {
  return { ...noteView(note, reader), orderRef: note.orderRef, seenAt: note.seenAt }
}
