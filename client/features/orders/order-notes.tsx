import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { NOTE_EDIT_MINUTES, type NotePart } from '../../../server/domain/order-note.ts'
import { gridState } from '../../lib/errors.ts'
import { tellActProblem } from '../../lib/tell-problem.ts'
import { useCan, useSession } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { announce } from '../../ui/announcer.tsx'
import { DateTime, useNow } from '../../ui/date-time.tsx'
import { Section } from '../../ui/page.tsx'
import { ErrorState, LoadingRows } from '../../ui/states.tsx'
import { NoteField } from './note-field.tsx'
import type { OrderNote } from './order-types.ts'
import css from './order-notes.module.css'

/** How soon a note that can no longer be changed loses its button. */
const TICK_MS = 30_000

/** Notes of people on the order, oldest first, and a field for another one. */
export function OrderNotes({ orderId }: { orderId: string }) {
  const trpc = useTRPC()
  const can = useCan('order:note')
  const { user } = useSession()
  const notes = useQuery(trpc.notes.list.queryOptions({ orderId }))
  useSeen(orderId, notes.data)
  const write = useMutation(trpc.notes.write.mutationOptions({ onSettled: useRenewNotes(orderId) }))
  const state = gridState(notes, 'the notes')
  return (
    <Section title="Notes">
      {state.kind === 'error' ? <ErrorState problem={state.problem} onRetry={state.onRetry} /> : null}
      {notes.data ? (
        notes.data.length === 0 ? (
          <p className="muted">None yet.</p>
        ) : (
          <ul className={css['notes']} aria-label="Notes">
            {notes.data.map((note) => (
              <Note key={note.id} note={note} orderId={orderId} />
            ))}
          </ul>
        )
      ) : state.kind === 'error' ? null : (
        <LoadingRows rows={2} label="Loading the notes" />
      )}
      {can.allowed ? (
        <NoteField
          label="Add a note"
          verb="Add note"
          keep={`note.${user.id}.${orderId}`}
          busy={write.isPending}
          onSave={async (text) => {
            await write.mutateAsync({ orderId, text })
            announce('Note added')
          }}
        />
      ) : (
        <p className="caption">{can.reason}</p>
      )}
    </Section>
  )
}

/** What shows notes is asked for again after a change of one. */
function useRenewNotes(orderId: string): () => Promise<void> {
  const trpc = useTRPC()
  const client = useQueryClient()
  return async () => {
    await Promise.all([
      client.invalidateQueries({ queryKey: trpc.notes.list.queryKey({ orderId }) }),
      client.invalidateQueries({ queryKey: trpc.orders.timeline.pathKey() }),
    ])
  }
}

/** Whoever is named in a note and reads it here has seen it. */
function useSeen(orderId: string, notes: readonly OrderNote[] | undefined): void {
  const trpc = useTRPC()
  const client = useQueryClient()
  const { user } = useSession()
  const { mutate } = useMutation(
    trpc.notes.markSeen.mutationOptions({
      onSuccess: ({ seen }) => {
        if (seen > 0) void client.invalidateQueries({ queryKey: trpc.session.counts.queryKey() })
      },
    }),
  )
  const named = notes?.some(({ parts }) => parts.some(({ userId }) => userId === user.id)) ?? false
  useEffect(() => {
    if (named) mutate({ orderId })
  }, [named, orderId, mutate])
}

function Note({ note, orderId }: { note: OrderNote; orderId: string }) {
  const trpc = useTRPC()
  const now = useNow(TICK_MS)
  const [editing, setEditing] = useState(false)
  const renew = useRenewNotes(orderId)
  const edit = useMutation(trpc.notes.edit.mutationOptions({ onSettled: renew }))
  const strike = useMutation(trpc.notes.strike.mutationOptions({ onSettled: renew }))
  const struck = note.struckAt !== null
  const text = note.parts.map((part) => part.text).join('')

  async function takeBack() {
    try {
      await strike.mutateAsync({ noteId: note.id })
      announce('Note taken back')
    } catch (error) {
      tellActProblem(error)
    }
  }
  if (editing)
    return (
      <li>
        <NoteField
          label="Change the note"
          verb="Save note"
          initial={text}
          busy={edit.isPending}
          onCancel={() => setEditing(false)}
          onSave={async (changed) => {
            await edit.mutateAsync({ noteId: note.id, text: changed })
            setEditing(false)
            announce('Note changed')
          }}
        />
      </li>
    )
  return (
    <li className={css['note']} data-struck={struck || undefined}>
      <p className={css['by']}>
        <span className={css['author']}>{note.author.name}</span> <DateTime at={note.at} />
        {note.editedAt === null ? null : <span>, changed</span>}
        {struck ? <span>, taken back</span> : null}
      </p>
      <NoteText parts={note.parts} struck={struck} />
      {note.own && !struck ? (
        <p className={css['acts']}>
          {note.editableUntil !== null && note.editableUntil > now ? (
            <ActionButton
              tone="quiet"
              label={`Change the note, within ${NOTE_EDIT_MINUTES} minutes`}
              onPress={() => setEditing(true)}
            >
              Change
            </ActionButton>
          ) : null}
          <ActionButton
            tone="quiet"
            label="Take the note back"
            busy={strike.isPending}
            onPress={() => void takeBack()}
          >
            Take back
          </ActionButton>
        </p>
      ) : null}
    </li>
  )
}

/** Plain text, with the names of people standing out. */
export function NoteText({ parts, struck = false }: { parts: readonly NotePart[]; struck?: boolean }) {
  const words = parts.map((part, i) =>
    part.userId === null ? (
      part.text
    ) : (
      <strong key={i} className={css['named']}>
        {part.text}
      </strong>
    ),
  )
  return <p className={css['text']}>{struck ? <s>{words}</s> : words}</p>
}
