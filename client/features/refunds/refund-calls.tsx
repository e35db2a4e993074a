import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { z } from 'zod/mini'
import { gridState } from '../../lib/errors.ts'
import { useCan } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { DateTime } from '../../ui/date-time.tsx'
import { JsonViewer } from '../../ui/json-viewer.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Section } from '../../ui/page.tsx'
import { ErrorState, LoadingRows } from '../../ui/states.tsx'
import { formatDuration } from '../../ui/time-format.ts'
import type { RefundCall, RefundDetail } from './refund-types.ts'
import css from './refund.module.css'

/** Every call to Juspay for this refund, with its answer, and the way to the order's webhooks. */
export function RefundCalls({ refund }: { refund: RefundDetail }) {
  const { link: Link } = useKit()
  return (
    <Section
      title="Calls to Juspay"
      end={
        <Link to={`/events?q=${encodeURIComponent(`order:${refund.orderRef}`)}`}>Events of the order</Link>
      }
    >
      {refund.refundId === null || refund.origin !== 'paydesk' ? (
        <p className="muted">
          None: {refund.origin === 'paydesk' ? 'nothing was sent.' : 'it was started elsewhere.'}
        </p>
      ) : (
        <Calls refundId={refund.refundId} />
      )}
    </Section>
  )
}

function Calls({ refundId }: { refundId: string }) {
  const trpc = useTRPC()
  const calls = useQuery(trpc.refunds.calls.queryOptions({ refundId }))
  const state = gridState(calls, 'the calls')
  if (state.kind === 'error') return <ErrorState problem={state.problem} onRetry={state.onRetry} />
  if (!calls.data) return <LoadingRows rows={2} label="Loading the calls" />
  if (calls.data.length === 0) return <p className="muted">None is written down.</p>
  return (
    <ol className={css['reviews']}>
      {calls.data.map((call) => (
        <li key={call.id}>
          <Call call={call} />
        </li>
      ))}
    </ol>
  )
}

function Call({ call }: { call: RefundCall }) {
  const [open, setOpen] = useState(false)
  const can = useCan('event:payload')
  const name = `call ${call.callNo} of ${call.uniqueRequestId}`
  return (
    <>
      <div className={css['call']}>
        <span>
          <DateTime at={call.sentAt} /> · <span className="mono">{call.uniqueRequestId}</span>, call{' '}
          {call.callNo}: {call.outcome === 'accepted' ? 'accepted' : (call.words ?? call.outcome)}{' '}
          <span className="caption">
            {call.httpStatus === null ? 'No answer' : `HTTP ${call.httpStatus}`} after{' '}
            {formatDuration(call.tookMs)}
          </span>
        </span>
        {call.hasBody ? (
          <ActionButton
            tone="quiet"
            label={`${open ? 'Hide' : 'Show'} answer to ${name}`}
            expanded={open}
            disabledReason={can.reason}
            onPress={() => setOpen(!open)}
          >
            {open ? 'Hide' : 'Show'} answer
          </ActionButton>
        ) : null}
      </div>
      {open ? <Answer callId={call.id} name={`Answer to ${name}`} /> : null}
    </>
  )
}

function Answer({ callId, name }: { callId: string; name: string }) {
  const trpc = useTRPC()
  const body = useQuery(trpc.refunds.callBody.queryOptions({ callId }))
  const state = gridState(body, 'the answer')
  if (state.kind === 'error') return <ErrorState problem={state.problem} onRetry={state.onRetry} />
  if (!body.data) return <LoadingRows rows={3} label="Loading the answer" />
  const json = z.json().safeParse(body.data.json)
  if (body.data.json !== null && json.success) return <JsonViewer value={json.data} label={name} />
  return (
    // A scrolling region has to be reachable by keyboard.
    <pre className={css['text']} tabIndex={0} role="region" aria-label={name}>
      {body.data.text ?? 'Empty.'}
    </pre>
  )
}
