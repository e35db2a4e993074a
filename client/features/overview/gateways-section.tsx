import { useQuery } from '@tanstack/react-query'
import { formatMoney } from '../../../server/domain/money.ts'
import { RATE_TRIES_MIN, successRate } from '../../../server/domain/overview.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { useKit } from '../../ui/kit-context.ts'
import { Section } from '../../ui/page.tsx'
import type { GatewayNow } from './overview-types.ts'
import { countText, ordersPath, OUTCOME_QUERIES, percentText } from './overview-words.ts'
import { Part } from './part.tsx'
import { partState, useRefreshMs } from './use-overview.ts'
import css from './overview.module.css'

type Window = { from: Date; to: Date }

/** Gateways in the last hour; one far below its week says so, with what is at stake. */
export function GatewaysSection() {
  const trpc = useTRPC()
  const gateways = useQuery(
    trpc.overview.gateways.queryOptions(undefined, { refetchInterval: useRefreshMs() }),
  )
  return (
    <Section title="Gateways now">
      <Part state={partState(gateways, 'gateways')} loading="Loading gateways" rows={4}>
        {(data) => <GatewayTable gateways={data.gateways} window={data} />}
      </Part>
    </Section>
  )
}

/** Rates of the last hour by gateway, those with most payments first. */
export function GatewayTable({ gateways, window }: { gateways: readonly GatewayNow[]; window: Window }) {
  if (gateways.length === 0)
    return <p className="muted">Gateways will appear here with their first payment.</p>
  return (
    <>
      <table className={css['table']}>
        <caption className="visually-hidden">
          Success rate of each gateway in the last hour, and of how many payments that ended
        </caption>
        <thead>
          <tr>
            <th scope="col">Gateway</th>
            <th scope="col" className={css['number']}>
              Success rate
            </th>
            <th scope="col" className={css['number']}>
              Tries
            </th>
          </tr>
        </thead>
        <tbody>
          {gateways.map((gateway) => (
            <GatewayRow key={gateway.gateway} gateway={gateway} window={window} />
          ))}
        </tbody>
      </table>
      <p className="caption">
        Last hour: charged ÷ (charged + failed), by the gateway that decided. Usual is the 7 days before.
      </p>
    </>
  )
}

function GatewayRow({ gateway, window }: { gateway: GatewayNow; window: Window }) {
  const { link: Link } = useKit()
  const { now, usual, dropPoints } = gateway
  const query = `gateway:${gateway.gateway.toLowerCase()}`
  return (
    <tr data-flagged={dropPoints === null ? undefined : true}>
      <th scope="row">
        <Link to={ordersPath(query, window)}>{gateway.label}</Link>
        {dropPoints === null ? null : (
          <span className={css['flag']}>
            <span aria-hidden className={css['mark']}>
              !
            </span>{' '}
            {dropPoints.toFixed(1)} pts below usual ({percentText(successRate(usual) ?? 0)}),{' '}
            {atRisk(gateway)} failed.{' '}
            <Link to={ordersPath(`${OUTCOME_QUERIES.failed} ${query}`, window)}>Show failed</Link>
          </span>
        )}
      </th>
      <td className={css['number']}>
        <RateOf {...now} />
      </td>
      <td className={css['number']}>{countText(now.charged + now.failed)}</td>
    </tr>
  )
}

function atRisk({ failed }: GatewayNow): string {
  return failed
    .map(({ amountMinor, currency }) => formatMoney({ minor: amountMinor, currency }))
    .join(' and ')
}

/** A rate, or that there are too few tries for one. */
export function RateOf({ charged, failed }: { charged: number; failed: number }) {
  const rate = successRate({ charged, failed })
  if (rate === null) return <span className="muted">none</span>
  if (charged + failed < RATE_TRIES_MIN)
    return (
      <span className="muted" title={`Fewer than ${RATE_TRIES_MIN} tries say too little for a rate`}>
        few
      </span>
    )
  return percentText(rate)
}
