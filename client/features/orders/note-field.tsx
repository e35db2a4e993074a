import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { NOTE_MAX_LENGTH } from '../../../server/domain/order-note.ts'
import { actProblemText } from '../../lib/errors.ts'
import { useKeptText } from '../../lib/kept-text.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { TextAreaField } from '../../ui/fields.tsx'
import { nameBeingTyped, withName } from './note-names.ts'
import css from './order-notes.module.css'

/** Names offered while one is typed. */
const OFFERED_MAX = 6

type NoteFieldProps = {
  label: string
  verb: string
  initial?: string
  /** Under this name what is written is kept until it is saved. */
  keep?: string
  busy: boolean
  onSave: (text: string) => Promise<void>
  onCancel?: () => void
}

/** A field for a note. "@" and the beginning of a name offers the people of the account. */
export function NoteField({ label, verb, initial = '', keep, busy, onSave, onCancel }: NoteFieldProps) {
  const trpc = useTRPC()
  const [text, setText] = useKeptText(keep ?? null, initial)
  const [error, setError] = useState<string | null>(null)
  const field = useRef<HTMLTextAreaElement>(null)
  const typed = nameBeingTyped(text)
  const people = useQuery(trpc.notes.people.queryOptions(undefined, { enabled: typed !== null }))
  const offered =
    typed === null
      ? []
      : (people.data ?? [])
          .filter(({ name }) => name.toLowerCase().includes(typed.toLowerCase()))
          .slice(0, OFFERED_MAX)

  async function save() {
    if (text.trim() === '') {
      setError('Write something first.')
      return
    }
    try {
      await onSave(text)
      setText('')
      setError(null)
    } catch (problem) {
      // What was typed stays.
      setError(actProblemText(problem))
    }
  }
  return (
    <form
      className={css['field']}
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <TextAreaField
        label={label}
        inputRef={field}
        value={text}
        onChange={setText}
        maxLength={NOTE_MAX_LENGTH}
        placeholder="Plain text. @ names a person."
        error={error}
      />
      {offered.length > 0 ? (
        <div role="group" aria-label="People to name" className={css['people']}>
          {offered.map(({ id, name }) => (
            <ActionButton
              key={id}
              tone="quiet"
              onPress={() => {
                setText(withName(text, name))
                field.current?.focus()
              }}
            >
              {name}
            </ActionButton>
          ))}
        </div>
      ) : null}
      <div className={css['acts']}>
        <ActionButton type="submit" busy={busy}>
          {verb}
        </ActionButton>
        {onCancel ? (
          <ActionButton tone="quiet" onPress={onCancel}>
            Cancel
          </ActionButton>
        ) : null}
      </div>
    </form>
  )
}
