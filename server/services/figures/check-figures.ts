/**
 * The standing check of figures: now and then one day of one account is counted anew, in turn, and every other time the
 * present day. What differs is put right in the same statement, told to the log and written into the audit log: triggers
 * keep figures with the rows they count, so a difference is a fault of ours or somebody who wrote with triggers off.
 */
import { figureSlotOf } from '../../domain/figure.ts'
import type { AccountDay, FigureDifference } from '../../store/figures.ts'
import type { Deps } from '../deps.ts'

export const FIGURE_CHECK_EVERY_MS = 60_000
/** A day that took long to count makes the next wait: checking never takes more than a twentieth of a connection. */
const REST_FACTOR = 20
/** Differing slots written into the audit entry; the count tells of all. */
const TOLD_MAX = 20

/** Counts the next day anew when it is due. Returns the days looked at with how many slots were different. */
export async function checkFigures(deps: Deps): Promise<(AccountDay & { rows: number })[]> {
  const startedAt = deps.clock.now()
  const check = await deps.store.figures.takeCheck(
    startedAt,
    new Date(startedAt.getTime() + FIGURE_CHECK_EVERY_MS),
  )
  if (check === null) return []
  const began = performance.now()
  const next = await deps.store.figures.nextDay(check.last)
  const days = next === null ? [] : [next, ...todayOf(next, check.runs, startedAt)]
  const found: (AccountDay & { rows: number })[] = []
  for (const day of days) found.push({ ...day, rows: await recountDay(deps, day) })
  const rest = Math.max(FIGURE_CHECK_EVERY_MS, (performance.now() - began) * REST_FACTOR)
  await deps.store.figures.saveCheck(next, startedAt, new Date(startedAt.getTime() + rest))
  return found
}

/** Every other run the present day as well: there a fault shows first. */
function todayOf({ accountId, day }: AccountDay, runs: number, now: Date): AccountDay[] {
  const today = figureSlotOf(now, 86_400)
  return runs % 2 === 0 || today.getTime() === day.getTime() ? [] : [{ accountId, day: today }]
}

/** Counts one day anew, puts it right, and tells about it. Returns how many slots were different. */
export async function recountDay(deps: Deps, place: AccountDay): Promise<number> {
  const { accountId, day } = place
  return deps.store.transaction(async (tx) => {
    const differences = await tx.figures.recount(place)
    if (differences.length === 0) return 0
    const facts = { accountId, day: day.toISOString(), slots: differences.length }
    deps.log.error(facts, 'figures differed from a recount and were put right')
    const now = deps.clock.now()
    await tx.figures.addDifference(place, now, differences.length)
    await tx.audit.append({
      actor: { kind: 'system', name: 'figure-checker', accountId, requestId: deps.ids.uuid() },
      action: 'figures.corrected',
      subjectKind: 'figures',
      subjectId: day.toISOString(),
      outcome: 'done',
      reason: `${differences.length} slots were not what a recount says.`,
      before: differences.slice(0, TOLD_MAX).map((one) => told(one, one.held)),
      after: differences.slice(0, TOLD_MAX).map((one) => told(one, one.counted)),
    })
    return differences.length
  })
}

function told(
  { held: _held, counted: _counted, slot, ...key }: FigureDifference,
  figure: FigureDifference['held'],
): Record<string, unknown> {
  return { ...key, slot: slot.toISOString(), count: figure.count, amountMinor: String(figure.amountMinor) }
}
