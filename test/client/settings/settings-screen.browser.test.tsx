import { describe, expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { PolicySection } from '../../../client/features/settings/policy-section.tsx'
import type { RefundStop } from '../../../client/features/settings/settings-types.ts'
import { StopsSection } from '../../../client/features/settings/stops-section.tsx'
import { RefundStopBanner } from '../../../client/lib/refund-stop-banner.tsx'
import { DEFAULT_POLICY, NO_LINE } from '../../../server/domain/approval-policy.ts'
import type { Role } from '../../../server/domain/permission.ts'
import { fakeApi, Refused, TestApp } from '../approvals/fake-api.tsx'

const LIMITS = { ...DEFAULT_POLICY.rules.limits, roles: [{ role: 'support' as const, dayMinor: 5_000_000n }] }
const POLICY = { version: 2, ...DEFAULT_POLICY.rules, limits: LIMITS }
const ASHA = { id: '00000000-0000-4000-8000-0000000000c1', name: 'Asha Menon', role: 'finance' }
const VERSION = { ...POLICY, version: 1, writtenBy: 'Mira Rao', writtenAt: new Date('2026-11-20T10:00:00Z') }

type Answers = Parameters<typeof fakeApi>[0]

async function policy(answers: Answers = {}, role: Role = 'admin') {
  const api = fakeApi({
    'settings.policy': () => POLICY,
    'settings.policyHistory': () => ({
      rows: [{ ...VERSION, approvalAboveMinor: 100_000n }],
      nextCursor: null,
    }),
    'settings.limitPeople': () => [ASHA],
    'settings.setPolicy': () => ({ ...POLICY, version: 3 }),
    ...answers,
  })
  const screen = await render(
    <TestApp api={api} role={role}>
      <PolicySection />
    </TestApp>,
  )
  const saved = () => api.calls.filter(({ path }) => path === 'settings.setPolicy').map(({ input }) => input)
  return { screen, saved }
}

describe('the refund policy', () => {
  test('a stricter rule, a limit of one person and a reason are saved as named changes', async () => {
    const { screen, saved } = await policy()
    await screen.getByRole('button', { name: 'Add rule' }).click()
    await screen
      .getByRole('group', { name: /^Reasons/ })
      .getByLabelText('Fraud')
      .click()
    await screen.getByRole('button', { name: 'Add a limit for one person' }).click()
    await screen.getByLabelText('Limit of Asha Menon').fill('1000')
    await screen.getByRole('button', { name: 'Add reason' }).click()
    await screen.getByLabelText('New reason', { exact: true }).fill('Damaged in transit')
    await userEvent.keyboard('{Tab}')
    await expect.element(screen.getByText('4 changes, not saved yet.')).toBeVisible()
    await screen.getByRole('button', { name: 'Save policy' }).click()
    await expect.element(screen.getByText(/None → refunds because of Fraud over ₹0\.00/)).toBeVisible()
    await screen.getByRole('dialog').getByRole('button', { name: 'Save policy' }).click()
    await expect.poll(saved).toMatchObject([
      {
        version: 2,
        confirmOff: false,
        tiers: [{ aboveMinor: 0n, reasons: ['fraud'] }],
        limits: { people: [{ userId: ASHA.id, dayMinor: 100_000n }] },
      },
    ])
  })

  test('switching approvals off has to be typed', async () => {
    const { screen, saved } = await policy()
    await screen.getByLabelText('Refunds above the line need a second person').click()
    await screen.getByRole('button', { name: 'Save policy' }).click()
    await expect.element(screen.getByRole('heading', { name: 'Switch approvals off?' })).toBeVisible()
    const verb = screen.getByRole('dialog').getByRole('button', { name: 'Switch approvals off' })
    await verb.click({ force: true })
    expect(saved()).toEqual([])
    await screen.getByLabelText('Type approvals off to go on').fill('approvals off')
    await screen.getByRole('dialog').getByRole('button', { name: 'Switch approvals off' }).click()
    await expect.poll(saved).toMatchObject([{ approvalAboveMinor: NO_LINE, confirmOff: true }])
  })

  test('a refusal stays in the dialog', async () => {
    const message = 'You cannot raise your own daily limit.'
    const { screen } = await policy({
      'settings.setPolicy': () => new Refused('FORBIDDEN', 'own_limit', message),
    })
    await screen.getByLabelText('Admin, each person').fill('5')
    await screen.getByRole('button', { name: 'Save policy' }).click()
    await screen.getByRole('dialog').getByRole('button', { name: 'Save policy' }).click()
    await expect.element(screen.getByText(new RegExp(message))).toBeVisible()
    await screen.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  })

  test('people who may not change it read it, its history and what it would say', async () => {
    const { screen } = await policy({}, 'auditor')
    await expect.element(screen.getByText('Support ₹50,000.00')).toBeVisible()
    await expect.element(screen.getByText('₹2,000.00 → ₹1,000.00')).toBeVisible()
    await expect.element(screen.getByText('A second person must approve.')).toBeVisible()
    await screen.getByLabelText('Asked for by').selectOptions('support')
    await screen.getByLabelText('Amount').fill('60000')
    await expect.element(screen.getByText(/Support may ask for ₹50,000\.00 in a day\./)).toBeVisible()
  })
})

const STOP: RefundStop = {
  id: '00000000-0000-4000-8000-0000000000d1',
  gateway: null,
  reason: 'Cashfree pays twice',
  setByKind: 'user',
  setByName: 'Asha Menon',
  setAt: new Date('2026-11-22T09:00:00Z'),
  expiresAt: null,
  liftedByName: null,
  liftedAt: null,
  liftNote: null,
}

async function stops(inForce: RefundStop[], role: Role = 'admin') {
  const api = fakeApi({
    'stops.inForce': () => inForce,
    'stops.history': () => ({ rows: inForce, nextCursor: null }),
    'stops.set': () => STOP,
    'stops.lift': () => ({ ...STOP, liftedAt: new Date() }),
    'orders.facets': () => ({ gateways: ['GOCASHFREE'], methodTypes: [] }),
  })
  const screen = await render(
    <TestApp api={api} role={role}>
      <RefundStopBanner />
      <StopsSection />
    </TestApp>,
  )
  const sent = (path: string) => api.calls.filter((call) => call.path === path).map(({ input }) => input)
  return { screen, sent }
}

describe('stopping refunds', () => {
  test('takes a reason, says what happens and names the gateway', async () => {
    const { screen, sent } = await stops([])
    await expect.element(screen.getByText('Nothing is stopped. Approved refunds are sent.')).toBeVisible()
    await screen.getByLabelText('What').selectOptions('GOCASHFREE')
    const button = screen.getByRole('button', { name: 'Stop refunds through Cashfree' })
    await button.click({ force: true })
    expect(sent('stops.set')).toEqual([])
    await screen.getByLabelText('Reason, shown to everybody').fill('Cashfree pays twice')
    await button.click()
    await screen.getByRole('dialog').getByRole('button', { name: 'Stop refunds through Cashfree' }).click()
    await expect
      .poll(() => sent('stops.set'))
      .toEqual([{ gateway: 'GOCASHFREE', reason: 'Cashfree pays twice', expiresAt: null }])
  })

  test('a stop is told on every page, and lifted with a reason', async () => {
    const { screen, sent } = await stops([STOP])
    await expect
      .element(screen.getByRole('status').first())
      .toHaveTextContent(
        'Refunds are stopped by Asha Menon: Cashfree pays twice. New requests are taken and wait.',
      )
    await screen.getByRole('button', { name: 'Lift the stop' }).click()
    await screen.getByLabelText('Why refunds may go on').fill('Cashfree mended it')
    await screen.getByRole('dialog').getByRole('button', { name: 'Lift the stop' }).click()
    await expect.poll(() => sent('stops.lift')).toEqual([{ stopId: STOP.id, note: 'Cashfree mended it' }])
  })

  test('who may stop need not be able to lift', async () => {
    const { screen, sent } = await stops([STOP], 'finance')
    const why = 'Your role (Finance) cannot change settings.'
    await expect.element(screen.getByText(why).last()).toBeVisible()
    await screen.getByRole('button', { name: 'Lift the stop' }).click({ force: true })
    expect(sent('stops.lift')).toEqual([])
  })
})
