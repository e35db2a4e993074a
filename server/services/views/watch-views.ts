/**
 * Looks at the views that people want to be told of (design §3.17), as each of them would see them: once a minute, in
 * one process of all, whether anybody has the dashboard open or not. What changed is kept, and told to open pages as an
 * id: each asks what it is.
 */
import { BARE_LIST, BUILT_IN_VIEWS, type ViewState } from '../../domain/list-view.ts'
import { Refusal } from '../../domain/refusal.ts'
import { timeRangeOf } from '../../domain/time-range.ts'
import {
  afterLook,
  ALERT_ROWS_MAX,
  hasChanged,
  mayWatch,
  ruleHolds,
  type AlertResult,
} from '../../domain/view-alert.ts'
import type { OrderFilter } from '../../store/orders-where.ts'
import type { TakenAlert } from '../../store/view-alerts.ts'
import type { Deps } from '../deps.ts'
import { orderFilterOf, type FilterReader } from '../orders/order-filter.ts'

export const LOOK_EVERY_MS = 60_000
/** Alerts taken at a time; they are looked at one after the other, so that people's searches have the connections. */
export const TAKEN_MAX = 20
/** A look that took long makes the next wait: one view never takes more than a twentieth of a connection. */
const REST_FACTOR = 20

type WatchDeps = Pick<Deps, 'store' | 'clock' | 'wake' | 'log'>

/** Looks at the alerts that are due. Returns how many it took. */
export async function watchViews(deps: WatchDeps, signal?: AbortSignal): Promise<number> {
  const now = deps.clock.now()
  const taken = await deps.store.viewAlerts.take(now, new Date(now.getTime() + LOOK_EVERY_MS), TAKEN_MAX)
  for (const alert of taken) {
    // The rest is taken again when it is due, here or elsewhere.
    if (signal?.aborted === true) break
    // One that cannot be written down must not keep those behind it waiting, each minute anew.
    await watch(deps, alert).catch((error: unknown) =>
      deps.log.error({ alert: alert.id, error: String(error) }, 'a look at a view was not written down'),
    )
  }
  return taken.length
}

async function watch(deps: WatchDeps, alert: TakenAlert): Promise<void> {
  const now = deps.clock.now()
  const began = performance.now()
  const next = afterLook(alert, await lookAt(deps, alert, now), now)
  const rest = Math.max(LOOK_EVERY_MS, (performance.now() - began) * REST_FACTOR)
  const news = await deps.store.transaction(async (tx) => {
    const at = { checkedAt: now, nextDueAt: new Date(now.getTime() + rest) }
    if (!(await tx.viewAlerts.save(alert, next, at)) || !hasChanged(alert, next)) return false
    await tx.liveChanges.append(alert.accountId, 'view_alert', alert.userId)
    return true
  })
  if (news) deps.wake('live')
}

async function lookAt(deps: WatchDeps, alert: TakenAlert, now: Date): Promise<AlertResult> {
  const state = alert.saved ?? BUILT_IN_VIEWS.find(({ id }) => id === alert.builtIn)?.state
  if (state === undefined) return { problem: 'gone' }
  const { accountId, role } = alert
  const { orderWatch } = deps.store
  try {
    if (role === null) return { problem: 'not_allowed' }
    const filter = viewFilterOf(state, { ...alert, role }, now)
    if (!mayWatch(role, filter.query)) return { problem: 'not_allowed' }
    const look = await orderWatch.look(accountId, filter, alert)
    if (look === null) return { problem: 'too_slow' }
    const holds = ruleHolds(alert, look, now)
    // How many there are is said with the news, and asked only then.
    const counts = holds && !alert.holds && alert.kind === 'more_than'
    return { holds, rows: counts ? await orderWatch.rows(accountId, filter, ALERT_ROWS_MAX) : null }
  } catch (error) {
    if (error instanceof Refusal)
      return { problem: error.code === 'permission_denied' ? 'not_allowed' : 'unreadable' }
    deps.log.error({ alert: alert.id, error: String(error) }, 'a view could not be looked at')
    return { problem: 'broken' }
  }
}

/**
 * What a view shows, as the list has it: a time range that is none any more is the list's own.
 * @throws Refusal `invalid_input` when its filter cannot be read
 */
export function viewFilterOf(
  { q, t }: Pick<ViewState, 'q' | 't'>,
  person: FilterReader,
  now: Date,
): OrderFilter {
  const range = timeRangeOf(t, now) ?? timeRangeOf(BARE_LIST.t, now) ?? { from: null, to: null }
  return orderFilterOf({ q, ...range }, person, now)
}
