import { useQuery } from '@tanstack/react-query'
import type { inferOutput } from '@trpc/tanstack-react-query'
import { z } from 'zod/mini'
import { exactJsonText } from '../../../server/domain/exact-number.ts'
import { gridState } from '../../lib/errors.ts'
import { useCan } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { JsonViewer, type Json } from '../../ui/json-viewer.tsx'
import { EmptyState, ErrorState, ForbiddenState, LoadingRows, Notice } from '../../ui/states.tsx'
import type { EventDetail } from './event-types.ts'
import { hexLines } from './hex-lines.ts'
import css from './events.module.css'

type EventBodyData = inferOutput<ReturnType<typeof useTRPC>['events']['body']>

/** The body as it came, for those who may see payloads. */
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
  const value = z.json().safeParse(body.data.json)
  const json = body.data.text === null && value.success ? value.data : undefined
  return (
    <div className={css['stack']}>
      <div className={css['bodyHead']}>
        <p className="caption">Personal data is masked and secrets are removed, on screen and in the file.</p>
        <ActionButton onPress={() => download(eventId, body.data, json)}>Download, masked</ActionButton>
      </div>
      {json === undefined ? (
        <Unreadable body={body.data} />
      ) : (
        <JsonViewer value={json} label="Webhook body" depth={5} />
      )}
    </div>
  )
}

/** Bytes that are no JSON: where they stop being it, and what they are. */
function Unreadable({ body }: { body: EventBodyData }) {
  const { problem, text, encoding } = body
  return (
    <>
      {problem === null ? null : (
        <Notice
          tone="failed"
          title={`It cannot be read as JSON: line ${problem.line}, column ${problem.column}.`}
        >
          {problem.message}
          {encoding === 'binary' ? ' The bytes are no UTF-8, so they are shown in hexadecimal.' : ''}
        </Notice>
      )}
      {/* A scrolling region has to be reachable by keyboard. */}
      <pre className={css['text']} tabIndex={0} role="region" aria-label="Webhook body">
        {encoding === 'binary' ? hexLines(text ?? '') : <Marked text={text ?? ''} at={problem?.at ?? null} />}
      </pre>
    </>
  )
}

/** The text with the place of the problem marked. */
function Marked({ text, at }: { text: string; at: number | null }) {
  if (text === '') return 'The body is empty.'
  if (at === null || at > text.length) return text
  return (
    <>
      {text.slice(0, at)}
      <mark className={css['problem']}>{text.slice(at, at + 1) || ' '}</mark>
      {text.slice(at + 1)}
    </>
  )
}

function download(eventId: string, body: EventBodyData, json: Json | undefined): void {
  const text = json === undefined ? (body.text ?? '') : exactJsonText(json)
  const address = URL.createObjectURL(
    new Blob([text], { type: json === undefined ? 'text/plain' : 'application/json' }),
  )
  const link = document.createElement('a')
  link.href = address
  link.download = `event-${eventId}-masked.${json === undefined ? 'txt' : 'json'}`
  link.click()
  URL.revokeObjectURL(address)
}
