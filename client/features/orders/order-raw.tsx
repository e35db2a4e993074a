import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { z } from 'zod'
import { gridState } from '../../lib/errors.ts'
import { useCan } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { SelectField } from '../../ui/fields.tsx'
import { JsonViewer } from '../../ui/json-viewer.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { EmptyState, ErrorState, ForbiddenState, LoadingRows } from '../../ui/states.tsx'
import { formatTime, type TimeZoneChoice } from '../../ui/time-format.ts'
import type { RawMessage } from './order-types.ts'
import css from './order.module.css'

/** What Juspay sent or answered about the order, as it came. Secrets are removed and personal data masked by the server. */
export function OrderRaw({ orderId }: { orderId: string }) {
  const can = useCan('event:payload')
  return can.allowed ? (
    <RawMessages orderId={orderId} />
  ) : (
    <ForbiddenState
      title={can.reason}
      hint="Ask an admin for a role that includes it: Operations, Developer or Auditor."
    />
  )
}

function RawMessages({ orderId }: { orderId: string }) {
  const trpc = useTRPC()
  const { timeZone } = useKit()
  const [wanted, setWanted] = useState('')
  const raw = useQuery(trpc.orders.raw.queryOptions({ orderId }))
  const state = gridState(raw, 'the raw messages')
  if (state.kind === 'error') return <ErrorState problem={state.problem} onRetry={state.onRetry} />
  if (state.kind === 'forbidden') return <ForbiddenState title={state.title} hint={state.hint} />
  if (!raw.data) return <LoadingRows label="Loading the raw messages" />
  const message = raw.data.find(({ id }) => id === wanted) ?? raw.data[0]
  if (!message) {
    return (
      <EmptyState title="No messages kept.">Bodies of old webhooks are deleted after a while.</EmptyState>
    )
  }
  return (
    <>
      <div className={css['tools']}>
        <SelectField
          label="Message"
          value={message.id}
          onChange={setWanted}
          options={raw.data.map((one) => ({ value: one.id, label: messageName(one, timeZone) }))}
        />
      </div>
      <MessageBody key={message.id} message={message} name={messageName(message, timeZone)} />
    </>
  )
}

function messageName(message: RawMessage, timeZone: TimeZoneChoice): string {
  const kind = message.kind === 'webhook' ? 'Webhook' : 'Status check'
  return `${kind} ${formatTime(message.at, 'list', timeZone)} ${message.name}`
}

function MessageBody({ message, name }: { message: RawMessage; name: string }) {
  const json = z.json().safeParse(message.json)
  if (message.json !== null && json.success) return <JsonViewer value={json.data} label={name} />
  if (message.text === null) return <EmptyState title="This message had no body." />
  return (
    // A scrolling region has to be reachable by keyboard.
    <pre className={css['text']} tabIndex={0} role="region" aria-label={name}>
      {message.text}
    </pre>
  )
}
