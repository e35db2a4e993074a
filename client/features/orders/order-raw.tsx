import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { z } from 'zod/mini'
import { compareMeaning, statusIn, type ComparedSide } from '../../../server/domain/compare-meaning.ts'
import { gridState } from '../../lib/errors.ts'
import { orderOf, sideInput } from '../../lib/message-sides.ts'
import { useCan } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { SelectField } from '../../ui/fields.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { EmptyState, ErrorState, ForbiddenState, LoadingRows } from '../../ui/states.tsx'
import type { OrderDetail, OrderMessage } from './order-types.ts'
import { messageChoices, NOTHING, startingSides } from './raw-sides.ts'
import css from './order.module.css'

/** Viewer and comparison come when somebody looks at them. */
const JsonViewer = lazy(() =>
  import('../../ui/json-viewer.tsx').then(({ JsonViewer: component }) => ({ default: component })),
)
const JsonCompare = lazy(() =>
  import('../../ui/json-compare.tsx').then(({ JsonCompare: component }) => ({ default: component })),
)

/**
 * What Juspay sent or answered about the order as it came, by itself or beside another message or what we hold. Secrets
 * are removed and personal data masked by the server.
 */
export function OrderRaw({ order, message }: { order: OrderDetail; message: string | undefined }) {
  const can = useCan('event:payload')
  const trpc = useTRPC()
  const messages = useQuery(
    trpc.orders.messages.queryOptions({ orderId: order.id }, { enabled: can.allowed }),
  )
  if (!can.allowed)
    return (
      <ForbiddenState
        title={can.reason}
        hint="Ask an admin for a role that includes it: Operations, Developer or Auditor."
      />
    )
  const state = gridState(messages, 'the raw messages')
  if (state.kind === 'error') return <ErrorState problem={state.problem} onRetry={state.onRetry} />
  if (state.kind === 'forbidden') return <ForbiddenState title={state.title} hint={state.hint} />
  if (!messages.data) return <LoadingRows label="Loading the raw messages" />
  return <Messages key={message ?? 'first'} order={order} messages={messages.data} wanted={message} />
}

type MessagesProps = { order: OrderDetail; messages: readonly OrderMessage[]; wanted: string | undefined }

function Messages({ order, messages, wanted }: MessagesProps) {
  const { timeZone } = useKit()
  const start = startingSides(messages, wanted)
  const [left, setLeft] = useState(start.left)
  const [right, setRight] = useState(start.right)
  const choices = messageChoices(messages, timeZone)
  return (
    <>
      <div className={css['sides']}>
        <SelectField label="Message" value={left} onChange={setLeft} options={choices} />
        <SelectField
          label="Against"
          value={right}
          onChange={setRight}
          options={[{ value: NOTHING, label: 'Nothing, show it alone' }, ...choices]}
        />
      </div>
      <Suspense fallback={<LoadingRows label="Loading the viewer" />}>
        {right === NOTHING ? (
          <Body orderId={order.id} side={left} name={nameOf(choices, left)} />
        ) : (
          <Comparison
            order={order}
            messages={messages}
            left={left}
            right={right}
            names={[nameOf(choices, left), nameOf(choices, right)]}
          />
        )}
      </Suspense>
    </>
  )
}

function nameOf(choices: readonly { value: string; label: string }[], value: string): string {
  return choices.find((choice) => choice.value === value)?.label ?? 'Message'
}

function useSide(orderId: string, side: string) {
  const trpc = useTRPC()
  return useQuery(trpc.orders.side.queryOptions({ orderId, side: sideInput(side) }))
}

function Body({ orderId, side, name }: { orderId: string; side: string; name: string }) {
  const body = useSide(orderId, side)
  const state = gridState(body, 'this message')
  if (state.kind === 'error') return <ErrorState problem={state.problem} onRetry={state.onRetry} />
  if (!body.data) return <LoadingRows label="Loading the message" />
  const json = z.json().safeParse(body.data.json)
  if (body.data.json !== null && json.success) return <JsonViewer key={side} value={json.data} label={name} />
  if (body.data.text === null) return <EmptyState title="This message had no body." />
  return (
    // A scrolling region has to be reachable by keyboard.
    <pre className={css['text']} tabIndex={0} role="region" aria-label={name}>
      {body.data.text}
    </pre>
  )
}

type ComparisonProps = {
  order: OrderDetail
  messages: readonly OrderMessage[]
  left: string
  right: string
  names: readonly [string, string]
}

function Comparison({ order, messages, left, right, names }: ComparisonProps) {
  const before = useSide(order.id, left)
  const after = useSide(order.id, right)
  for (const side of [before, after]) {
    const state = gridState(side, 'this message')
    if (state.kind === 'error') return <ErrorState problem={state.problem} onRetry={state.onRetry} />
  }
  if (!before.data || !after.data) return <LoadingRows label="Loading both messages" />
  // Two webhooks are compared whole; beside anything else, the order inside the envelope.
  const whole = left.startsWith('event:') && right.startsWith('event:')
  const part = (json: unknown) => (whole ? json : orderOf(json))
  const sides: readonly [ComparedSide, ComparedSide] = [
    comparedSide(messages, left, before.data.json),
    comparedSide(messages, right, after.data.json),
  ]
  return (
    <JsonCompare
      key={`${left} ${right}`}
      before={{ name: names[0], json: part(before.data.json), partial: left === 'record' }}
      after={{ name: names[1], json: part(after.data.json), partial: right === 'record' }}
      meaning={(differing) => compareMeaning(sides, order.providerStatus, differing)}
    />
  )
}

function comparedSide(messages: readonly OrderMessage[], side: string, json: unknown): ComparedSide {
  const { kind } = sideInput(side)
  const message = messages.find((one) => `${one.kind}:${one.id}` === side)
  return { kind, at: message?.occurredAt ?? message?.at ?? null, status: statusIn(orderOf(json)) }
}
