/** What admins do meanwhile: they bar people and let them again, stop refunds and let them go on. */
import { Refusal } from '../../server/domain/refusal.ts'
import { liftStop, stopRefunds } from '../../server/services/refunds/stop-refunds.ts'
import { connectTo } from './memory-connection.ts'
import { browser, call } from './people.ts'
import { WAIT } from './scheduler.ts'
import { START_MS, type World } from './world.ts'

const AGAIN_MS = 5_000
const CLAIM_AWAITED_MS = 20_000
/** A call that a stalled server took up has come to its end by then. */
const CERTAIN_MS = 60_000
const WHY = 'the bank asked us to'

/** Stops refunds for a while, by the product's own services; an admin who gets no answer tries again. */
export function stopAndGo(world: World): void {
  const { plan, scheduler } = world
  for (const deed of plan.deeds) {
    if (deed.kind !== 'stop') continue
    const { gateway, untilMs } = deed
    scheduler.at(START_MS + deed.atMs, null, 'refunds are stopped', () => stopBesideClaim(world, gateway))
    scheduler.at(START_MS + untilMs, null, 'refunds go on', () => void lift(world))
  }
}

/** The worst moment for a stop is while a refund is being claimed; when none is for a while, it is set all the same. */
function stopBesideClaim(world: World, gateway: string | null): void {
  const { database, scheduler } = world
  let set = false
  const setOnce = (): void => {
    database.onClaim = null
    if (!set) void stop(world, gateway)
    set = true
  }
  database.onClaim = setOnce
  scheduler.at(scheduler.now() + CLAIM_AWAITED_MS, null, 'the stop is set', setOnce)
}

async function stop(world: World, gateway: string | null): Promise<void> {
  const by = world.staff.find(({ role }) => role === 'admin')
  if (by === undefined) return
  await call(world, (deps) => stopRefunds(deps, { by, gateway, reason: WHY, expiresAt: null }))
}

/** Lifts every stop, until none is left: one may have been set although nobody was told so. */
async function lift(world: World): Promise<void> {
  const { scheduler, database, staff } = world
  const actor = staff.find(({ role }) => role === 'admin')
  const [stopped] = [...database.tables.stops.rows.values()].filter(({ liftedAt }) => liftedAt === null)
  if (actor !== undefined && stopped !== undefined) {
    const input = { stopId: stopped.id, note: WHY }
    const outcome = await call(world, (deps) => liftStop(deps, actor, input))
    if (outcome.kind === 'failed' && !(outcome.error instanceof Refusal)) return
  }
  const over = START_MS + world.plan.troubleMs + CERTAIN_MS
  if (stopped === undefined && scheduler.now() > over) return
  const later = stopped === undefined ? over + 1 : scheduler.now() + AGAIN_MS
  scheduler.at(later, null, 'stops are looked at', () => void lift(world))
}

/** Bars people from acting, and lets them again. */
export function disablePeople(world: World): void {
  const { plan, scheduler, staff, database, judge } = world
  const admin = connectTo(database, browser('an admin'))
  const set = (userId: string, disabled: boolean): void =>
    void admin
      .statement('staff.setDisabled', (view) => {
        const row = view.get('staff', userId)
        if (row === undefined) return undefined
        if (!view.lock('staff', userId)) return WAIT
        view.put('staff', { ...row, disabled })
        judge.barred(userId, disabled ? scheduler.now() : null)
        return undefined
      })
      .catch(() => undefined)
  for (const deed of plan.deeds) {
    if (deed.kind !== 'disable') continue
    const person = staff[deed.who]
    if (person === undefined) continue
    scheduler.at(START_MS + deed.atMs, null, `${person.name} is disabled`, () => set(person.userId, true))
    if (deed.untilMs !== null)
      scheduler.at(START_MS + deed.untilMs, null, `${person.name} is back`, () => set(person.userId, false))
  }
}
