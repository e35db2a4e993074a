import { useInfiniteQuery } from '@tanstack/react-query'
import { gridState } from '../../lib/errors.ts'
import { orderPath } from '../../lib/order-path.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { DateTime } from '../../ui/date-time.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Page, PageScroll } from '../../ui/page.tsx'
import { EmptyState, ErrorState, LoadingRows } from '../../ui/states.tsx'
import { NoteText } from './order-notes.tsx'
import css from './order-notes.module.css'

/** Notes that name the person who looks, newest first; opening the order counts as having seen them. */
export function MentionsScreen() {
  const trpc = useTRPC()
  const { link: Link } = useKit()
  const mentions = useInfiniteQuery(
    trpc.notes.forMe.infiniteQueryOptions({}, { getNextPageParam: (page) => page.nextCursor }),
  )
  const notes = mentions.data?.pages.flatMap((page) => page.rows) ?? []
  const state = gridState(mentions, 'the notes for you')
  return (
    <Page title="For you">
      <PageScroll>
        {state.kind === 'error' ? (
          <ErrorState problem={state.problem} onRetry={state.onRetry} />
        ) : mentions.data === undefined ? (
          <LoadingRows label="Loading the notes for you" />
        ) : notes.length === 0 ? (
          <EmptyState title="Nobody has named you in a note.">
            Notes on orders with @ and your name are listed here.
          </EmptyState>
        ) : (
          <ul className={css['notes']} aria-label="Notes for you">
            {notes.map((note) => (
              <li key={note.id} className={css['note']}>
                <p className={css['by']}>
                  <Link to={orderPath(note.orderRef)}>{note.orderRef}</Link>{' '}
                  <span className={css['author']}>{note.author.name}</span> <DateTime at={note.at} />
                  {note.seenAt === null ? <strong>, new</strong> : null}
                </p>
                <NoteText parts={note.parts} />
              </li>
            ))}
          </ul>
        )}
        {mentions.hasNextPage ? (
          <ActionButton busy={mentions.isFetchingNextPage} onPress={() => void mentions.fetchNextPage()}>
            Show earlier
          </ActionButton>
        ) : null}
      </PageScroll>
    </Page>
  )
}
