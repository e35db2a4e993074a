/** The table of design §3.2 against what screens register: the sheet of each screen is read, and what no sheet has is told. */
import type { Page } from 'playwright'
import { beforeAll, expect, test } from 'vitest'
import { spokenKeys } from '../../client/ui/shortcut-keys.ts'
import { shown, useStack } from '../support/e2e.ts'
import { populate, type World } from '../support/e2e-world.ts'

/** Every key of the table, by the screen on which it must be on offer. Keys that only dialogs take are not on sheets. */
const TABLE: Readonly<Record<string, readonly string[]>> = {
  list: [
    '/',
    '?',
    'J',
    'K',
    'Enter',
    'Mod+Enter',
    'Home',
    'End',
    'Mod+Home',
    'Mod+End',
    'PageUp',
    'PageDown',
    'ArrowLeft',
    'ArrowRight',
    'Space',
    'X',
    'Shift+ArrowDown',
    'Mod+A',
    '.',
    'F',
    'T',
    'V',
    'Shift+V',
    'C',
    'Shift+C',
    'R',
    'S',
    'E',
    'Z',
    'D',
    'Mod+K',
    'G O',
    'G T',
    'G A',
    'G R',
    'G B',
    'G C',
    'G L',
    'G F',
    'G N',
    'G U',
    'G M',
    'G S',
    'G X',
  ],
  order: ['[', ']', 'C', 'Shift+C', 'R', 'S', 'J', 'K', 'Escape', '.', '?', 'Z', 'Mod+K'],
  approvals: ['A', 'Shift+A', 'N', '?'],
  events: ['P', '/', '?'],
  event: ['Shift+R', 'Escape', '?'],
  refund: ['Escape', '?'],
}

/** Not registered anywhere, and why. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'list G N': 'there is no Analytics page; Overview has its figures',
}

const stack = useStack()
let world: World
beforeAll(async () => {
  world = await populate(stack())
}, 120_000)

test('every key of the table is on the sheet of its screen, but those left out with a reason', async () => {
  const { page } = await stack().visit('admin')
  const { page: approver } = await stack().visit('approver')
  const screens: [name: string, page: Page, path: string][] = [
    ['list', page, '/transactions'],
    ['order', page, `/orders/${world.orderRef}`],
    ['approvals', approver, '/approvals'],
    ['events', page, '/events'],
    ['event', page, `/events/${world.eventId}`],
    ['refund', page, `/refunds/${world.refundId}`],
  ]
  const missing: string[] = []
  for (const [name, on, path] of screens) {
    const keys = await sheetOf(on, path)
    // The sheet says them in words; signs alone are drawn.
    for (const key of TABLE[name] ?? [])
      if (!keys.includes(spokenKeys(key, false))) missing.push(`${name} ${key}`)
  }
  expect(missing).toEqual(Object.keys(LEFT_OUT))
})

test('Escape leaves a record for its list', async () => {
  const { page } = await stack().visit('admin')
  const records = {
    '/transactions': `/orders/${world.orderRef}`,
    '/events': `/events/${world.eventId}`,
    '/refunds': `/refunds/${world.refundId}`,
    '/refunds/bulk': `/refunds/bulk/${world.batchId}`,
    '/events/replays': `/events/replays/${world.replayId}`,
  }
  for (const [list, record] of Object.entries(records)) {
    await page.goto(record)
    await shown(page.getByRole('heading', { level: 1 })).toBeVisible()
    await shown(page.locator('[aria-busy=true]')).toHaveCount(0)
    await page.keyboard.press('Escape')
    await page.waitForURL((url) => url.pathname === list)
  }
})

async function sheetOf(page: Page, path: string): Promise<string[]> {
  await page.goto(path)
  await shown(page.getByRole('heading', { level: 1 })).toBeVisible()
  await shown(page.locator('[aria-busy=true]')).toHaveCount(0)
  if (path === '/transactions') await page.keyboard.press('j')
  await page.keyboard.press('?')
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await shown(sheet).toBeVisible()
  return sheet.locator('dd .visually-hidden').allInnerTexts()
}
