import { useQuery } from '@tanstack/react-query'
import { successRate } from '../../../server/domain/overview.ts'
import { UNKNOWN_CHARGES_QUERY } from '../../../server/domain/unknown-amount.ts'
import { useSession } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { CompactMoney, NoValue } from '../../ui/money.tsx'
import type { Amounts, Figures, OverviewSearch, Series, Summary } from './overview-types.ts'
import {
  changeText,
  comparedWith,
  countText,
  hourly,
  ordersPath,
  OUTCOME_QUERIES,
  paymentsText,
  percentText,
  rateChangeText,
  refundsPath,
  shareText,
  sparkMoney,
  unknownText,
  type Spark,
} from './overview-words.ts'
import { Part } from './part.tsx'
import { Tile, type TileProps } from './tile.tsx'
import { partState, useRefreshMs } from './use-overview.ts'
import css from './overview.module.css'

type Field = 'chargedMinor' | 'pendingMinor' | 'refundedMinor'

/** The four figures of the window. */
export function Tiles({ search }: { search: OverviewSearch }) {
  const trpc = useTRPC()
  const refetchInterval = useRefreshMs()
  const summary = useQuery(trpc.overview.summary.queryOptions(search, { refetchInterval }))
  const day = useQuery(trpc.overview.series.queryOptions({ range: '24h' }, { refetchInterval }))
  return (
    <Part state={partState(summary, 'the figures')} loading="Loading the figures" rows={4}>
      {(data) => <SummaryTiles search={search} summary={data} day={day.data} />}
    </Part>
  )
}

/** The tiles of loaded figures; without `day` they have no lines. */
export function SummaryTiles(props: { search: OverviewSearch; summary: Summary; day: Series | undefined }) {
  const { search, summary, day } = props
  const { currency } = useSession().account
  const { payments, refunds } = summary
  const window = { range: search.range, from: summary.from, to: summary.to }
  const than =
    summary.comparison && comparedWith(search.range, summary.comparison.shiftMs, summary.comparison.until)
  const change = (of: (figures: Figures) => bigint): string | null =>
    summary.comparison && than
      ? changeText(of(summary.comparison.current), of(summary.comparison.before), than)
      : null
  const minor = (field: Field) => (figures: Figures) => amountOf(figures.amounts, currency)[field]
  const spark = (what: string, field: Field, tone: 'charged' | 'refunded' | 'pending'): TileProps['spark'] =>
    day && { what, tone, text: sparkMoney(currency), points: amountPoints(day, currency, field) }
  const rate = successRate(payments)
  const rateChange =
    summary.comparison && than
      ? rateChangeText(summary.comparison.current.payments, summary.comparison.before.payments, than)
      : null
  const unknown = unknownText(summary.amountUnknown)
  const share = shareText(minor('refundedMinor')(summary), minor('chargedMinor')(summary))
  return (
    <div className={css['tiles']}>
      <Tile
        label="Charged"
        to={ordersPath(OUTCOME_QUERIES.charged, window)}
        action="Show charged payments"
        value={<MoneyOf figures={summary} field="chargedMinor" currency={currency} />}
        detail={paymentsText(payments.charged)}
        leftOut={unknown === null ? null : { text: unknown, to: ordersPath(UNKNOWN_CHARGES_QUERY, window) }}
        change={change(minor('chargedMinor'))}
        {...withSpark(spark('Charged amount', 'chargedMinor', 'charged'))}
      />
      <Tile
        label="Success rate"
        to={ordersPath(OUTCOME_QUERIES.failed, window)}
        action="Show failed payments"
        value={rate === null ? <NoValue /> : percentText(rate)}
        detail={`${countText(payments.charged)} of ${countText(payments.charged + payments.failed)} ended`}
        change={rateChange}
        formula="Charged ÷ (charged + failed), pending left out"
        {...withSpark(
          day && { what: 'Success rate', tone: 'charged', text: percentText, points: ratePoints(day) },
        )}
      />
      <Tile
        label="Refunded"
        to={refundsPath(window)}
        action="Show these refunds"
        value={<MoneyOf figures={summary} field="refundedMinor" currency={currency} />}
        detail={`${countText(refunds)} ${refunds === 1 ? 'refund' : 'refunds'}${share === null ? '' : `, ${share} of charged`}`}
        change={change(minor('refundedMinor'))}
        {...withSpark(spark('Refunded amount', 'refundedMinor', 'refunded'))}
      />
      <Tile
        label="Pending"
        to={ordersPath(OUTCOME_QUERIES.pending, window)}
        action="Show pending payments"
        value={countText(payments.pending)}
        detail={<MoneyOf figures={summary} field="pendingMinor" currency={currency} />}
        {...withSpark(spark('Amount pending', 'pendingMinor', 'pending'))}
      />
    </div>
  )
}

function withSpark(spark: TileProps['spark']): Pick<TileProps, 'spark'> {
  return spark ? { spark } : {}
}

/** The account's currency first, then every other on a line of its own: they are never added. */
function MoneyOf({ figures, field, currency }: { figures: Figures; field: Field; currency: string }) {
  const others = figures.amounts.filter((money) => money.currency !== currency && money[field] !== 0n)
  return (
    <>
      <CompactMoney value={{ minor: amountOf(figures.amounts, currency)[field], currency }} />
      {others.map((money) => (
        <span key={money.currency} className={css['otherCurrency']}>
          <CompactMoney value={{ minor: money[field], currency: money.currency }} />
        </span>
      ))}
    </>
  )
}

const NOTHING = { chargedMinor: 0n, failedMinor: 0n, pendingMinor: 0n, refundedMinor: 0n }

function amountOf(amounts: readonly Amounts[], currency: string): Pick<Amounts, Field> {
  return amounts.find((money) => money.currency === currency) ?? NOTHING
}

function amountPoints(day: Series, currency: string, field: Field): Spark {
  return hourly(day).map((slots) => ({
    at: slots[0]?.at ?? day.asOf,
    value: Number(slots.reduce((sum, { amounts }) => sum + amountOf(amounts, currency)[field], 0n)),
  }))
}

function ratePoints(day: Series): Spark {
  return hourly(day).map((slots) => ({
    at: slots[0]?.at ?? day.asOf,
    value: successRate({
      charged: slots.reduce((sum, { payments }) => sum + payments.charged, 0),
      failed: slots.reduce((sum, { payments }) => sum + payments.failed, 0),
    }),
  }))
}
