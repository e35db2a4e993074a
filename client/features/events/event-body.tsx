import { useQuery } from '@tanstack/react-query'
import { z } from 'zod'
import { gridState } from '../../lib/errors.ts'
import { useCan } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { IdCell } from '../../ui/id-cell.tsx'
import { JsonViewer } from '../../ui/json-viewer.tsx'
import { EmptyState, ErrorState, ForbiddenState, LoadingRows } from '../../ui/states.tsx'
import type { EventDetail } from './event-types.ts'
import css from './events.module.css'

/** The bytes as they came, for those who may see payloads. */
export function EventBody({ event }: { event: EventDetail }) {
  const can = useCan('event:payload')
  if (!can.allowed)
    return (
      <ForbiddenState
        title={can.reason}
        hint="Ask an admin for a role that includes it: Operations, Developer or Auditor."
      />
    )
  if (!event.bodyAvailable)
    return (
      <EmptyState title="The body is not kept any more.">
        Bodies are deleted after a while. What it changed stays on the order.
      </EmptyState>
    )
  return <Body eventId={event.id} />
}

function Body({ eventId }: { eventId: string }) {
  const trpc = useTRPC()
  const body = useQuery(trpc.events.body.queryOptions({ id: eventId }))
  const state = gridState(body, 'the body')
  if (state.kind === 'error') return <ErrorState problem={state.problem} onRetry={state.onRetry} />
  if (state.kind === 'forbidden') return <ForbiddenState title={state.title} hint={state.hint} />
  if (!body.data) return <LoadingRows label="Loading the body" />
  const { json, text, sha256 } = body.data
  const value = z.json().safeParse(json)
  return (
    <div className={css['stack']}>
      <p className="caption">
        Personal data is masked and secrets are removed. The checksum is over the bytes as received.
      </p>
      <div className={css['outcome']}>
        <span className="caption">SHA-256</span>
        <IdCell value={sha256} what="checksum" />
      </div>
      {text === null && value.success ? (
        <JsonViewer value={value.data} label="Webhook body" depth={5} />
      ) : (
        // A scrolling region has to be reachable by keyboard.
        <pre className={css['text']} tabIndex={0} role="region" aria-label="Webhook body">
          {text ?? 'The body is empty.'}
        </pre>
      )}
    </div>
  )
}
