import { useEffect, useId, useRef, type KeyboardEvent } from 'react'
import { formatMoney } from '../../../server/domain/money.ts'
import { NOTE_MAX_LENGTH } from '../../../server/domain/refund-reason.ts'
import { DateTime, TimeAgo, useNow } from '../../ui/date-time.tsx'
import { FactList } from '../../ui/fact-list.tsx'
import { FieldRow, SelectField, TextAreaField } from '../../ui/fields.tsx'
import { Money } from '../../ui/money.tsx'
import { moneyDraft } from '../../ui/money-draft.ts'
import { MoneyInput } from '../../ui/money-input.tsx'
import { Notice } from '../../ui/states.tsx'
import type { RefundPreview, RefundProblem } from './refund-dialog-flow.ts'
import {
  ageWarning,
  attemptLabel,
  mostOf,
  nearLineWarning,
  nextSteps,
  type RefundFormValues,
} from './refund-dialog-words.ts'
import css from './refund-dialog.module.css'

const AGE_REFRESH_MS = 60_000

type RefundFormProps = {
  preview: RefundPreview
  values: RefundFormValues
  onChange: (change: Partial<RefundFormValues>) => void
  /** The same amount went back a moment ago, so it has to be typed again. */
  sameAmount: boolean
  /** The attempt that is given back, where several were charged. */
  attempt: string | null
  onAttempt: (txnRef: string) => void
  /** A refusal that belongs beside a field. */
  problem: RefundProblem | null
}

/** The three inputs of a refund with everything a person needs to know before sending it. */
export function RefundForm(props: RefundFormProps) {
  const { preview, values, onChange, sameAmount, problem } = props
  const { currency } = preview
  const amountInput = useRef<HTMLInputElement>(null)
  const stepsId = useId()
  const now = useNow(AGE_REFRESH_MS)
  useEffect(() => amountInput.current?.select(), [])
  const old = ageWarning(preview, now)
  const near = nearLineWarning(preview, values.amount.minor)
  const cap = mostOf(preview)
  const most = formatMoney({ minor: cap.minor, currency })
  const chosen = preview.reasons.find(({ code }) => code === values.reason)
  const noteRequired = (chosen?.noteMinLength ?? 0) > 0
  return (
    <div className={css['form']} onKeyDown={moveOnEnter}>
      <RefundFacts preview={preview} amountMinor={values.amount.minor} />
      {preview.choice && props.attempt !== null ? (
        <SelectField
          label="Attempt to give back"
          value={props.attempt}
          onChange={props.onAttempt}
          error={fieldError(problem, 'attempt')}
          hint={preview.choice.why}
          options={preview.choice.attempts.map((attempt) => ({
            value: attempt.txnRef,
            label: attemptLabel(attempt, currency),
          }))}
        />
      ) : null}
      <FieldRow>
        <MoneyInput
          label="Amount"
          currency={currency}
          draft={values.amount}
          onChange={(amount) => onChange({ amount })}
          max={cap}
          error={fieldError(problem, 'amount')}
          autoFocus
          inputRef={amountInput}
          hint={
            <>
              Most you can refund is {most}.{' '}
              {values.amount.minor === cap.minor ? null : (
                <button
                  type="button"
                  className={css['link']}
                  onClick={() => onChange({ amount: moneyDraft({ minor: cap.minor, currency }) })}
                >
                  Use it all
                </button>
              )}
            </>
          }
        />
        <SelectField
          label="Reason"
          value={values.reason}
          onChange={(reason) => onChange({ reason })}
          options={[
            { value: '', label: 'Choose a reason' },
            ...preview.reasons.map(({ code, label }) => ({ value: code, label })),
          ]}
        />
      </FieldRow>
      <TextAreaField
        label="Note for approver and audit log"
        required={noteRequired}
        placeholder="Why this amount"
        maxLength={NOTE_MAX_LENGTH}
        error={fieldError(problem, 'note')}
        value={values.note}
        onChange={(note) => onChange({ note })}
      />
      {preview.stop ? (
        <Notice tone="review" title={`${preview.stop.title}.`}>
          {preview.stop.by}: {preview.stop.reason}
        </Notice>
      ) : null}
      {near ? <Notice tone="review">{near}</Notice> : null}
      {old ? <Notice tone="review">{old}</Notice> : null}
      {sameAmount && preview.sameAmountRecently ? (
        <Notice tone="review">
          <p>
            The same amount was refunded <TimeAgo at={preview.sameAmountRecently.at} /> by{' '}
            {preview.sameAmountRecently.by}. Is this a second refund?
          </p>
          <MoneyInput
            label="Type the amount again"
            currency={currency}
            draft={values.typed}
            onChange={(typed) => onChange({ typed })}
          />
        </Notice>
      ) : null}
      <Notice tone="pending">
        <p id={stepsId} className={css['stepsTitle']}>
          What happens next
        </p>
        <ol aria-labelledby={stepsId}>
          {nextSteps(preview, values.amount.minor, values.reason).map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      </Notice>
    </div>
  )
}

function fieldError(problem: RefundProblem | null, field: RefundProblem['field']): string | null {
  if (problem === null || problem.field !== field) return null
  return [problem.title, problem.message].filter(Boolean).join(' ')
}

function RefundFacts({ preview, amountMinor }: { preview: RefundPreview; amountMinor: bigint | null }) {
  const { currency, leftMinor, chargedAt } = preview
  const after = amountMinor === null ? null : leftMinor - amountMinor
  return (
    <FactList
      boxed
      facts={[
        { label: 'Order', value: <span className="mono">{preview.orderRef}</span> },
        {
          label: 'Paid',
          value: (
            <>
              <Money value={{ minor: preview.amountMinor, currency }} />
              {chargedAt ? (
                <>
                  {' '}
                  on <DateTime at={chargedAt} format="full" />
                </>
              ) : null}
            </>
          ),
        },
        { label: 'Goes back to', value: preview.destination },
        {
          label: 'Left to refund',
          value: (
            <>
              <Money value={{ minor: leftMinor, currency }} /> now
              {after !== null && after >= 0n ? (
                <>
                  , <Money value={{ minor: after, currency }} /> after this
                </>
              ) : null}
            </>
          ),
        },
      ]}
    />
  )
}

/** Enter never sends money: it goes on to the next field. */
function moveOnEnter(event: KeyboardEvent<HTMLDivElement>) {
  if (event.key !== 'Enter' || event.ctrlKey || event.metaKey || !(event.target instanceof HTMLInputElement))
    return
  event.preventDefault()
  const fields = [...event.currentTarget.querySelectorAll<HTMLElement>('input, select, textarea')]
  fields[fields.indexOf(event.target) + 1]?.focus()
}
