import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { toActProblem } from '../../lib/errors.ts'
import { useSession } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { announce } from '../../ui/announcer.tsx'
import { FieldRow, SelectField, TextField } from '../../ui/fields.tsx'
import { moneyDraft, moneyProblem } from '../../ui/money-draft.ts'
import { MoneyInput } from '../../ui/money-input.tsx'
import { Section } from '../../ui/page.tsx'
import { Notice } from '../../ui/states.tsx'
import { countOf, OUTCOMES, ORDERS_MAX, type Outcome } from './sandbox-words.ts'
import css from './sandbox.module.css'

const FIRST_AMOUNT_MINOR = 49_900n

type SimulatePaymentsProps = {
  /** Why nothing can be done now. */
  blocked: string | null
  onMade: (orderRefs: readonly string[]) => void
}

/** Orders that end as asked; what follows arrives by webhook, like any payment. */
export function SimulatePayments({ blocked, onMade }: SimulatePaymentsProps) {
  const trpc = useTRPC()
  const { currency } = useSession().account
  const [outcome, setOutcome] = useState<Outcome>('charged')
  const [amount, setAmount] = useState(() => moneyDraft({ minor: FIRST_AMOUNT_MINOR, currency }))
  const [count, setCount] = useState('1')
  const create = useMutation(trpc.sandbox.createOrder.mutationOptions())
  const number = countOf(count)
  const chosen = OUTCOMES.find(({ value }) => value === outcome)
  const problem = create.error === null ? null : toActProblem(create.error)

  async function run() {
    if (amount.minor === null || number === null) return
    try {
      const { orderRefs } = await create.mutateAsync({ outcome, amountMinor: amount.minor, count: number })
      announce(`${orderRefs.length} ${orderRefs.length === 1 ? 'order' : 'orders'} made`)
      onMade(orderRefs)
    } catch {
      // The notice below says it.
    }
  }

  return (
    <div className={css['card']}>
      <Section title="Simulate payments">
        <div className={css['fields']}>
          <SelectField
            label="Ends as"
            value={outcome}
            onChange={setOutcome}
            options={OUTCOMES}
            hint={chosen?.hint}
          />
          <FieldRow>
            <MoneyInput label="Amount" currency={currency} draft={amount} onChange={setAmount} />
            <TextField
              label="How many"
              inputMode="numeric"
              value={count}
              onChange={setCount}
              maxLength={3}
              error={number === null ? `How many must be from 1 to ${ORDERS_MAX}.` : null}
            />
          </FieldRow>
          <ActionButton
            tone="primary"
            busy={create.isPending}
            disabledReason={
              blocked ??
              moneyProblem(amount, currency, 'Amount') ??
              (number === null ? `How many must be from 1 to ${ORDERS_MAX}.` : null)
            }
            onPress={() => void run()}
          >
            {number === 1 || number === null ? 'Create order' : `Create ${number} orders`}
          </ActionButton>
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
