import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { momentText, timeRangeOf } from '../../../server/domain/time-range.ts'
import { gridState } from '../../lib/errors.ts'
import { useCan, useSession } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { useRenewOn } from '../../lib/use-renew-on.ts'
import { BarStrip, type BarRange } from '../../ui/bar-strip.tsx'
import { useNow } from '../../ui/date-time.tsx'
import { useKit } from '../../ui/kit-context.ts'
import { Page, PageScroll, Section } from '../../ui/page.tsx'
import { RATE_SERIES } from '../../ui/rate-series.ts'
import { ErrorState, ForbiddenState, LoadingRows, Notice } from '../../ui/states.tsx'
import { GapsSection } from './gaps-section.tsx'
import { HealthFigures, StorageSection } from './health-figures.tsx'
import type { WebhookHealth } from './health-types.ts'
import { headlineOf } from './health-words.ts'
import { NameRates } from './name-rates.tsx'
import { RejectionsSection } from './rejections-section.tsx'
import css from './event-health.module.css'

const REFRESH_MS = 10_000
const TICK_MS = 1_000
/** However many changes come, the page asks again this often at most. */
const RENEW_MS = 2_000
const DAY_CHECK_MS = 60_000
const CRUMBS = [{ label: 'Live events', to: '/events' }]

/** Whether webhooks are well: at a glance, and then why not. */
export function EventHealthScreen() {
  const can = useCan('event:read')
  return (
    <Page title="Webhook health" crumbs={CRUMBS}>
      <PageScroll>{can.allowed ? <Health /> : <ForbiddenState title={can.reason} />}</PageScroll>
    </Page>
  )
}

function Health() {
  const trpc = useTRPC()
  const health = useQuery(
    trpc.health.webhooks.queryOptions(
      { dayStart: useDayStart() },
      { refetchInterval: REFRESH_MS, staleTime: 0 },
    ),
  )
  useRenewOn('webhook_health', trpc.health.webhooks.pathKey(), RENEW_MS)
  const state = gridState(health, 'the health of webhooks')
  if (state.kind === 'error') return <ErrorState problem={state.problem} onRetry={state.onRetry} />
  if (state.kind === 'forbidden') return <ForbiddenState title={state.title} hint={state.hint} />
  if (!health.data) return <LoadingRows rows={10} label="Loading the health of webhooks" />
  return (
    <div className={css['stack']}>
      <Headline health={health.data} asOf={health.isError ? health.dataUpdatedAt : null} />
      <HealthFigures health={health.data} />
      <Quarter />
      <Hours health={health.data} />
      <NameRates health={health.data} />
      <div className={css['pair']}>
        <RejectionsSection rejections={health.data.rejections} />
        <GapsSection />
      </div>
      <StorageSection health={health.data} />
    </div>
  )
}

function Headline({ health, asOf }: { health: WebhookHealth; asOf: number | null }) {
  const { environment } = useSession().account
  const can = useCan('sandbox:use')
  const { link: Link } = useKit()
  const now = useNow(TICK_MS)
  const { tone, text } = headlineOf(health, now)
  return (
    <div className={css['headline']} role="status">
      <Notice tone={tone === 'failed' ? 'review' : tone}>
        <span className={css['headlineText']}>{text}</span>{' '}
        {tone === 'failed' || health.lastReceivedAt === null ? (
          environment === 'sandbox' && can.allowed ? (
            <>
              <Link to="/sandbox">Send a test event</Link> · <Link to="/settings">Check settings</Link>
            </>
          ) : (
            <Link to="/settings">Check settings</Link>
          )
        ) : null}
        {asOf === null ? null : (
          <span className="caption">The server does not answer. These figures are old.</span>
        )}
      </Notice>
    </div>
  )
}

function Quarter() {
  const trpc = useTRPC()
  const navigate = useNavigate()
  const strip = useQuery(
    trpc.rates.strip.queryOptions(undefined, { refetchInterval: REFRESH_MS, staleTime: 0 }),
  )
  const [selected, setSelected] = useState<BarRange | null>(null)
  if (!strip.data) return null
  function select(range: BarRange | null) {
    setSelected(range)
    if (range === null) return
    const t = `${momentText(range.from)}..${momentText(range.to)}`
    void navigate({ to: '/events', search: { q: '', t, peek: '' } })
  }
  return (
    <Section title="Last 15 minutes">
      <BarStrip
        label="Events of the last 15 minutes, by what became of them"
        series={RATE_SERIES}
        slots={strip.data.slots}
        slotMs={strip.data.slotMs}
        selected={selected}
        onSelect={select}
      />
    </Section>
  )
}

function Hours({ health: { hours } }: { health: WebhookHealth }) {
  return (
    <Section title="Last 24 hours">
      <BarStrip
        label="Events of the last 24 hours, by what became of them"
        series={RATE_SERIES}
        slots={hours.slots}
        slotMs={hours.slotMs}
        usual={hours.usual}
      />
      {hours.usual.every((usual) => usual === null) ? null : (
        <p className="caption">The line is how many the same hour usually has.</p>
      )}
    </Section>
  )
}

/** When today began, in the workspace's time zone. */
function useDayStart(): Date {
  const now = useNow(DAY_CHECK_MS)
  return timeRangeOf('today', now)?.from ?? now
}
