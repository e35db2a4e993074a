/** The overview's figures, put together from slots. Reads only, each of a bounded number of rows. */
import { figureSlotOf } from '../domain/figure.ts'
import {
  comparisonShiftMs,
  GATEWAY_NOW_MS,
  GATEWAY_USUAL_MS,
  overviewWindow,
  type OverviewComparison,
  type OverviewRange,
} from '../domain/overview.ts'
import { roleCan } from '../domain/permission.ts'
import type { StaffActor } from '../domain/actor.ts'
import { STUCK_LOOKBACK_MS } from '../domain/stuck.ts'
import { retriesStopAt } from '../domain/webhook-retry.ts'
import type { Deps } from '../services/deps.ts'
import type { FigureRange } from '../store/figures.ts'
import { NEEDS_COUNTED_MAX, type RetriedEvent } from '../store/needs.ts'
import {
  figuresView,
  gatewayViews,
  methodViews,
  slotViews,
  waitingNeed,
  type FiguresView,
  type GatewaysView,
  type MethodsView,
  type NeedsView,
  type NeedView,
  type SeriesView,
  type SummaryView,
} from './views/overview.ts'

/** The tiles, beside what they are compared with. */
export async function overviewSummary(
  deps: Deps,
  accountId: string,
  ask: { range: OverviewRange; compare: OverviewComparison },
): Promise<SummaryView> {
  const asOf = deps.clock.now()
  const { from, to, fullTo } = overviewWindow(ask.range, asOf)
  const shiftMs = comparisonShiftMs(ask.range, ask.compare)
  const [figures, amountUnknown] = await Promise.all([
    figuresOf(deps, accountId, { from, to }),
    deps.store.needs.unknownCharges(accountId, { from, to }),
  ])
  const whole = { ...figures, amountUnknown, asOf, from, to }
  if (shiftMs === null || fullTo <= from) return { ...whole, comparison: null }
  const [going, before] = await Promise.all([
    figureParts(deps, accountId, { from: fullTo, to }),
    figuresOf(deps, accountId, shifted({ from, to: fullTo }, -shiftMs)),
  ])
  const current = figuresView(going.payments, going.refunds, figures, -1)
  return { ...whole, comparison: { until: fullTo, shiftMs, current, before } }
}

/** The window by slot. */
export async function overviewSeries(
  deps: Deps,
  accountId: string,
  range: OverviewRange,
): Promise<SeriesView> {
  const asOf = deps.clock.now()
  const { from, to, span } = overviewWindow(range, asOf)
  const [payments, refunds] = await Promise.all([
    deps.store.figures.orderSlots(accountId, { from, to }, span),
    deps.store.figures.refundSlots(accountId, { from, to }, span),
  ])
  const slotMs = span * 1_000
  return { asOf, slotMs, slots: slotViews(payments, refunds, { from, to, slotMs }) }
}

/** Gateways in the last hour, each beside the week before it. */
export async function overviewGateways(deps: Deps, accountId: string): Promise<GatewaysView> {
  const asOf = deps.clock.now()
  const to = new Date(figureSlotOf(asOf, 900).getTime() + 900_000)
  const from = new Date(to.getTime() - GATEWAY_NOW_MS)
  const [now, usual] = await Promise.all([
    deps.store.figures.orders(accountId, { from, to }, 'gateway'),
    deps.store.figures.orders(
      accountId,
      { from: new Date(from.getTime() - GATEWAY_USUAL_MS), to: from },
      'gateway',
    ),
  ])
  return { asOf, from, to, gateways: gatewayViews(now, usual) }
}

/** The window by method. */
export async function overviewMethods(
  deps: Deps,
  accountId: string,
  range: OverviewRange,
): Promise<MethodsView> {
  const asOf = deps.clock.now()
  const { from, to } = overviewWindow(range, asOf)
  const rows = await deps.store.figures.orders(accountId, { from, to }, 'method')
  return { asOf, methods: methodViews(rows) }
}

/** What waits for this person, by what their role can act on. */
export async function overviewNeeds(deps: Deps, person: StaffActor): Promise<NeedsView> {
  const { accountId, userId, role } = person
  const { needs, bulk } = deps.store
  const asOf = deps.clock.now()
  const approves = roleCan(role, 'refund:approve')
  const [approvals, batches, orders, events, discrepancies, lastDecisionAt] = await Promise.all([
    approves ? needs.approvals(accountId, userId) : [],
    approves ? bulk.waitingFor(accountId, userId) : 0,
    roleCan(role, 'order:sync')
      ? needs.stuckOrders(accountId, new Date(asOf.getTime() - STUCK_LOOKBACK_MS), asOf)
      : [],
    roleCan(role, 'event:replay') ? needs.failedEvents(accountId) : [],
    roleCan(role, 'recon:resolve') ? needs.discrepancies(accountId) : [],
    approves ? needs.lastDecisionAt(accountId) : null,
  ])
  const found = [
    waitingNeed('approvals', approvals, NEEDS_COUNTED_MAX),
    batches === 0 ? null : { ...NOTHING_KNOWN, kind: 'batches' as const, count: batches },
    waitingNeed('orders', orders, NEEDS_COUNTED_MAX),
    failedNeed(events),
    waitingNeed('discrepancies', discrepancies, NEEDS_COUNTED_MAX),
  ]
  return { asOf, needs: found.filter((need) => need !== null), lastDecisionAt }
}

const NOTHING_KNOWN = { atLeast: false, amounts: [], oldestAt: null, retriesStopAt: null }

function failedNeed(events: readonly RetriedEvent[]): NeedView | null {
  if (events.length === 0) return null
  const stops = events.flatMap(({ tries, nextTryAt }) => retriesStopAt(tries, nextTryAt) ?? [])
  const first = stops.toSorted((a, b) => a.getTime() - b.getTime())[0] ?? null
  const count = events.length
  return {
    ...NOTHING_KNOWN,
    kind: 'failed_events',
    count,
    atLeast: count >= NEEDS_COUNTED_MAX,
    retriesStopAt: first,
  }
}

async function figuresOf(deps: Deps, accountId: string, range: FigureRange): Promise<FiguresView> {
  const { payments, refunds } = await figureParts(deps, accountId, range)
  return figuresView(payments, refunds)
}

async function figureParts(deps: Deps, accountId: string, range: FigureRange) {
  const [payments, refunds] = await Promise.all([
    deps.store.figures.orders(accountId, range, 'none'),
    deps.store.figures.refunds(accountId, range),
  ])
  return { payments, refunds }
}

function shifted({ from, to }: FigureRange, byMs: number): FigureRange {
  return { from: new Date(from.getTime() + byMs), to: new Date(to.getTime() + byMs) }
}
