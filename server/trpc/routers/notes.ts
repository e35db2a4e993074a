import { z } from 'zod'
import type { StaffActor } from '../../domain/actor.ts'
import { NOTE_MAX_LENGTH } from '../../domain/order-note.ts'
import { roleCan } from '../../domain/permission.ts'
import type { AppDeps } from '../../services/deps.ts'
import { editNote, strikeNote, writeNote } from '../../services/orders/write-note.ts'
import { procedure, router } from '../init.ts'
import { cursor, id, limit } from '../inputs.ts'
import { noteMentionView, noteView, type NoteMentionView, type NoteView } from '../views/note.ts'

/** Spaces at the edges are cut before the length counts. */
const text = z.string().max(NOTE_MAX_LENGTH + 100)

async function readerOf({ deps, signedIn }: { deps: AppDeps; signedIn: StaffActor }) {
  const { accountId, userId, role } = signedIn
  return {
    userId,
    personal: roleCan(role, 'order:pii'),
    people: await deps.store.orderNotes.people(accountId),
  }
}

export const notesRouter = router({
  list: procedure('order:read')
    .input(z.strictObject({ orderId: id }))
    .query(async ({ ctx, input }): Promise<NoteView[]> => {
      const [notes, reader] = await Promise.all([
        ctx.deps.store.orderNotes.byOrder(ctx.signedIn.accountId, input.orderId),
        readerOf(ctx),
      ])
      return notes.map((note) => noteView(note, reader))
    }),

  write: procedure('order:note')
    .input(z.strictObject({ orderId: id, text }))
    .mutation(async ({ ctx, input }): Promise<{ noteId: string }> => ({
      noteId: await writeNote(ctx.deps, ctx.signedIn, input),
    })),

  edit: procedure('order:note')
    .input(z.strictObject({ noteId: id, text }))
    .mutation(({ ctx, input }): Promise<void> => editNote(ctx.deps, ctx.signedIn, input)),

  strike: procedure('order:note')
    .input(z.strictObject({ noteId: id }))
    .mutation(({ ctx, input }): Promise<void> => strikeNote(ctx.deps, ctx.signedIn, input)),

  /** Who can be named in a note. */
  people: procedure('order:note').query(({ ctx }): Promise<{ id: string; name: string }[]> =>
    ctx.deps.store.orderNotes.people(ctx.signedIn.accountId),
  ),

  /** Notes that name the person who asks, newest first. */
  forMe: procedure('order:read')
    .input(z.strictObject({ cursor, limit }))
    .query(async ({ ctx, input }): Promise<{ rows: NoteMentionView[]; nextCursor: string | null }> => {
      const { accountId, userId } = ctx.signedIn
      const [page, reader] = await Promise.all([
        ctx.deps.store.orderNotes.mentionsOf(accountId, userId, input),
        readerOf(ctx),
      ])
      return { rows: page.rows.map((note) => noteMentionView(note, reader)), nextCursor: page.nextCursor }
    }),

  /** The person who asks has seen the notes of an order. */
  markSeen: procedure('order:read')
    .input(z.strictObject({ orderId: id }))
    .mutation(async ({ ctx, input }): Promise<{ seen: number }> => {
      const { accountId, userId } = ctx.signedIn
      const at = ctx.deps.clock.now()
      return {
        seen: await ctx.deps.store.orderNotes.markSeen(accountId, { userId, orderId: input.orderId, at }),
      }
    }),
})
