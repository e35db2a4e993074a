/** The receipt of an order: what is on paper while the browser prints, and nothing of it before and after. */
import type { ReactNode } from 'react'
import { beforeEach, expect, test, vi } from 'vitest'
import { cdp } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { OrderMore } from '../../../client/features/orders/order-more.tsx'
import type { OrderDetail, OrderRefund } from '../../../client/features/orders/order-types.ts'
import { SessionContext } from '../../../client/lib/session.ts'
import { KitContext, useKit } from '../../../client/ui/kit-context.ts'
import { registeredActions } from '../../../client/ui/shortcut-registry.ts'
import type { TimeZoneChoice } from '../../../client/ui/time-format.ts'
import type { Role } from '../../../server/domain/permission.ts'
import { fakeApi, Refused, sessionOf, TestApp } from '../approvals/fake-api.tsx'
import { sheet } from '../on-paper.ts'
import { orderDetail, orderRefund } from './order-detail.ts'

const AS_OF = new Date('2026-11-22T12:00:00Z')
const UNREFUNDED = orderDetail(1)
const PARTLY_REFUNDED = orderDetail(1, {
  displayStatus: 'partial',
  refundCount: 3,
  figures: { ...UNREFUNDED.figures, refundedMinor: 4_000n, pendingMinor: 1_500n, leftMinor: 4_500n },
})

/** Charged, and nobody has told how much. */
const UNKNOWN = orderDetail(1, {
  amountMinor: 0n,
  displayStatus: 'review',
  figures: { ...UNREFUNDED.figures, chargedMinor: 0n, leftMinor: 0n },
  explanation: { ...UNREFUNDED.explanation, situation: 'amount_unknown' },
})

const textOf = (selector: string) =>
  [...(sheet()?.querySelectorAll(selector) ?? [])].map(({ textContent }) => textContent)

const onPaper = () => ({ lines: textOf('h1, h2, p'), facts: textOf('dl > div'), cells: textOf('td') })
/** What the browser found when it was told to print. */
let paper: ReturnType<typeof onPaper> | null
beforeEach(() => {
  paper = null
  vi.spyOn(window, 'print').mockImplementation(() => {
    paper = onPaper()
  })
  return () => vi.restoreAllMocks()
})

function Zone({ timeZone, children }: { timeZone: TimeZoneChoice; children: ReactNode }) {
  return <KitContext value={{ ...useKit(), timeZone }}>{children}</KitContext>
}

type Reader = { environment: 'sandbox' | 'production'; timeZone: TimeZoneChoice }

async function open(
  order: OrderDetail,
  { refunds = [], role = 'support' }: { refunds?: readonly OrderRefund[] | Refused; role?: Role } = {},
  { environment, timeZone }: Reader = { environment: 'sandbox', timeZone: 'IST' },
) {
  const session = sessionOf(role)
  const api = fakeApi({ 'refunds.byOrder': () => refunds })
  const screen = await render(
    <TestApp role={role} api={api}>
      <SessionContext value={{ ...session, account: { ...session.account, environment } }}>
        <Zone timeZone={timeZone}>
          <OrderMore order={order} asOf={AS_OF} />
        </Zone>
      </SessionContext>
    </TestApp>,
  )
  return { screen, api }
}

/** As from the palette. */
function printReceipt() {
  registeredActions()
    .find(({ label }) => label === 'Print receipt')
    ?.run()
}

async function printed() {
  await expect.poll(() => paper).not.toBeNull()
  return paper
}

test('names no amount of a charge of which nobody has told one', async () => {
  await open(UNKNOWN)
  printReceipt()
  const facts = (await printed())?.facts
  expect(facts).toContain('AmountNot known yet')
  expect(facts).toContain('ChargedNot known yet')
})

test('from the menu of the order: amounts, references and refunds, as masked as on the page', async () => {
  const refunds = [
    orderRefund(1, { arn: '74332' }),
    orderRefund(2, { amountMinor: 1_500n, status: 'pending', settledAt: null, ref: '6612' }),
    orderRefund(3, { status: 'rejected' }),
  ]
  const { screen } = await open(PARTLY_REFUNDED, { refunds })
  await screen.getByRole('button', { name: 'More' }).click()
  await screen.getByRole('menuitem', { name: 'Print receipt' }).click()
  expect(await printed()).toEqual({
    lines: [
      'Payment receipt',
      'Demo, sandbox. This is a test: no money moved.',
      'Payment',
      'Amounts',
      'Refunds',
      expect.stringMatching(
        /^As of 22 Nov 2026, 17:30:00 IST\. Printed by Rohan Das for Demo, sandbox, at \d\d \w{3} \d{4}, [\d:]{8} IST\.$/,
      ),
    ],
    facts: [
      'Orderord_1',
      'StatusPartly refunded. The payment of ₹100.00 succeeded on 22 Nov with UPI.',
      'Created22 Nov 2026, 14:30:00 IST',
      'Charged on22 Nov 2026, 14:33:21 IST',
      'MethodUPI',
      'UPIs•••@okhdfc',
      'Juspay IDordeh_1',
      'Gateway IDCF_1',
      'RRN432198765012',
      'Amount₹100.00',
      'Charged₹100.00',
      'Refunded₹40.00',
      'Refund pending₹15.00',
    ],
    // A request that was rejected is no refund.
    cells: [
      ['PDR1', '22 Nov 2026, 15:30:00 IST', '22 Nov 2026, 15:30:00 IST', '₹40.00', 'Succeeded', 'ARN 74332'],
      ['PDR2', '22 Nov 2026, 15:30:00 IST', '', '₹15.00', 'Pending', '6612'],
    ].flat(),
  })
})

test('takes the place of the page on paper, is not seen on the screen, and is gone afterwards', async () => {
  const { screen } = await open(UNREFUNDED)
  const more = screen.getByRole('button', { name: 'More' }).element()
  printReceipt()
  await printed()
  expect(getComputedStyle(sheet() ?? more).display).toBe('none')
  await cdp().send('Emulation.setEmulatedMedia', { media: 'print' })
  try {
    expect(sheet()?.checkVisibility()).toBe(true)
    expect(more.checkVisibility()).toBe(false)
  } finally {
    await cdp().send('Emulation.setEmulatedMedia', { media: '' })
  }
  window.dispatchEvent(new Event('afterprint'))
  await expect.poll(sheet).toBeNull()
  // The browser's own print takes the page as it is.
  window.dispatchEvent(new Event('beforeprint'))
  expect(sheet()).toBeNull()
})

test('of a live account says so, in the zone of the reader, and asks for no refunds where there are none', async () => {
  const { api } = await open(UNREFUNDED, { role: 'auditor' }, { environment: 'production', timeZone: 'UTC' })
  printReceipt()
  expect(await printed()).toMatchObject({
    lines: ['Payment receipt', 'Demo, live account.', 'Payment', 'Amounts', expect.stringMatching(/ UTC\.$/)],
    facts: expect.arrayContaining(['Created22 Nov 2026, 09:00:00 UTC']),
  })
  expect(api.calls).toEqual([])
})

test('an order that nobody has paid has a record, not a receipt', async () => {
  const none = { ...UNREFUNDED.figures, chargedMinor: 0n, leftMinor: 0n, charges: [] }
  await open(orderDetail(1, { displayStatus: 'unknown', chargedAt: null, figures: none }))
  printReceipt()
  expect(await printed()).toMatchObject({
    lines: expect.arrayContaining(['Payment record', 'No charge is confirmed for this order.']),
    facts: expect.arrayContaining(['Charged₹0.00', 'Refunded₹0.00']),
  })
})

test('what Juspay has not confirmed, and amounts that do not add up, are said on paper too', async () => {
  await open(
    orderDetail(1, {
      unconfirmedSince: AS_OF,
      figures: { ...UNREFUNDED.figures, leftMinor: 9_000n, gapMinor: -1_000n },
    }),
  )
  printReceipt()
  const { facts, lines } = (await printed()) ?? {}
  expect(facts?.find((fact) => fact?.startsWith('Status'))).toMatch(/Not confirmed by Juspay yet\.$/)
  expect(lines).toContain('Amounts do not add up by ₹10.00.')
})

test('nothing is printed when its refunds cannot be had', async () => {
  const { screen } = await open(PARTLY_REFUNDED, { refunds: new Refused('FORBIDDEN', 'forbidden', 'No.') })
  printReceipt()
  await expect.element(screen.getByText("You can't see the receipt.")).toBeVisible()
  expect(paper).toBeNull()
  expect(sheet()).toBeNull()
})
