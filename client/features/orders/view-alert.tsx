/** Being told of a view: the sign on its tab, and the dialog that sets it (design §3.17). */
import IconBell from '@tabler/icons-react/dist/esm/icons/IconBell.mjs'
import IconBellExclamation from '@tabler/icons-react/dist/esm/icons/IconBellExclamation.mjs'
import IconBellRingingFilled from '@tabler/icons-react/dist/esm/icons/IconBellRingingFilled.mjs'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import {
  ALERT_KINDS,
  ruleProblem,
  type AlertKind,
  type AlertRule,
} from '../../../server/domain/view-alert.ts'
import { chooseNotify } from '../../lib/browser-notice.ts'
import { outcomeOf } from '../../lib/errors.ts'
import { usePreferences } from '../../lib/preferences.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { useNow } from '../../ui/date-time.tsx'
import { FieldRow, SelectField, TextField } from '../../ui/fields.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { RadioLine } from '../../ui/radio-line.tsx'
import { toast } from '../../ui/toasts.tsx'
import { AGE_UNITS, ageOf, ruleText, standText, UNIT_MINUTES, type AgeUnit } from './alert-words.ts'
import type { ViewAlert } from './order-types.ts'
import type { OrderView } from './order-views.ts'
import css from './transactions.module.css'

const TICK_MS = 60_000
const ICON = { size: 14, stroke: 1.75, 'aria-hidden': true } as const

/** A bell for a view that the person is told of; nothing for another. */
export function AlertSign({ view }: { view: string }) {
  const trpc = useTRPC()
  const { data } = useQuery(trpc.views.alerts.queryOptions())
  const alert = data?.find((one) => one.view === view)
  if (!alert) return null
  const [Icon, words] =
    alert.problem !== null
      ? [IconBellExclamation, 'could not be checked']
      : alert.holds
        ? [IconBellRingingFilled, 'alert']
        : [IconBell, 'you are told of it']
  return (
    <>
      <Icon {...ICON} />
      <span className="visually-hidden">, {words}</span>
    </>
  )
}

type AlertDialogProps = { view: OrderView; onClose: () => void }

/** Asks when the person wants to be told of a view, says how that stands, and ends it. */
export function AlertDialog({ view, onClose }: AlertDialogProps) {
  const trpc = useTRPC()
  const { data, isPending } = useQuery(trpc.views.alerts.queryOptions())
  if (isPending) return null
  return <AlertForm view={view} alert={data?.find((one) => one.view === view.id)} onClose={onClose} />
}

const KIND_LABELS: Readonly<Record<AlertKind, string>> = {
  more_than: 'There are more rows than',
  oldest_over: 'The oldest row is over',
}

function AlertForm({ view, alert, onClose }: AlertDialogProps & { alert: ViewAlert | undefined }) {
  const { rule, problem, fields } = useRuleFields(alert?.rule)
  const { set, stop } = useAlertActs(view, onClose)
  const { feedNotify } = usePreferences()
  const now = useNow(TICK_MS)
  const { timeZone: zone } = useKit()
  return (
    <FormDialog
      id="alert.save"
      title={`Notify me of ${view.label}`}
      width={440}
      verb="Notify me"
      missing={problem}
      enter
      run={() => set(rule)}
      {...(alert && { second: { verb: 'Stop notifying', run: stop } })}
      onClose={onClose}
    >
      {alert ? (
        <p>
          You are told {ruleText(alert.rule)}. {standText(alert, { now, zone })}
        </p>
      ) : null}
      {fields}
      <label className={css['check']}>
        <input type="checkbox" checked={feedNotify} onChange={() => void chooseNotify(!feedNotify)} />
        Also by notifications of this browser, as of failed events
      </label>
      <p className="caption">
        The view is checked once a minute as it is saved, whether the dashboard is open or not. You are told
        when this becomes true, and again only after it was not.
      </p>
    </FormDialog>
  )
}

/** The fields of a rule, the rule they make, and what is wrong with it. */
function useRuleFields(before: AlertRule | undefined) {
  const aged = ageOf(before?.kind === 'oldest_over' ? before.threshold : 2 * UNIT_MINUTES.hours)
  const [kind, setKind] = useState<AlertKind>(before?.kind ?? 'more_than')
  const [rows, setRows] = useState(before?.kind === 'more_than' ? String(before.threshold) : '0')
  const [count, setCount] = useState(String(aged.count))
  const [unit, setUnit] = useState<AgeUnit>(aged.unit)
  const rule: AlertRule = {
    kind,
    threshold: kind === 'more_than' ? numberOf(rows) : numberOf(count) * UNIT_MINUTES[unit],
  }
  const problem = ruleProblem(rule)
  const fields = (
    <>
      <RadioLine
        label="When"
        options={ALERT_KINDS.map((value) => ({ value, label: KIND_LABELS[value] }))}
        value={kind}
        onChange={setKind}
      />
      {kind === 'more_than' ? (
        <TextField label="Rows" inputMode="numeric" value={rows} onChange={setRows} error={problem} />
      ) : (
        <FieldRow>
          <TextField label="Age" inputMode="numeric" value={count} onChange={setCount} error={problem} />
          <SelectField
            label="Unit"
            options={AGE_UNITS.map((value) => ({ value, label: value }))}
            value={unit}
            onChange={setUnit}
          />
        </FieldRow>
      )}
    </>
  )
  return { rule, problem, fields }
}

function numberOf(typed: string): number {
  return /^\d{1,6}$/.test(typed.trim()) ? Number(typed) : Number.NaN
}

function useAlertActs(view: OrderView, onClose: () => void) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const setting = useMutation(trpc.views.setAlert.mutationOptions())
  const stopping = useMutation(trpc.views.stopAlert.mutationOptions())
  const act = (run: () => Promise<unknown>, done: string) =>
    outcomeOf(async () => {
      await run()
      toast.success(done)
      onClose()
      void client.invalidateQueries({ queryKey: trpc.views.alerts.queryKey() })
    })
  return {
    set: (rule: AlertRule) =>
      act(
        () => setting.mutateAsync({ view: view.id, rule }),
        `You are told of ${view.label} ${ruleText(rule)}.`,
      ),
    stop: () =>
      act(() => stopping.mutateAsync({ view: view.id }), `You are not told of ${view.label} any more.`),
  }
}
