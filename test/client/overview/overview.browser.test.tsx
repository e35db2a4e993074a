import { useQuery } from '@tanstack/react-query'
import { afterEach, expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { GatewayTable, GatewaysSection } from '../../../client/features/overview/gateways-section.tsx'
import { HealthLine, providerText } from '../../../client/features/overview/health-line.tsx'
import { NeedsSection } from '../../../client/features/overview/needs-section.tsx'
import { OutcomeChart } from '../../../client/features/overview/outcome-chart.tsx'
import type { Figures, Series, Summary } from '../../../client/features/overview/overview-types.ts'
import { SummaryTiles } from '../../../client/features/overview/tiles.tsx'
import { RenewOnChanges, RENEW_MS } from '../../../client/features/overview/use-overview.ts'
import { LiveProvider } from '../../../client/lib/live.tsx'
import { useTRPC } from '../../../client/lib/trpc.ts'
import type { BarRange } from '../../../client/ui/bar-strip.tsx'
import { fakeApi, Refused, TestApp } from '../approvals/fake-api.tsx'
import { fakeLive } from '../fake-live.ts'

afterEach(() => vi.useRealTimers())

const START = Date.parse('2026-11-21T18:30:00Z')
const NOW = new Date('2026-11-22T09:05:00Z')
const payments = { charged: 924, failed: 76, pending: 18, other: 2 }

function figures(over: Partial<Figures> = {}): Figures {
  const money = {
    currency: 'INR',
    chargedMinor: 382_499_999n,
    failedMinor: 0n,
    pendingMinor: 6_421_000n,
    refundedMinor: 10_200_000n,
  }
  return { payments, refunds: 12, amounts: [money], ...over }
}

const summary: Summary = {
  ...figures(),
  amountUnknown: { count: 0, more: false },
  asOf: NOW,
  from: new Date(START),
  to: new Date('2026-11-22T09:15:00Z'),
  comparison: {
    until: new Date('2026-11-22T09:00:00Z'),
    shiftMs: 7 * 86_400_000,
    current: figures(),
    before: figures({
      payments: { ...payments, charged: 935, failed: 65 },
      amounts: [
        { currency: 'INR', chargedMinor: 360_000_000n, failedMinor: 0n, pendingMinor: 0n, refundedMinor: 0n },
      ],
    }),
  },
}

const series: Series = {
  asOf: NOW,
  slotMs: 900_000,
  slots: Array.from({ length: 96 }, (_, i) => ({
    at: new Date(START + i * 900_000),
    ...figures({ payments: { charged: i, failed: i === 2 ? 4 : 0, pending: 0, other: 0 } }),
  })),
}

const today = { range: 'today', compare: 'last_week' } as const

test('a tile says its figure whole, its change in words, its formula, and leads to its list', async () => {
  const screen = await render(
    <TestApp role="finance" api={fakeApi({})}>
      <SummaryTiles search={today} summary={summary} day={series} />
    </TestApp>,
  )
  const charged = screen.getByRole('article', { name: 'Charged' })
  await expect
    .element(charged.getByTitle('₹38,24,999.99'))
    .toHaveTextContent('₹38.24 L38,24,999 rupees 99 paise')
  await expect.element(charged).toMatchTextContent(/6\.2% more than last Sunday at this time/)
  await expect.element(charged.getByRole('link')).toHaveAttribute('href', expect.stringContaining('t=today'))
  await expect.element(charged.getByRole('img')).toHaveAccessibleName(/^Charged amount, last 24 hours, from/)
  const rate = screen.getByRole('article', { name: 'Success rate' })
  await expect.element(rate).toMatchTextContent(/92\.4%924 of 1,000 ended1\.1 points less than last Sunday/)
  await expect.element(rate).toMatchTextContent(/Charged ÷ \(charged \+ failed\), pending left out/)
  await expect
    .element(screen.getByRole('article', { name: 'Refunded' }))
    .toMatchTextContent(/2\.6% of charged/)
  await expect
    .element(screen.getByRole('link', { name: 'Show these refunds' }))
    .toHaveAttribute('href', '/refunds?view=done&settled=today')
})

test.each([
  [{ count: 3, more: false }, 'Amount of 3 not known yet'],
  [{ count: 1_000, more: true }, 'Amount of more than 1,000 not known yet'],
])(
  'what the sum of charged payments leaves out is said beside it, and leads to it',
  async (unknown, text) => {
    const tiles = (amountUnknown: Summary['amountUnknown']) => (
      <TestApp role="finance" api={fakeApi({})}>
        <SummaryTiles search={today} summary={{ ...summary, amountUnknown }} day={undefined} />
      </TestApp>
    )
    const screen = await render(tiles(unknown))
    const charged = screen.getByRole('article', { name: 'Charged' })
    await expect
      .element(charged.getByRole('link', { name: text }))
      .toHaveAttribute('href', '/transactions?q=pay%3Acharged+is%3Aamount_unknown&t=today')
    await screen.rerender(tiles({ count: 0, more: false }))
    await expect.element(charged.getByRole('link', { name: 'Show charged payments' })).toBeVisible()
    await expect.element(charged.getByRole('link', { name: /not known/ })).not.toBeInTheDocument()
  },
)

test('currencies stand below each other and are never added', async () => {
  const dollars = {
    currency: 'USD',
    chargedMinor: 5_000n,
    failedMinor: 0n,
    pendingMinor: 0n,
    refundedMinor: 0n,
  }
  const screen = await render(
    <TestApp role="finance" api={fakeApi({})}>
      <SummaryTiles
        search={today}
        summary={{ ...summary, comparison: null, amounts: [...summary.amounts, dollars] }}
        day={undefined}
      />
    </TestApp>,
  )
  const charged = screen.getByRole('article', { name: 'Charged' })
  await expect.element(charged.getByTitle('$50.00')).toBeVisible()
  await expect.element(charged.getByTitle('₹38,24,999.99')).toBeVisible()
  await expect.element(charged).not.toMatchTextContent(/than/)
})

test('the chart and its table tell the same, slot by slot', async () => {
  const onSelect = vi.fn<(range: BarRange | null) => void>()
  const chart = (asTable: boolean) => (
    <TestApp role="finance" api={fakeApi({})}>
      <OutcomeChart label="Payments" series={series} asTable={asTable} onSelect={onSelect} />
    </TestApp>
  )
  const screen = await render(chart(false))
  const slider = screen.getByRole('slider', { name: 'Payments' })
  await userEvent.tab()
  await expect.element(slider).toHaveFocus()
  await userEvent.keyboard('{Home}{ArrowRight}{ArrowRight}')
  await expect.element(slider).toHaveAttribute('aria-valuetext', '00:30 to 00:45: 2 charged, 4 failed')
  await userEvent.keyboard('{Enter}')
  expect(onSelect).toHaveBeenCalledWith({
    from: new Date(START + 1_800_000),
    to: new Date(START + 2_700_000),
  })
  await screen.rerender(chart(true))
  await expect.element(screen.getByRole('slider')).not.toBeInTheDocument()
  const row = screen.getByRole('row', { name: /^00:30/ })
  await expect.element(row).toBeVisible()
  await expect.element(row).toHaveTextContent('00:302400')
})

test('a gateway far below its week says by how much, what failed, and leads there', async () => {
  const gateway = {
    gateway: 'PAYU',
    label: 'PayU',
    now: { charged: 40, failed: 20, pending: 0, other: 0 },
    usual: { charged: 939, failed: 61, pending: 0, other: 0 },
    dropPoints: 27.2,
    failed: [{ currency: 'INR', amountMinor: 97_000n }],
  }
  const quiet = {
    ...gateway,
    gateway: 'RAZORPAY',
    label: 'Razorpay',
    now: { ...gateway.now, charged: 9, failed: 1 },
    dropPoints: null,
  }
  const screen = await render(
    <TestApp role="finance" api={fakeApi({})}>
      <GatewayTable gateways={[gateway, quiet]} window={summary} />
    </TestApp>,
  )
  const row = screen.getByRole('row', { name: /^PayU/ })
  await expect.element(row).toMatchTextContent(/27\.2 pts below usual \(93\.9%\), ₹970\.00 failed\./)
  await expect.element(row).toMatchTextContent(/66\.6%60/)
  await expect
    .element(row.getByRole('link', { name: 'Show failed' }))
    .toHaveAttribute('href', expect.stringMatching(/gateway%3Apayu/))
  await expect.element(screen.getByRole('row', { name: /^Razorpay/ })).toMatchTextContent(/few10/)
})

test('one part that fails says so, and the others stay', async () => {
  const answers = {
    'overview.gateways': () => new Refused('INTERNAL_SERVER_ERROR', 'x', 'x'),
    'overview.needs': () => ({ asOf: NOW, needs: [], lastDecisionAt: null }),
  }
  const screen = await render(
    <TestApp role="finance" api={fakeApi(answers)}>
      <NeedsSection />
      <GatewaysSection />
    </TestApp>,
  )
  await expect.element(screen.getByText('Nothing needs you.')).toBeVisible()
  await expect.element(screen.getByRole('alert')).toMatchTextContent(/Try again/)
  await expect.element(screen.getByRole('alert')).toMatchTextContent(/Reference req_1/)
})

test('figures that cannot be renewed stay, and say of when they are', async () => {
  let down = false
  const answer = { asOf: NOW, needs: [], lastDecisionAt: null }
  const api = fakeApi({
    'overview.needs': () => (down ? new Refused('INTERNAL_SERVER_ERROR', 'x', 'x') : answer),
  })
  const app = (place: string) => (
    <TestApp role="finance" api={api}>
      <NeedsSection key={place} />
    </TestApp>
  )
  const screen = await render(app('first'))
  await expect.element(screen.getByText('Nothing needs you.')).toBeVisible()
  await expect.element(screen.getByText(/^As of/)).not.toBeInTheDocument()
  down = true
  // Shown anew, the part asks again.
  await screen.rerender(app('second'))
  await expect.element(screen.getByText(/^As of \d\d:\d\d:\d\d/)).toBeVisible()
  await expect.element(screen.getByText('Nothing needs you.')).toBeVisible()
})

test('the health line says whether Juspay answers, also while nothing is known of webhooks', async () => {
  const api = fakeApi({
    'events.health': () => new Refused('INTERNAL_SERVER_ERROR', 'busy', 'no'),
    'rates.silence': () => ({ silent: false }),
    'health.provider': () => ({ state: 'down', since: new Date('2026-11-20T08:50:41Z') }),
  })
  const screen = await render(
    <TestApp role="viewer" api={api}>
      <HealthLine />
    </TestApp>,
  )
  await expect
    .element(screen.getByText('Juspay API: not answering since 20 Nov, 14:20'))
    .toHaveAttribute('data-unwell')
})

test('how fast Juspay answers is said when it is known', () => {
  const answeredAt = new Date(NOW.getTime() - 2_000)
  const text = (p95Ms: number | null) => providerText({ state: 'answering', answeredAt, p95Ms }, NOW, 'IST')
  expect(text(310)).toBe('Juspay API: ok, 95% within 310 ms, last answer 2 s ago')
  expect(text(null)).toBe('Juspay API: ok, last answer 2 s ago')
  expect(providerText({ state: 'unknown' }, NOW, 'IST')).toBe('Juspay API: not asked yet')
  const since = new Date(NOW.getTime() - 60_000)
  expect(providerText({ state: 'down', since }, NOW, 'UTC')).toBe('Juspay API: not answering since 09:04')
})

/** The tiles' question, without what draws them. */
function ShownFigures() {
  const figures = useQuery(useTRPC().overview.summary.queryOptions(today))
  return <output aria-label="Figures">{figures.data?.refunds}</output>
}

test('a payment renews what waits for somebody, and leaves the figures to their choice', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true })
  const api = fakeApi({
    'overview.summary': () => summary,
    'overview.needs': () => ({ needs: [], lastDecisionAt: null }),
  })
  const { wire, hear } = fakeLive()
  const screen = await render(
    <TestApp role="finance" api={api}>
      <LiveProvider enabled wire={wire}>
        <RenewOnChanges />
        <NeedsSection />
        <ShownFigures />
      </LiveProvider>
    </TestApp>,
  )
  await expect.element(screen.getByText('Nothing needs you.')).toBeVisible()
  await expect.element(screen.getByLabelText('Figures')).toHaveTextContent('12')
  const asked = (path: string) => api.calls.filter((call) => call.path === path).length
  const changes = [{ subject: 'order' as const, subjectId: 'a', at: new Date() }]
  hear({ kind: 'batch', events: [], renewed: [], changes })
  vi.advanceTimersByTime(RENEW_MS)
  await expect.poll(() => asked('overview.needs')).toBe(2)
  expect(asked('overview.summary')).toBe(1)
})
