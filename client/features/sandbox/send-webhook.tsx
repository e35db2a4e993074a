import { useMutation } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { toActProblem } from '../../lib/errors.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { DateTime } from '../../ui/date-time.tsx'
import { SelectField } from '../../ui/fields.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Section } from '../../ui/page.tsx'
import { Notice } from '../../ui/states.tsx'
import { TEST_EVENTS, type TestEvent } from './sandbox-words.ts'
import css from './sandbox.module.css'

const OPTIONS = TEST_EVENTS.map((name) => ({ value: name, label: name }))

type SendWebhookProps = {
  blocked: string | null
  /** Somebody came for it: the focus goes to its first field, of which `onReached` is told. */
  wanted: boolean
  onReached: () => void
}

/** One webhook by name, about the sandbox's newest order. */
export function SendWebhook({ blocked, wanted, onReached }: SendWebhookProps) {
  const trpc = useTRPC()
  const { link: Link } = useKit()
  const [name, setName] = useState<TestEvent>('ORDER_SUCCEEDED')
  const [sent, setSent] = useState<{ name: TestEvent; at: Date } | null>(null)
  const send = useMutation(trpc.sandbox.sendTestEvent.mutationOptions())
  const event = useRef<HTMLSelectElement>(null)
  const reach = useEffectEvent(() => {
    event.current?.focus()
    onReached()
  })
  useEffect(() => {
    if (wanted) reach()
  }, [wanted])
  const problem = send.error === null ? null : toActProblem(send.error)
  return (
    <div className={css['card']}>
      <Section title="Send a webhook">
        <div className={css['fields']}>
          <SelectField
            label="Event"
            selectRef={event}
            value={name}
            onChange={setName}
            options={OPTIONS}
            hint="About the sandbox’s newest order as it is now, or a mandate, notice or dispute of it. A name we do not know is kept and held."
          />
          <ActionButton
            busy={send.isPending}
            disabledReason={blocked}
            onPress={() => send.mutate({ name }, { onSuccess: () => setSent({ name, at: new Date() }) })}
          >
            Send
          </ActionButton>
          <p role="status" className="muted">
            {sent === null ? null : (
              <>
                {sent.name} sent at <DateTime at={sent.at} format="time" />.{' '}
                <Link to={`/events?q=event_name:${sent.name}`}>See it in Live events</Link>
              </>
            )}
          </p>
          {problem ? (
            <Notice tone="failed" title={problem.title}>
              {problem.message}
            </Notice>
          ) : null}
        </div>
      </Section>
    </div>
  )
}
