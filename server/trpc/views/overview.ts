/** What the overview is told, field by field. Amounts are sums in minor units; those of two currencies are never added. */
import { gatewayLabel } from '../../domain/gateway.ts'
import {
  gatewayDrop,
  NO_PAYMENTS,
  outcomeOf,
  OVERVIEW_OUTCOMES,
  type OutcomeTotals,
  type OverviewOutcome,
} from '../../domain/overview.ts'
import { methodTypeLabel } from '../../domain/payment-method.ts'
import type { OrderFigure, RefundFigure } from '../../store/figures.ts'
import type { UnknownCharges, Waiting } from '../../store/needs.ts'

/** Money in one currency. */
export type AmountsView = {
  currency: string
  chargedMinor: bigint
  failedMinor: bigint
  pendingMinor: bigint
  refundedMinor: bigint
}

/** Payments of a window by outcome, and refunds that succeeded in it. */
export type FiguresView = { payments: OutcomeTotals; refunds: number; amounts: AmountsView[] }

export type SummaryView = FiguresView & {
  /** Charged payments of the window whose amount nobody knows: its sums take them for nothing. */
  amountUnknown: UnknownCharges
  asOf: Date
  from: Date
  to: Date
  /** What the figures are compared with: both up to the last slot that is over, `shiftMs` apart. */
  comparison: { until: Date; shiftMs: number; current: FiguresView; before: FiguresView } | null
}

export type SlotView = FiguresView & { at: Date }
export type SeriesView = { asOf: Date; slotMs: number; slots: SlotView[] }

/** A gateway's last hour beside its week. `dropPoints` is set when that is worth a look. */
export type GatewayNowView = {
  gateway: string
  label: string
  now: OutcomeTotals
  usual: OutcomeTotals
  dropPoints: number | null
  /** What failed in the hour, by currency: the amount at risk. */
  failed: { currency: string; amountMinor: bigint }[]
}
export type GatewaysView = { asOf: Date; from: Date; to: Date; gateways: GatewayNowView[] }

export type MethodView = FiguresView & { methodType: string; label: string }
export type MethodsView = { asOf: Date; methods: MethodView[] }

/** Something that waits for the person who asks, in words that the screen puts together. */
export type NeedView = {
  kind: 'approvals' | 'batches' | 'orders' | 'failed_events' | 'discrepancies'
  count: number
  /** Counting stopped: there may be more. */
  atLeast: boolean
  amounts: { currency: string; amountMinor: bigint }[]
  oldestAt: Date | null
  /** Of failed events: when the last try of the first of them is due; null when none is tried again. */
  retriesStopAt: Date | null
}
export type NeedsView = { asOf: Date; needs: NeedView[]; lastDecisionAt: Date | null }

export type StepsView = { connected: boolean; webhook: boolean; payment: boolean }

const NO_AMOUNTS = { chargedMinor: 0n, failedMinor: 0n, pendingMinor: 0n, refundedMinor: 0n }
export const NO_FIGURES: FiguresView = { payments: NO_PAYMENTS, refunds: 0, amounts: [] }

type Payment = Omit<OrderFigure, 'group'>

/** Adds up groups of a window; `sign` -1 takes them off. */
export function figuresView(
  payments: readonly Payment[],
  refunds: readonly RefundFigure[],
  base: FiguresView = NO_FIGURES,
  sign: 1 | -1 = 1,
): FiguresView {
  const totals: Record<OverviewOutcome, number> = { ...base.payments }
  const amounts = new Map(base.amounts.map((money) => [money.currency, { ...money }]))
  const of = (currency: string): AmountsView => {
    const found = amounts.get(currency) ?? { currency, ...NO_AMOUNTS }
    amounts.set(currency, found)
    return found
  }
  for (const { outcome: status, count, currency, amountMinor, chargedMinor } of payments) {
    const outcome = outcomeOf(status)
    totals[outcome] += sign * count
    const money = of(currency)
    if (outcome === 'charged') money.chargedMinor += BigInt(sign) * chargedMinor
    if (outcome === 'failed') money.failedMinor += BigInt(sign) * amountMinor
    if (outcome === 'pending') money.pendingMinor += BigInt(sign) * amountMinor
  }
  let back = base.refunds
  for (const { currency, count, amountMinor } of refunds) {
    back += sign * count
    of(currency).refundedMinor += BigInt(sign) * amountMinor
  }
  const sorted = [...amounts.values()].toSorted((a, b) => (a.currency < b.currency ? -1 : 1))
  return { payments: totals, refunds: back, amounts: sorted }
}

/** Gateways of a window, those with most payments first; payments that have no gateway yet are left out. */
export function gatewayViews(now: readonly OrderFigure[], usual: readonly OrderFigure[]): GatewayNowView[] {
  const [present, week] = [byGroup(now), byGroup(usual)]
  return [...new Set([...present.keys(), ...week.keys()])]
    .filter((gateway) => gateway !== '')
    .map((gateway): GatewayNowView => {
      const { payments, amounts } = present.get(gateway) ?? NO_FIGURES
      const usually = week.get(gateway)?.payments ?? NO_PAYMENTS
      return {
        gateway,
        label: gatewayLabel(gateway),
        now: payments,
        usual: usually,
        dropPoints: gatewayDrop(payments, usually),
        failed: amounts
          .filter(({ failedMinor }) => failedMinor !== 0n)
          .map(({ currency, failedMinor }) => ({ currency, amountMinor: failedMinor })),
      }
    })
    .toSorted((a, b) => sizeOf(b.now) - sizeOf(a.now) || (a.gateway < b.gateway ? -1 : 1))
}

/** Methods of a window, those with most payments first; before the customer has chosen there is none. */
export function methodViews(rows: readonly OrderFigure[]): MethodView[] {
  return [...byGroup(rows)]
    .filter(([methodType]) => methodType !== '')
    .map(([methodType, figures]) => ({ ...figures, methodType, label: methodTypeLabel(methodType) }))
    .toSorted((a, b) => sizeOf(b.payments) - sizeOf(a.payments) || (a.methodType < b.methodType ? -1 : 1))
}

/** Slots without holes, oldest first. */
export function slotViews(
  payments: readonly (Payment & { at: Date })[],
  refunds: readonly (RefundFigure & { at: Date })[],
  window: { from: Date; to: Date; slotMs: number },
): SlotView[] {
  const [paid, back] = [bySlot(payments), bySlot(refunds)]
  const length = Math.round((window.to.getTime() - window.from.getTime()) / window.slotMs)
  return Array.from({ length }, (_, index) => {
    const at = window.from.getTime() + index * window.slotMs
    return { at: new Date(at), ...figuresView(paid.get(at) ?? [], back.get(at) ?? []) }
  })
}

/** A need that is counted by currency; null when there is none. */
export function waitingNeed(
  kind: NeedView['kind'],
  waiting: readonly Waiting[],
  max: number,
): NeedView | null {
  const count = waiting.reduce((sum, one) => sum + one.count, 0)
  if (count === 0) return null
  const oldest = Math.min(...waiting.map(({ oldestAt }) => oldestAt.getTime()))
  return {
    kind,
    count,
    atLeast: count >= max,
    amounts: waiting.map(({ currency, amountMinor }) => ({ currency, amountMinor })),
    oldestAt: new Date(oldest),
    retriesStopAt: null,
  }
}

function byGroup(rows: readonly OrderFigure[]): Map<string, FiguresView> {
  const groups = new Map<string, FiguresView>()
  for (const row of rows) groups.set(row.group, figuresView([row], [], groups.get(row.group) ?? NO_FIGURES))
  return groups
}

function bySlot<T extends { at: Date }>(rows: readonly T[]): Map<number, T[]> {
  const slots = new Map<number, T[]>()
  for (const row of rows) {
    const slot = slots.get(row.at.getTime())
    if (slot === undefined) slots.set(row.at.getTime(), [row])
    else slot.push(row)
  }
  return slots
}

function sizeOf(payments: OutcomeTotals): number {
  return OVERVIEW_OUTCOMES.reduce((sum, outcome) => sum + payments[outcome], 0)
}
