import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import {
  REVEAL_MINUTES,
  REVEAL_REASON_MIN,
  REVEAL_WORDS,
  shownForMs,
  type RevealField,
} from '../../../server/domain/reveal.ts'
import { actProblemText } from '../../lib/errors.ts'
import { useCan } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { announce } from '../../ui/announcer.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { FactList } from '../../ui/fact-list.tsx'
import { TextField } from '../../ui/fields.tsx'
import { Section } from '../../ui/page.tsx'
import type { OrderDetail } from './order-types.ts'
import { idFact } from './fact-cells.tsx'
import css from './order.module.css'

/** Who paid. Contact details are masked; each is revealed by itself, for a reason, for five minutes. */
export function OrderCustomer({ order }: { order: OrderDetail }) {
  const { customer } = order
  return (
    <Section title="Customer">
      <FactList
        facts={[
          { label: 'Name', value: customer.name },
          { label: 'Email', value: personal(order, 'email', customer.emailMasked) },
          { label: 'Phone', value: personal(order, 'phone', customer.phoneMasked) },
          { label: 'UPI', value: personal(order, 'vpa', customer.vpaMasked) },
          { label: 'Customer ID', value: idFact(customer.ref, 'customer ID') },
        ]}
      />
    </Section>
  )
}

function personal(order: OrderDetail, field: RevealField, mask: string | null) {
  return mask === null ? null : <Personal orderId={order.id} field={field} mask={mask} />
}

function Personal({ orderId, field, mask }: { orderId: string; field: RevealField; mask: string }) {
  const trpc = useTRPC()
  const can = useCan('order:pii')
  // The answer is kept nowhere but in what is shown.
  const reveal = useMutation(trpc.orders.reveal.mutationOptions({ gcTime: 0 }))
  const { reset } = reveal
  const [asking, setAsking] = useState(false)
  const [shown, setShown] = useState<{ value: string; hideAt: number } | null>(null)
  const what = REVEAL_WORDS[field]
  const line = useRef<HTMLSpanElement>(null)
  // What has the focus may be about to go; the button that shows and hides stays.
  const keepFocus = () => {
    if (line.current?.contains(document.activeElement))
      line.current.querySelector<HTMLElement>('[data-tone]')?.focus({ preventScroll: true })
  }
  useEffect(() => {
    if (!shown) return
    const hide = () => {
      keepFocus()
      setShown(null)
      announce(`The ${what} is hidden again`)
    }
    const timer = setTimeout(hide, shown.hideAt - Date.now())
    // Timers stand still while the computer sleeps.
    const look = () => {
      if (Date.now() >= shown.hideAt) hide()
    }
    document.addEventListener('visibilitychange', look)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [shown, what])

  async function show(reason: string): Promise<string | null> {
    try {
      const { value, until } = await reveal.mutateAsync({ orderId, field, reason })
      keepFocus()
      setAsking(false)
      reset()
      setShown(value === null ? null : { value, hideAt: Date.now() + shownForMs(until, Date.now()) })
      announce(`The ${what} is shown for ${REVEAL_MINUTES} minutes. This is logged.`)
      return null
    } catch (error) {
      return actProblemText(error)
    }
  }
  // Whoever lost the permission meanwhile sees the mask again.
  const open = shown !== null && can.allowed
  return (
    <span ref={line} className={css['personal']}>
      {open ? shown.value : mask}
      {open ? <CopyButton text={shown.value} what={what} /> : null}
      <ActionButton
        tone="quiet"
        label={`${open ? 'Hide' : 'Reveal'} the ${what}`}
        disabledReason={can.reason}
        {...(!open && { expanded: asking })}
        onPress={() => (open ? setShown(null) : setAsking(!asking))}
      >
        {open ? 'Hide' : 'Reveal'}
      </ActionButton>
      {open ? (
        <span className="caption">Shown for {REVEAL_MINUTES} min. Your look is in the audit log.</span>
      ) : asking ? (
        <Reason what={what} busy={reveal.isPending} onReason={show} />
      ) : null}
    </span>
  )
}

function Reason(props: {
  what: string
  busy: boolean
  onReason: (reason: string) => Promise<string | null>
}) {
  const [reason, setReason] = useState('')
  const [error, setError] = useState<string | null>(null)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  async function send() {
    if (reason.trim().length < REVEAL_REASON_MIN) {
      setError(`Reason must have at least ${REVEAL_REASON_MIN} characters.`)
      return
    }
    setError(await props.onReason(reason))
  }
  return (
    <form
      className={css['reason']}
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <TextField
        inputRef={field}
        label={`Reason to see the ${props.what}`}
        value={reason}
        onChange={setReason}
        error={error}
        hint="It is logged with your name."
      />
      <ActionButton type="submit" busy={props.busy}>
        Show
      </ActionButton>
    </form>
  )
}
