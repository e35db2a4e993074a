import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { BUILT_IN_VIEWS } from '../../../server/domain/list-view.ts'
import { chooseNotify } from '../../lib/browser-notice.ts'
import { toProblem } from '../../lib/errors.ts'
import { usePreferences } from '../../lib/preferences.ts'
import { tellActProblem } from '../../lib/tell-problem.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { useNow } from '../../ui/date-time.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Section } from '../../ui/page.tsx'
import { ErrorState, LoadingRows } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import { ruleText, standText } from './alert-words.ts'
import type { ViewAlert } from './order-types.ts'
import { listPath, savedAsView, searchOf } from './order-views.ts'
import css from './view-alert-list.module.css'

const TICK_MS = 60_000

/** What a person is told of without looking: the views they watch, each to be turned off, and how they are told. */
export function ViewAlertList() {
  const trpc = useTRPC()
  const alerts = useQuery(trpc.views.alerts.queryOptions())
  const { feedNotify } = usePreferences()
  const { link: Link } = useKit()
  return (
    <Section title="Views you are told of">
      {alerts.error ? (
        <ErrorState problem={toProblem(alerts.error, 'your alerts')} onRetry={() => void alerts.refetch()} />
      ) : !alerts.data ? (
        <LoadingRows rows={3} label="Loading your alerts" />
      ) : alerts.data.length === 0 ? (
        <p className="muted">
          None. In <Link to="/transactions">Transactions</Link>, the menu of a view has “Notify me”.
        </p>
      ) : (
        <ul className={css['alerts']}>
          {alerts.data.map((alert) => (
            <AlertLine key={alert.id} alert={alert} />
          ))}
        </ul>
      )}
      <label className={css['check']}>
        <input type="checkbox" checked={feedNotify} onChange={() => void chooseNotify(!feedNotify)} />
        Also by notifications of this browser, as of failed events
      </label>
    </Section>
  )
}

function AlertLine({ alert }: { alert: ViewAlert }) {
  const { timeZone: zone, link: Link } = useKit()
  const now = useNow(TICK_MS)
  const to = usePathOf(alert.view)
  const { turnOff, busy } = useTurnOff(alert)
  return (
    <li className={css['alert']}>
      <div className={css['words']}>
        <strong>{to === null ? alert.name : <Link to={to}>{alert.name}</Link>}</strong>
        <span className="muted">
          You are told {ruleText(alert.rule)}. {standText(alert, { now, zone })}
        </span>
      </div>
      {turnOff === null ? null : (
        <ActionButton
          busy={busy}
          label={`Turn off the alert on ${alert.name}`}
          onPress={() => void turnOff()}
        >
          Turn off
        </ActionButton>
      )}
    </li>
  )
}

/** The list as a view has it; null for a view that is not there any more. */
function usePathOf(id: string | null): string | null {
  const trpc = useTRPC()
  const saved = useQuery(trpc.views.list.queryOptions())
  const view = [...BUILT_IN_VIEWS, ...(saved.data ?? []).map(savedAsView)].find((one) => one.id === id)
  return view === undefined ? null : listPath(searchOf(view))
}

/** Ends an alert. That of a deleted view ends when its person knows of that, which the next look at it finds out. */
function useTurnOff({ id, view, name, problemAt }: ViewAlert) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const stop = useMutation(trpc.views.stopAlert.mutationOptions())
  const see = useMutation(trpc.views.seeAlerts.mutationOptions())

  async function end(run: () => Promise<unknown>) {
    try {
      await run()
      toast.success(`You are not told of ${name} any more.`)
    } catch (error) {
      tellActProblem(error)
    } finally {
      await client.invalidateQueries({ queryKey: trpc.views.alerts.queryKey() })
    }
  }
  const turnOff =
    view !== null
      ? () => end(() => stop.mutateAsync({ view }))
      : problemAt !== null
        ? () => end(() => see.mutateAsync({ seen: [{ id, upTo: problemAt }] }))
        : null
  return { turnOff, busy: stop.isPending || see.isPending }
}
