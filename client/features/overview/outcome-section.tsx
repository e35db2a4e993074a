import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { Section } from '../../ui/page.tsx'
import { LoadingRows } from '../../ui/states.tsx'
import type { OverviewSearch } from './overview-types.ts'
import { ordersPath } from './overview-words.ts'
import { Part } from './part.tsx'
import { partState, useRefreshMs } from './use-overview.ts'
import css from './overview.module.css'

const OutcomeChart = lazy(() =>
  import('./outcome-chart.tsx').then((chunk) => ({ default: chunk.OutcomeChart })),
)

const TITLES: Readonly<Record<OverviewSearch['range'], string>> = {
  today: 'Payments per 15 min, by outcome',
  '24h': 'Payments per 15 min, by outcome',
  '7d': 'Payments per 3 h, by outcome',
  '30d': 'Payments per day, by outcome',
}

/** The window slot by slot, as bars or as a table. */
export function OutcomeSection({ range }: { range: OverviewSearch['range'] }) {
  const trpc = useTRPC()
  const router = useRouter()
  const [asTable, setAsTable] = useState(false)
  const series = useQuery(trpc.overview.series.queryOptions({ range }, { refetchInterval: useRefreshMs() }))
  return (
    <Section
      title={TITLES[range]}
      end={
        <ActionButton tone="quiet" pressed={asTable} onPress={() => setAsTable(!asTable)}>
          Show as table
        </ActionButton>
      }
    >
      <Part state={partState(series, 'payments by outcome')} loading="Loading payments by outcome" rows={5}>
        {(data) => (
          <div className={css['chart']} {...(asTable ? TABLE_REGION : {})}>
            <Suspense fallback={<LoadingRows rows={5} label="Loading the chart" />}>
              <OutcomeChart
                label={TITLES[range]}
                series={data}
                asTable={asTable}
                onSelect={(chosen) => {
                  if (chosen) router.history.push(ordersPath('', chosen))
                }}
              />
            </Suspense>
          </div>
        )}
      </Part>
    </Section>
  )
}

const TABLE_REGION = {
  tabIndex: 0,
  role: 'region',
  'aria-label': 'Payments by outcome as a table',
  'data-table': true,
}
