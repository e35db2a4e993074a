/** Notes on an order: written, put right and taken back by their author, audited in the transaction of the change. */
import type { StaffActor } from '../../domain/actor.ts'
import { editBlock, mentionsIn, NOTES_PER_ORDER, noteText } from '../../domain/order-note.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { OrderNoteRow } from '../../store/order-notes.ts'
import type { StoreTx } from '../../store/store.ts'
import type { Deps } from '../deps.ts'

type NoteDeps = Pick<Deps, 'store' | 'clock' | 'ids' | 'wake'>

/**
 * Writes a note on an order and tells the people it names.
 * @returns the note's id
 * @throws Refusal `not_found`, `invalid_input`, `limit_exceeded`
 */
export async function writeNote(
  deps: NoteDeps,
  actor: StaffActor,
  input: { orderId: string; text: string },
): Promise<string> {
  const text = noteText(input.text)
  const { accountId, userId } = actor
  const id = deps.ids.uuid()
  const now = deps.clock.now()
  await deps.store.transaction(async (tx) => {
    // Under the order's lock: two at once cannot both be the last that fits.
    if ((await tx.orders.lockAggregate(accountId, input.orderId)) === null)
      throw new Refusal('not_found', 'There is no such order.')
    const named = mentionsIn(text, await tx.orderNotes.people(accountId))
    const note = { id, accountId, orderId: input.orderId, authorId: userId, text, at: now }
    if (!(await tx.orderNotes.insert({ ...note, max: NOTES_PER_ORDER })))
      throw new Refusal('limit_exceeded', `There are ${NOTES_PER_ORDER} notes on this order already.`)
    await tx.orderNotes.setMentions(accountId, id, named, now)
    await record(tx, actor, { action: 'order_note.write', note, after: { length: text.length, named } })
  })
  deps.wake('live')
  return id
}

/**
 * Puts an own note right, within minutes.
 * @throws Refusal `not_found`, `permission_denied` for another's, `conflict` when it is too late, `invalid_input`
 */
export async function editNote(
  deps: NoteDeps,
  actor: StaffActor,
  input: { noteId: string; text: string },
): Promise<void> {
  const text = noteText(input.text)
  const now = deps.clock.now()
  await deps.store.transaction(async (tx) => {
    const note = await ownNote(tx, actor, input.noteId)
    const block = editBlock(note, now)
    if (block !== null) throw new Refusal('conflict', block)
    const named = mentionsIn(text, await tx.orderNotes.people(actor.accountId))
    await tx.orderNotes.edit(actor.accountId, note.id, { text, at: now })
    await tx.orderNotes.setMentions(actor.accountId, note.id, named, now)
    const before = { length: note.text.length }
    await record(tx, actor, {
      action: 'order_note.edit',
      note,
      before,
      after: { length: text.length, named },
    })
  })
  deps.wake('live')
}

/**
 * Takes an own note back: it stays, struck through. Again changes nothing.
 * @throws Refusal `not_found`, `permission_denied` for another's
 */
export async function strikeNote(
  deps: NoteDeps,
  actor: StaffActor,
  input: { noteId: string },
): Promise<void> {
  await deps.store.transaction(async (tx) => {
    const note = await ownNote(tx, actor, input.noteId)
    if (note.struckAt !== null) return
    await tx.orderNotes.strike(actor.accountId, note.id, deps.clock.now())
    await record(tx, actor, { action: 'order_note.strike', note })
  })
  deps.wake('live')
}

async function ownNote(tx: StoreTx, actor: StaffActor, noteId: string): Promise<OrderNoteRow> {
  const note = await tx.orderNotes.lock(actor.accountId, noteId)
  if (note === null) throw new Refusal('not_found', 'There is no such note.')
  if (note.author.id !== actor.userId)
    throw new Refusal('permission_denied', `Only ${note.author.name} can change this note.`)
  return note
}

/** The text itself stays out of the audit log: it may be personal, and the note keeps it. */
async function record(
  tx: StoreTx,
  actor: StaffActor,
  deed: { action: string; note: { id: string; orderId: string }; before?: unknown; after?: unknown },
): Promise<void> {
  const { action, note, before, after } = deed
  const subject = { subjectKind: 'order', subjectId: note.orderId }
  await tx.audit.append({
    actor,
    action,
    ...subject,
    outcome: 'done',
    before: { noteId: note.id, ...asFields(before) },
    after,
  })
  await tx.liveChanges.append(actor.accountId, 'order', note.orderId)
}

function asFields(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {}
}
