/** What somebody wants to be told of a view (design §3.17): set, seen, and taken back. */
import type { StaffActor } from '../../domain/actor.ts'
import { BUILT_IN_VIEWS, type ViewState } from '../../domain/list-view.ts'
import { personalLooks } from '../../domain/personal-search.ts'
import { deniedReason } from '../../domain/permission.ts'
import { Refusal } from '../../domain/refusal.ts'
import { ALERTS_MAX, mayWatch, type AlertRule } from '../../domain/view-alert.ts'
import type { StoreTx } from '../../store/store.ts'
import type { AlertView } from '../../store/view-alerts.ts'
import type { Deps } from '../deps.ts'
import { noteLook } from '../orders/note-personal-search.ts'
import { demandView, noteOnView, type ViewPerson } from './save-view.ts'
import { viewFilterOf } from './watch-views.ts'

/**
 * Tells the person from now on when the rule becomes true of a view, which it may be at once. `view` is the id of a
 * saved view or of a built-in one.
 * @throws Refusal not_found, invalid_input for a view whose filter cannot be read, permission_denied, limit_exceeded
 */
export async function setAlert(
  deps: Pick<Deps, 'store' | 'clock' | 'ids'>,
  actor: ViewPerson,
  { view, rule }: { view: string; rule: AlertRule },
): Promise<void> {
  const at = deps.clock.now()
  await deps.store.transaction(async (tx) => {
    const { accountId, userId } = actor
    const { name, state } = await demandWatched(tx, actor, view)
    const { query } = viewFilterOf(state, actor, at)
    if (!mayWatch(actor.role, query))
      throw new Refusal(
        'permission_denied',
        deniedReason(actor.role, 'order:pii'),
        'This view looks for a person, and would go on doing so while you are away.',
      )
    for (const look of personalLooks(query)) await noteLook(tx, actor, look)
    const alert = { id: deps.ids.uuid(), accountId, userId, view: alertViewOf(view), name, rule, at }
    if (!(await tx.viewAlerts.set(alert)))
      throw new Refusal(
        'limit_exceeded',
        `You have alerts on ${ALERTS_MAX} views.`,
        'Stop one that you do not need.',
      )
    await noteOnView(tx, actor, 'view.alert', view, { after: { name, ...rule } })
  })
}

/** Ends what {@link setAlert} began. @throws Refusal not_found */
export async function stopAlert(
  deps: Pick<Deps, 'store'>,
  actor: StaffActor,
  { view }: { view: string },
): Promise<void> {
  await deps.store.transaction(async (tx) => {
    const { accountId, userId } = actor
    const before = await tx.viewAlerts.remove(accountId, userId, alertViewOf(view))
    if (before === null) throw new Refusal('not_found', 'There is no alert on this view.')
    await noteOnView(tx, actor, 'view.alert.stop', view, { before })
  })
}

/** Notes what the person has been told; what happened since is still to be told. That is no act on anything. */
export async function seeAlerts(
  deps: Pick<Deps, 'store' | 'clock'>,
  { accountId, userId }: StaffActor,
  seen: readonly { id: string; upTo: Date }[],
): Promise<void> {
  const now = deps.clock.now()
  await deps.store.transaction(async (tx) => {
    for (const { id, upTo } of seen) await tx.viewAlerts.see(accountId, userId, id, upTo < now ? upTo : now)
  })
}

function alertViewOf(view: string): AlertView {
  return BUILT_IN_VIEWS.some(({ id }) => id === view)
    ? { viewId: null, builtIn: view }
    : { viewId: view, builtIn: null }
}

async function demandWatched(
  tx: StoreTx,
  actor: StaffActor,
  view: string,
): Promise<{ name: string; state: ViewState }> {
  const builtIn = BUILT_IN_VIEWS.find(({ id }) => id === view)
  return builtIn ? { name: builtIn.label, state: builtIn.state } : demandView(tx, actor, view)
}
