/** Saved views of the transactions list (design §3.17): made, changed, shared and taken away by their owner. */
import type { StaffActor } from '../../domain/actor.ts'
import { VIEWS_MAX, type ViewState } from '../../domain/list-view.ts'
import { roleCan } from '../../domain/permission.ts'
import { loggedFilter } from '../../domain/personal-search.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { SavedViewRow } from '../../store/saved-views.ts'
import type { StoreTx } from '../../store/store.ts'
import type { Deps } from '../deps.ts'

type ViewDeps = Pick<Deps, 'store' | 'clock' | 'ids'>

/** A person with the currency of the account, in which filters are read. */
export type ViewPerson = StaffActor & { currency: string }

/** Keeps a list under a name. @throws Refusal conflict when the name is taken, limit_exceeded */
export async function createView(
  deps: ViewDeps,
  actor: ViewPerson,
  input: { name: string; shared: boolean; state: ViewState },
): Promise<{ id: string }> {
  const id = deps.ids.uuid()
  await deps.store.transaction(async (tx) => {
    const { accountId, userId: ownerId } = actor
    const made = await tx.savedViews.insert({ id, accountId, ownerId, ...input, at: deps.clock.now() })
    if (!made) throw await whyNotMade(tx, actor, input.name)
    await noteOnView(tx, actor, 'view.create', id, { after: factsOf(actor, input) })
  })
  return { id }
}

async function whyNotMade(tx: StoreTx, actor: StaffActor, name: string): Promise<Refusal> {
  const views = await tx.savedViews.visibleTo(actor.accountId, actor.userId)
  return views.some((view) => view.owner.id === actor.userId && view.name === name)
    ? taken(name)
    : new Refusal('limit_exceeded', `You have ${VIEWS_MAX} views.`, 'Delete one you do not use.')
}

function taken(name: string): Refusal {
  return new Refusal('conflict', `You have a view called ${name} already.`, 'Choose another name.')
}

/**
 * Changes a view of one's own. `basedOn` is the version the change was made from.
 * @throws Refusal not_found, permission_denied for another person's view, conflict
 */
export async function changeView(
  deps: ViewDeps,
  actor: ViewPerson,
  input: { viewId: string; basedOn: number; name?: string; shared?: boolean; state?: ViewState },
): Promise<void> {
  await deps.store.transaction(async (tx) => {
    const before = await demandView(tx, actor, input.viewId)
    if (before.owner.id !== actor.userId)
      throw new Refusal(
        'permission_denied',
        `${before.name} belongs to ${before.owner.name}.`,
        'Save it as a view of your own.',
      )
    if (before.version !== input.basedOn)
      throw new Refusal('conflict', 'This view was changed meanwhile.', 'Open it again, then save.')
    const next = {
      name: input.name ?? before.name,
      shared: input.shared ?? before.shared,
      state: input.state ?? before.state,
    }
    const saved = await tx.savedViews.update(before.id, { ...next, at: deps.clock.now() })
    if (!saved) throw taken(next.name)
    await noteOnView(tx, actor, 'view.change', before.id, {
      before: factsOf(actor, before),
      after: factsOf(actor, next),
    })
  })
}

/**
 * Takes a view away: one's own, or a shared one by somebody who manages people (its owner may have left).
 * @throws Refusal not_found, permission_denied
 */
export async function deleteView(
  deps: ViewDeps,
  actor: ViewPerson,
  input: { viewId: string },
): Promise<void> {
  await deps.store.transaction(async (tx) => {
    const view = await demandView(tx, actor, input.viewId)
    if (view.owner.id !== actor.userId && !roleCan(actor.role, 'user:manage'))
      throw new Refusal('permission_denied', `${view.name} belongs to ${view.owner.name}.`)
    await tx.savedViews.remove(view.id)
    await noteOnView(tx, actor, 'view.delete', view.id, { before: factsOf(actor, view) })
  })
}

/** A view the person may see; another person's own does not exist for them. */
export async function demandView(tx: StoreTx, actor: StaffActor, viewId: string): Promise<SavedViewRow> {
  const view = await tx.savedViews.locked(actor.accountId, viewId)
  if (view === null || (view.owner.id !== actor.userId && !view.shared))
    throw new Refusal('not_found', 'There is no such view.')
  return view
}

function factsOf(
  person: ViewPerson,
  { name, shared, state }: { name: string; shared: boolean; state: ViewState },
) {
  return { name, shared, q: loggedFilter(state.q, person), t: state.t, sort: state.sort }
}

/** Writes down what somebody did with a view. */
export async function noteOnView(
  tx: StoreTx,
  actor: StaffActor,
  action: string,
  subjectId: string,
  facts: { before?: unknown; after?: unknown },
): Promise<void> {
  await tx.audit.append({ actor, action, subjectKind: 'saved_view', subjectId, outcome: 'done', ...facts })
}
