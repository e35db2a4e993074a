import IconX from '@tabler/icons-react/dist/esm/icons/IconX.mjs'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState, type RefObject } from 'react'
import { actProblemText, gridState } from '../../lib/errors.ts'
import { tellActProblem } from '../../lib/tell-problem.ts'
import { useCan } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { announce } from '../../ui/announcer.tsx'
import { TextField } from '../../ui/fields.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Section } from '../../ui/page.tsx'
import { ErrorState, LoadingRows } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import { listPath } from './order-views.ts'
import css from './order-tags.module.css'
import { useTagChanges } from './use-tag-changes.ts'

/** Others rarely add a tag that nobody had, and one that is not offered can be typed. */
const OFFERS_FRESH_MS = 60_000

/** The tags of an order, each a way to the others that have it; changed by whoever may write notes. */
export function OrderTags({ orderId }: { orderId: string }) {
  const trpc = useTRPC()
  const { link: Link } = useKit()
  const can = useCan('order:note')
  const tags = useQuery(trpc.tags.list.queryOptions({ orderId }))
  const field = useRef<HTMLInputElement>(null)
  const { add, takeOff } = useOrderTagChanges(orderId)
  const state = gridState(tags, 'the tags')
  const names = tags.data?.map(({ tag }) => tag) ?? []
  return (
    <Section title="Tags">
      {state.kind === 'error' ? <ErrorState problem={state.problem} onRetry={state.onRetry} /> : null}
      {tags.data ? (
        names.length === 0 ? (
          <p className="muted">None.</p>
        ) : (
          <ul className={css['tags']} aria-label="Tags">
            {tags.data.map(({ tag, addedBy }) => (
              <li key={tag} className={css['tag']} data-own={can.allowed || undefined}>
                <Link to={listPath({ q: `tag:${tag}`, t: 'all' })} title={`Added by ${addedBy.name}`}>
                  {tag}
                </Link>
                {can.allowed ? (
                  <IconButton
                    aria-label={`Take off the tag ${tag}`}
                    onClick={() => {
                      // The button goes with its tag.
                      field.current?.focus()
                      void takeOff(tag)
                    }}
                  >
                    <IconX size={14} stroke={1.75} aria-hidden />
                  </IconButton>
                ) : null}
              </li>
            ))}
          </ul>
        )
      ) : state.kind === 'error' ? null : (
        <LoadingRows rows={1} label="Loading the tags" />
      )}
      {can.allowed ? (
        <TagField
          field={field}
          taken={names}
          busy={add.isPending}
          onAdd={async (typed) => {
            await add.mutateAsync({ orderIds: [orderId], tags: typed })
          }}
          onTakeLastOff={() => {
            const last = names.at(-1)
            if (last !== undefined) void takeOff(last)
          }}
        />
      ) : null}
    </Section>
  )
}

/** Adding tags, and taking one off with a way back. */
function useOrderTagChanges(orderId: string) {
  const { add, remove } = useTagChanges()

  async function told(act: Promise<unknown>): Promise<boolean> {
    try {
      await act
      return true
    } catch (error) {
      tellActProblem(error)
      return false
    }
  }
  async function takeOff(tag: string) {
    if (remove.isPending) return
    if (await told(remove.mutateAsync({ orderIds: [orderId], tag })))
      toast.undo(`Tag ${tag} taken off.`, () => {
        void told(add.mutateAsync({ orderIds: [orderId], tags: [tag] }))
      })
  }
  return { add, takeOff }
}

type TagFieldProps = {
  field: RefObject<HTMLInputElement | null>
  taken: readonly string[]
  busy: boolean
  onAdd: (typed: string[]) => Promise<void>
  onTakeLastOff: () => void
}

/** A field for tags, several with commas; what is typed first is offered from the account's tags. */
function TagField({ field, taken, busy, onAdd, onTakeLastOff }: TagFieldProps) {
  const trpc = useTRPC()
  const [text, setText] = useState('')
  const [error, setError] = useState<string | null>(null)
  const known = useQuery(
    trpc.tags.known.queryOptions(undefined, { enabled: text !== '', staleTime: OFFERS_FRESH_MS }),
  )

  async function save() {
    const typed = text.split(',').filter((word) => word.trim() !== '')
    if (typed.length === 0) {
      setError('Type a tag first.')
      return
    }
    try {
      await onAdd(typed)
      setText('')
      setError(null)
      announce(typed.length === 1 ? 'Tag added' : 'Tags added')
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
        if (!busy) void save()
      }}
    >
      <TextField
        label="Add tag"
        hideLabel
        placeholder="Add tag"
        inputRef={field}
        value={text}
        onChange={(next) => {
          setText(next)
          setError(null)
        }}
        onKeyDown={(event) => {
          // A key that is held would take off all of them.
          if (event.key === 'Backspace' && text === '' && !event.repeat) onTakeLastOff()
        }}
        offers={known.data?.flatMap(({ tag }) => (taken.includes(tag) ? [] : [tag]))}
        error={error}
      />
      <ActionButton type="submit" busy={busy}>
        Add
      </ActionButton>
    </form>
  )
}
