import { OVERVIEW_RANGES } from '../../../server/domain/overview.ts'
import { usePreferences } from '../../lib/preferences.ts'
import { useCan } from '../../lib/session.ts'
import { useVisible } from '../../lib/use-visible.ts'
import { SelectField } from '../../ui/fields.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Page, PageBar, PageScroll, Section } from '../../ui/page.tsx'
import { usePhone } from '../../ui/use-phone.ts'
import { FirstSteps } from './first-steps.tsx'
import { GatewaysSection } from './gateways-section.tsx'
import { HealthLine } from './health-line.tsx'
import { MethodsSection } from './methods-section.tsx'
import { NeedsSection } from './needs-section.tsx'
import { OutcomeSection } from './outcome-section.tsx'
import type { OverviewSearch } from './overview-types.ts'
import { comparisonLabels, RANGE_LABELS } from './overview-words.ts'
import { Tiles } from './tiles.tsx'
import { chooseRefresh, REFRESH_CHOICES, RenewOnChanges, useRefreshMs } from './use-overview.ts'
import css from './overview.module.css'

const RANGES = OVERVIEW_RANGES.map((value) => ({ value, label: RANGE_LABELS[value] }))

/** The landing page: what needs me, and whether money flows. */
export function OverviewScreen(props: {
  search: OverviewSearch
  onSearch: (change: Partial<OverviewSearch>) => void
}) {
  const figures = useCan('analytics:read').allowed
  const refreshing = useRefreshMs() !== false
  const visible = useVisible()
  return (
    <Page title="Overview">
      {figures ? <Controls {...props} /> : null}
      {refreshing && visible ? <RenewOnChanges /> : null}
      <PageScroll>
        <div className={css['stack']}>
          <NeedsSection />
          <FirstSteps />
          {figures ? <FiguresOf search={props.search} /> : null}
          <HealthLine />
        </div>
      </PageScroll>
    </Page>
  )
}

/**
 * A phone is as wide as two short choices: there the refresh stands beside the range and not at the end, in the order
 * of the page too, so that the focus goes as the eye does.
 */
function Controls({ search, onSearch }: Parameters<typeof OverviewScreen>[0]) {
  const { timeZone } = useKit()
  const phone = usePhone()
  return (
    <PageBar end={phone ? null : <RefreshChoice />}>
      <div className={css['controls']}>
        <SelectField
          label="Time range"
          hideLabel
          value={search.range}
          options={RANGES}
          onChange={(range) => onSearch({ range })}
        />
        {phone ? <RefreshChoice /> : null}
        <SelectField
          label="Compare with"
          hideLabel
          value={search.compare}
          options={comparisonLabels(search.range)}
          onChange={(compare) => onSearch({ compare })}
        />
        <span className="caption">{timeZone === 'IST' ? 'IST' : 'Days are those of IST, times are UTC'}</span>
      </div>
    </PageBar>
  )
}

function RefreshChoice() {
  const { overviewRefresh } = usePreferences()
  return (
    <SelectField
      label="Refresh"
      hideLabel
      value={`${overviewRefresh}`}
      options={REFRESH_CHOICES}
      onChange={chooseRefresh}
    />
  )
}

function FiguresOf({ search }: { search: OverviewSearch }) {
  return (
    <>
      <Section title={RANGE_LABELS[search.range]}>
        <Tiles search={search} />
      </Section>
      <div className={css['pair']}>
        <OutcomeSection range={search.range} />
        <GatewaysSection />
      </div>
      <MethodsSection range={search.range} />
    </>
  )
}
