import { useState } from 'react'
import { useSession } from '../../lib/session.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { FieldRow, SelectField, TextField } from '../../ui/fields.tsx'
import { moneyDraft, moneyProblem } from '../../ui/money-draft.ts'
import { MoneyInput } from '../../ui/money-input.tsx'
import { Section } from '../../ui/page.tsx'
import { ErrorState, LoadingRows, Notice } from '../../ui/states.tsx'
import { countOf, ORDERS_MAX, USUAL_ORDER } from './sandbox-words.ts'
import type { Named, SimulationChoice, Simulations } from './use-simulations.ts'
import css from './sandbox.module.css'

type SimulatePaymentsProps = {
  state: Simulations
  /** Why nothing can be done now. */
  blocked: string | null
}

/** Orders that end as asked; what follows arrives by webhook, like any payment. */
export function SimulatePayments({ state, blocked }: SimulatePaymentsProps) {
  const { list, listProblem, problem } = state
  return (
    <div className={css['card']}>
      <Section title="Simulate payments">
        {list !== null ? <SimulateForm list={list} state={state} blocked={blocked} /> : null}
        {list === null && listProblem === null ? <LoadingRows label="Asking what can be simulated" /> : null}
        {list === null && listProblem !== null ? (
          <ErrorState problem={listProblem} onRetry={state.retry} />
        ) : null}
        {problem ? (
          <Notice tone="failed" title={problem.title}>
            {problem.message}
          </Notice>
        ) : null}
      </Section>
    </div>
  )
}

type SimulateFormProps = SimulatePaymentsProps & { list: NonNullable<Simulations['list']> }

function SimulateForm({ list: { simulations, switches }, state, blocked }: SimulateFormProps) {
  const { currency } = useSession().account
  const [name, setName] = useState(simulations[0]?.name ?? '')
  const [amount, setAmount] = useState(() => moneyDraft({ minor: USUAL_ORDER.amountMinor, currency }))
  const [count, setCount] = useState(String(USUAL_ORDER.count))
  const chosen = simulations.find((simulation) => simulation.name === name) ?? null
  const number = countOf(count)
  const countProblem = number === null ? `How many must be from 1 to ${ORDERS_MAX}.` : null
  const run = () => {
    if (chosen !== null && amount.minor !== null && number !== null)
      state.run(chosen, { amountMinor: amount.minor, count: number })
  }
  return (
    <div className={css['fields']}>
      <SelectField
        label="Ends as"
        value={name}
        onChange={setName}
        options={simulations.map((simulation) => ({ value: simulation.name, label: simulation.title }))}
        hint={chosen === null ? null : <Told simulation={chosen} />}
      />
      <FieldRow>
        <MoneyInput label="Amount" currency={currency} draft={amount} onChange={setAmount} />
        <TextField
          label="How many"
          inputMode="numeric"
          value={count}
          onChange={setCount}
          maxLength={3}
          error={countProblem}
        />
      </FieldRow>
      <Switches switches={switches} on={state.on} onToggle={state.toggle} />
      <ActionButton
        tone="primary"
        busy={state.busy}
        disabledReason={blocked ?? moneyProblem(amount, currency, 'Amount') ?? countProblem}
        onPress={run}
      >
        {number === 1 || number === null ? 'Create order' : `Create ${number} orders`}
      </ActionButton>
    </div>
  )
}

function Told({ simulation: { story, result } }: { simulation: SimulationChoice }) {
  return (
    <>
      {story} Expect: {result}
    </>
  )
}

type SwitchesProps = {
  switches: readonly Named[]
  on: readonly string[]
  onToggle: (name: string) => void
}

/** What makes a simulation harder. */
function Switches({ switches, on, onToggle }: SwitchesProps) {
  return (
    <fieldset className={css['switches']}>
      <legend>With</legend>
      {switches.map(({ name, title, story }) => (
        <label key={name} title={story}>
          <input type="checkbox" checked={on.includes(name)} onChange={() => onToggle(name)} />
          {title}
        </label>
      ))}
    </fieldset>
  )
}
