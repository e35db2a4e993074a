import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { batchName } from '../../../server/domain/batch-words.ts'
import { gatewayLabel } from '../../../server/domain/gateway.ts'
import { formatMoney, parseTyped, toDecimal } from '../../../server/domain/money.ts'
import { NOTE_MAX_LENGTH, noteProblem, reasonLabel } from '../../../server/domain/refund-reason.ts'
import { downloadPath } from '../../lib/download.ts'
import { toActProblem, toProblem } from '../../lib/errors.ts'
import { useCan } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { announce } from '../../ui/announcer.tsx'
import { SelectField, TextAreaField, TextField } from '../../ui/fields.tsx'
import { Section } from '../../ui/page.tsx'
import { ErrorState, LoadingRows, Notice, type Problem } from '../../ui/states.tsx'
import { formatTime } from '../../ui/time-format.ts'
import type { BulkBatch, BulkReview } from './bulk-types.ts'
import { refundsText, rowsText, toFix } from './bulk-words.ts'
import { runAct, useBulkActs } from './use-bulk-acts.ts'
import css from './bulk.module.css'

/** The review beside the rows: what must still be looked at, the totals, and sending it for approval. */
export function BulkReviewPanel({ batch }: { batch: BulkBatch }) {
  const trpc = useTRPC()
  const review = useQuery(trpc.bulk.review.queryOptions({ batchId: batch.id }))
  const acts = useBulkActs()
  const can = useCan('refund:bulk')
  const unticked = batch.rows.warning - batch.rows.accepted
  return (
    <div className={css['review']}>
      {batch.rows.error > 0 ? (
        <Notice tone="review" title={`${rowsText(batch.rows.error)} must be fixed or dropped`}>
          <p>Correct them here, or in a copy of the file.</p>
          <ActionButton
            busy={acts.busy}
            disabledReason={can.reason}
            onPress={() =>
              void runAct(() => acts.dropErrors.mutateAsync({ batchId: batch.id }), 'Rows dropped.')
            }
          >
            {`Drop all ${batch.rows.error.toLocaleString('en-IN')}`}
          </ActionButton>{' '}
          <ActionButton onPress={() => window.location.assign(downloadPath.bulk(batch))}>
            Download with errors
          </ActionButton>
        </Notice>
      ) : null}
      {unticked > 0 ? (
        <Notice tone="review" title={`${rowsText(unticked)} to look at`}>
          <p>Each says why. Keep or drop them one by one, or keep all.</p>
          <ActionButton
            busy={acts.busy}
            disabledReason={can.reason}
            onPress={() =>
              void runAct(
                () => acts.acceptRows.mutateAsync({ batchId: batch.id, n: null, accepted: true }),
                'Rows kept.',
              )
            }
          >
            {`Keep all ${unticked.toLocaleString('en-IN')}`}
          </ActionButton>
        </Notice>
      ) : null}
      {review.data ? (
        <>
          <Totals review={review.data} currency={batch.currency} />
          <SubmitForm batch={batch} review={review.data} />
        </>
      ) : review.error ? (
        <ErrorState problem={toProblem(review.error, 'the totals')} onRetry={() => void review.refetch()} />
      ) : (
        <LoadingRows rows={8} label="Loading the totals" />
      )}
    </div>
  )
}

/** What the rows that go add up to, by gateway, reason and day. */
export function Totals({ review, currency }: { review: BulkReview; currency: string }) {
  const { totals } = review
  const money = (minor: bigint) => formatMoney({ minor, currency })
  const customers = `${totals.customers.toLocaleString('en-IN')} ${totals.customers === 1 ? 'customer' : 'customers'}`
  return (
    <Section title="Totals">
      <p>
        <strong>{`${refundsText(totals.rows)}, ${money(totals.amountMinor)}`}</strong>, to {customers}.
        Largest {money(totals.largestMinor)}.
        {totals.allLeft > 0
          ? ` ${rowsText(totals.allLeft)} ${totals.allLeft === 1 ? 'takes' : 'take'} all that is left.`
          : null}
      </p>
      <Groups
        title="By gateway"
        groups={review.byGateway}
        money={money}
        name={(one) => (one === null ? 'Not known' : gatewayLabel(one))}
      />
      <Groups
        title="By reason"
        groups={review.byReason}
        money={money}
        name={(one) => (one === null ? 'Reason for all' : reasonLabel(one))}
      />
      <Groups
        title="By day paid"
        groups={review.byDay}
        money={money}
        // A day as it is called in India, whatever zone times are shown in.
        name={(one) => (one === null ? 'Not known' : formatTime(new Date(one), 'date', 'UTC'))}
      />
    </Section>
  )
}

type GroupsProps = {
  title: string
  groups: BulkReview['byDay']
  money: (minor: bigint) => string
  name: (name: string | null) => string
}

const GROUPS_SHOWN = 8

function Groups({ title, groups, money, name }: GroupsProps) {
  if (groups.length === 0) return null
  const more = groups.length - GROUPS_SHOWN
  return (
    <>
      <h3 className={css['groupHead']}>{title}</h3>
      <dl className={css['group']}>
        {groups.slice(0, GROUPS_SHOWN).map((group) => (
          <div key={group.name ?? ''}>
            <dt>{name(group.name)}</dt>
            <dd>{`${group.rows.toLocaleString('en-IN')} · ${money(group.amountMinor)}`}</dd>
          </div>
        ))}
      </dl>
      {more > 0 ? <p className="muted">{`and ${more} smaller`}</p> : null}
    </>
  )
}

function SubmitForm({ batch, review }: { batch: BulkBatch; review: BulkReview }) {
  const can = useCan('refund:bulk')
  const { submit } = useBulkActs()
  const [reason, setReason] = useState(review.reasons[0]?.code ?? '')
  const [note, setNote] = useState('')
  const [typed, setTyped] = useState('')
  const [second, setSecond] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const { totals, sameFile, approvers } = review
  const total = { minor: totals.amountMinor, currency: batch.currency }
  const parsed = parseTyped(typed, batch.currency)
  const right = parsed.ok && parsed.minor === totals.amountMinor
  const chosen = review.reasons.find(({ code }) => code === reason)
  const noteWrong = chosen ? noteProblem(chosen, note === '' ? null : note) : 'Choose a reason.'
  const line = formatMoney({ minor: review.approvalAboveMinor, currency: batch.currency })
  const blocked =
    can.reason ??
    (toFix(batch) > 0
      ? 'Look at the marked rows first.'
      : totals.rows === 0
        ? 'No row of this batch can be refunded.'
        : approvers.length === 0
          ? 'Nobody else here can approve refunds.'
          : (review.overLimit ?? noteWrong ?? (right ? null : 'Type the total first.')))

  async function send() {
    setProblem(null)
    try {
      await submit.mutateAsync({
        batchId: batch.id,
        typedTotal: typed,
        reason,
        note: note.trim() === '' ? null : note,
        confirmSameFile: second,
      })
      announce('Sent for approval.')
    } catch (error) {
      setProblem(toActProblem(error))
    }
  }

  return (
    <Section title="Send for approval">
      <div className={css['fields']}>
        {sameFile === null ? null : (
          <Notice tone="review" title={`This file was sent for approval before as ${batchName(sameFile.no)}`}>
            <label className={css['tick']}>
              <input type="checkbox" checked={second} onChange={(event) => setSecond(event.target.checked)} />
              <span>These refunds are to be made a second time</span>
            </label>
          </Notice>
        )}
        {review.overLimit === null ? null : (
          <Notice tone="review" title={`${formatMoney(total)} is more than you can send today`}>
            {review.overLimit} Drop rows, ask an admin for a higher limit, or send it tomorrow.
          </Notice>
        )}
        <SelectField
          label="Reason for all"
          value={reason}
          options={review.reasons.map(({ code, label }) => ({ value: code, label }))}
          hint="Rows with a reason of their own keep it."
          onChange={setReason}
        />
        <TextAreaField
          label="Note for approver and audit log"
          required={false}
          value={note}
          maxLength={NOTE_MAX_LENGTH}
          onChange={setNote}
        />
        <TextField
          label="Type the total to continue"
          inputMode="decimal"
          mono
          value={typed}
          placeholder={toDecimal(total)}
          error={typed !== '' && !right ? `Total must be ${formatMoney(total)}.` : null}
          hint={`A batch always needs a second person; a single refund does above ${line}.`}
          onChange={setTyped}
        />
        <p className="muted">
          {approversText(approvers)} {startText(review.holdMinutes)} The amounts are set aside as soon as you
          send it.
        </p>
        {problem ? (
          <Notice tone="failed" title={problem.title}>
            {problem.message}
          </Notice>
        ) : null}
        <ActionButton
          tone="primary"
          full
          busy={submit.isPending}
          disabledReason={blocked}
          shortcut={{
            id: 'bulk.submit',
            keys: 'Mod+Enter',
            label: 'Send the batch for approval',
            group: 'This page',
          }}
          onPress={() => void send()}
        >
          {`Send for approval, ${formatMoney(total)}`}
        </ActionButton>
      </div>
    </Section>
  )
}

function approversText(names: readonly string[]): string {
  if (names.length === 0) return 'Nobody else here can approve refunds.'
  const [first = '', ...rest] = names.slice(0, 3)
  return `${[first, ...rest].join(' or ')} must approve.`
}

function startText(minutes: number): string {
  return minutes === 0
    ? 'It starts at once then.'
    : `It starts ${minutes} min later, and can be cancelled until then.`
}
