import { AxeBuilder } from '@axe-core/playwright'
import type { Locator, Page } from 'playwright'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Role } from '../../server/domain/permission.ts'
import { ORDER_COLUMNS } from '../../server/domain/order-columns.ts'
import { PHONE } from '../support/browser.ts'
import { shown, useStack } from '../support/e2e.ts'
import { routePatterns } from '../support/e2e-routes.ts'
import { populate, type World } from '../support/e2e-world.ts'

type Screen = {
  /** The address; nothing of it may be left out when it differs by what exists. */
  at: (world: World) => string
  /** What is there when the screen has its data. */
  ready: (page: Page, world: World) => Locator
  /** What to do before looking: open a dialog, choose a tab. */
  open?: (page: Page, world: World) => Promise<void>
  /** Rules that do not apply, with the reason beside them. */
  except?: readonly string[]
  /** Who looks; by default an admin. Null: nobody is signed in. */
  role?: Role | null
}

const heading = (name: string | RegExp) => (page: Page) => page.getByRole('heading', { level: 1, name })
const cell = (text: string | RegExp) => (page: Page) =>
  page.getByRole('row').filter({ hasText: text }).first()
const orderTitle = (page: Page, { orderRef }: World) =>
  page.getByRole('heading', { level: 1, name: orderRef })
const dialog = (page: Page) => page.getByRole('dialog')
const orderTab = (tab: string, ready: Screen['ready']): Screen => ({
  at: ({ orderRef }) => `/orders/${orderRef}?tab=${tab}`,
  ready,
})

const eventTab = (tab: string, ready: Screen['ready']): Screen => ({
  at: ({ eventId }) => `/events/${eventId}?tab=${tab}`,
  ready,
})

type AxeResults = Awaited<ReturnType<AxeBuilder['analyze']>>

/** One entry for each route of the dashboard, by its pattern. */
const ROUTES: Readonly<Record<string, Screen>> = {
  '/': { at: () => '/', ready: (page) => page.getByRole('slider', { name: /^Payments per/ }) },
  '/approvals': { at: () => '/approvals', ready: (page) => page.getByRole('button', { name: /^Approve ₹/ }) },
  '/audit': { at: () => '/audit', ready: cell('Asha Menon') },
  '/checkout': { at: () => '/checkout', ready: (page) => page.getByRole('button', { name: /^Pay/ }) },
  '/checkout/return': { at: () => '/checkout/return', ready: heading('Back from payment') },
  '/events': { at: () => '/events', ready: cell('ORDER_SUCCEEDED') },
  '/events/$eventId': {
    at: ({ eventId }) => `/events/${eventId}`,
    ready: (page) => page.getByRole('button', { name: 'Replay' }),
  },
  '/events/health': {
    at: () => '/events/health',
    ready: (page) => page.getByRole('slider', { name: /15 minutes/ }),
  },
  '/events/failed': {
    at: () => '/events/failed',
    ready: (page) => page.getByRole('button', { name: /^Replay/ }).first(),
  },
  '/search': {
    at: ({ orderRef }) => `/search?q=${orderRef}`,
    ready: (page) => page.getByRole('table', { name: /Orders found/ }),
  },
  '/events/replays': { at: () => '/events/replays', ready: cell('Not applied yet') },
  '/events/replays/$jobId': {
    at: ({ replayId }) => `/events/replays/${replayId}`,
    ready: cell('Would change nothing'),
  },
  '/orders/$orderId': {
    at: ({ orderRef }) => `/orders/${orderRef}`,
    ready: (page) => page.getByText(/Refund of ₹1,500\.00 succeeded/),
  },
  '/orders/$orderId/refund': {
    at: ({ orderRef }) => `/orders/${orderRef}/refund`,
    ready: (page) => dialog(page).getByLabel('Amount'),
  },
  '/mentions': { at: () => '/mentions', ready: heading('For you') },
  '/reconciliation': { at: () => '/reconciliation', ready: heading('Reconciliation') },
  '/refunds': { at: () => '/refunds', ready: cell('₹1,500.00') },
  '/refunds/safety': { at: () => '/refunds/safety', ready: heading('Refund safety') },
  '/refunds/bulk': { at: () => '/refunds/bulk', ready: cell('Batch 0001') },
  '/refunds/bulk/new': {
    at: () => '/refunds/bulk/new',
    ready: (page) => page.getByRole('button', { name: /^Choose a file/ }),
  },
  '/refunds/bulk/$batchId': {
    at: ({ batchId }) => `/refunds/bulk/${batchId}`,
    ready: (page) => page.getByLabel('Type the total to continue'),
  },
  '/refunds/$refundId': {
    at: ({ refundId }) => `/refunds/${refundId}`,
    ready: (page) => page.getByText('₹1,500.00').first(),
  },
  '/inspector': {
    at: () => '/inspector',
    ready: heading('Inspector'),
    open: async (page) => {
      await page.getByLabel('Signed text').fill('{"order_id":"A"}')
      await page.getByRole('button', { name: 'Inspect' }).click()
      await shown(page.getByText('It is not signed.')).toBeVisible()
    },
  },
  '/integration': {
    at: () => '/integration',
    ready: (page) => page.getByRole('list', { name: 'Steps of the integration' }),
  },
  '/sandbox': { at: () => '/sandbox', ready: heading('Sandbox') },
  '/security': { at: () => '/security', ready: (page) => page.getByRole('button', { name: 'Set up' }) },
  '/settings': { at: () => '/settings', ready: (page) => page.getByText('paydeskdemo').first() },
  '/sign-in': {
    at: () => '/sign-in',
    ready: (page) => page.getByRole('button', { name: /Viewer/ }),
    role: null,
  },
  '/transactions': { at: () => '/transactions', ready: cell('₹12,999.00') },
  '/users': { at: () => '/users', ready: cell('finance@demo.test') },
}

/** States of those screens that look different: tabs, dialogs, refusals, nothing to show. */
const STATES: Readonly<Record<string, Screen>> = {
  'an order’s attempts': orderTab('attempts', (page) => page.getByRole('grid', { name: /attempts/i })),
  'an order’s refunds': orderTab('refunds', cell('Succeeded')),
  'an order’s events': orderTab('events', cell('Applied')),
  'an order’s messages compared': orderTab('raw', (page) => page.getByRole('radio', { name: 'Unified' })),
  'an order’s raw record': orderTab('raw&message=record', (page) =>
    page.getByRole('tree', { name: /content$/ }),
  ),
  'an event’s body': eventTab('body', (page) => page.getByRole('tree', { name: 'Webhook body, content' })),
  'an event’s headers': eventTab('headers', cell('content-type')),
  'an event’s passes': eventTab('processing', (page) =>
    page.getByRole('list', { name: 'Passes over the event' }),
  ),
  'an event beside another message': eventTab('compare', (page) => page.getByText(/differ/).first()),
  'the events of the same order': eventTab('order', cell('This one')),
  'the event panel beside the stream': {
    at: () => '/events',
    ready: cell('ORDER_SUCCEEDED'),
    open: async (page) => {
      await page.keyboard.press('j')
      await page.keyboard.press('Space')
      await shown(page.getByRole('heading', { level: 2, name: 'Effect' })).toBeVisible()
    },
  },
  'an event filter that cannot be read': {
    at: () => '/events?q=outcome%3Aaplied',
    ready: (page) => page.getByRole('alert'),
  },
  'events that no filter matches': {
    at: () => '/events?q=order%3Anobody',
    ready: (page) => page.getByText('No events match.'),
  },
  'the refund policy': {
    at: () => '/settings?section=policy',
    ready: (page) => page.getByText('Version 0, as delivered.'),
    open: async (page) => {
      await page.getByRole('button', { name: 'Add rule' }).click()
      await page.getByRole('button', { name: 'Add a limit for one person' }).click()
      await page.getByRole('button', { name: 'Add reason' }).click()
    },
  },
  'stopping refunds': {
    at: () => '/settings?section=stops',
    ready: (page) => page.getByText('Refunds were never stopped.'),
  },
  'what one is told of': {
    at: () => '/settings?section=notifications',
    ready: (page) => page.getByText('Views you are told of'),
  },
  'the keys': {
    at: () => '/settings?section=keys',
    ready: (page) => page.getByText('Demo shop'),
  },
  'an order nobody knows': {
    at: () => '/orders/nowhere',
    ready: (page) => page.getByText('No order nowhere'),
  },
  'transactions that no filter matches': {
    at: () => '/transactions?q=amount%3A%3E9000000',
    ready: (page) => page.getByText('No orders').first(),
  },
  'a filter that cannot be read': {
    at: () => '/transactions?q=amout%3A5',
    ready: (page) => page.getByRole('alert'),
  },
  'failed events that people ignored': {
    at: () => '/events/failed?view=ignored',
    ready: (page) => page.getByText('No event is ignored.'),
  },
  'refused senders': {
    at: () => '/events/failed?view=refused',
    ready: (page) => page.getByRole('heading', { name: /^Refused deliveries/ }),
  },
  'selected failed events': {
    at: () => '/events/failed',
    ready: cell('Stopped'),
    open: async (page) => {
      await page.keyboard.press('j')
      await page.keyboard.press('x')
      await shown(page.getByRole('group', { name: 'Bulk actions' })).toBeVisible()
    },
  },
  'the dry run of an event that was applied': {
    at: ({ eventId }) => `/events/${eventId}`,
    ready: (page) => page.getByRole('button', { name: 'Replay' }),
    open: async (page) => {
      await page.keyboard.press('Shift+R')
      await shown(dialog(page).getByRole('button', { name: 'Apply again anyway' })).toBeVisible()
    },
  },
  'an event of a replay': {
    at: ({ replayId }) => `/events/replays/${replayId}`,
    ready: cell('Would change nothing'),
    open: async (page) => {
      await page.keyboard.press('j')
      await page.keyboard.press('Enter')
      await shown(dialog(page)).toBeVisible()
    },
  },
  'selected rows': {
    at: () => '/transactions',
    ready: cell('₹12,999.00'),
    open: async (page) => {
      await page.keyboard.press('j')
      await page.keyboard.press('x')
      await shown(page.getByRole('group', { name: 'Bulk actions' })).toBeVisible()
    },
  },
  'an order beside the list': {
    at: ({ orderRef }) => `/transactions?peek=${orderRef}`,
    ready: (page) => page.getByRole('list', { name: /^Last lines of the timeline/ }),
  },
  'every column of the transactions': {
    at: () => `/transactions?cols=${ORDER_COLUMNS.map(({ id }) => id).join(',')}`,
    ready: cell('₹12,999.00'),
    open: async (page) => {
      // What was the last to change an order is one of several; that it is there says that the row is whole.
      const sources = page.getByRole('gridcell', {
        name: /^(Webhook|Status check|Person|System|Juspay’s answer)$/,
      })
      await shown(sources.first()).toBeVisible()
    },
  },
  'the choice of columns': {
    at: () => '/transactions',
    ready: cell('₹12,999.00'),
    open: async (page) => {
      await page.getByRole('button', { name: 'Columns' }).click()
      await shown(page.getByLabel('Find a column')).toBeFocused()
    },
  },
  'the menu of a row': {
    at: () => '/transactions',
    ready: cell('₹12,999.00'),
    // As the menu of the person.
    except: ['region'],
    open: async (page) => {
      await page.keyboard.press('j')
      await page.keyboard.press('.')
      await shown(page.getByRole('menuitem', { name: 'Copy ID' })).toBeVisible()
    },
  },
  'the menu of views': {
    at: () => '/transactions?view=failed&q=status%3Afailed&t=-7d',
    ready: (page) => page.getByRole('button', { name: 'Reset' }),
    except: ['region'],
    open: async (page) => {
      await page.keyboard.press('v')
      await shown(page.getByRole('menuitem', { name: 'Duplicate' })).toBeVisible()
    },
  },
  'saving a view': {
    at: () => '/transactions',
    ready: cell('₹12,999.00'),
    open: async (page) => {
      await page.keyboard.press('Shift+V')
      await dialog(page)
        .getByLabel(/^Share with everybody/)
        .check()
    },
  },
  'what goes into a file': {
    at: () => '/transactions',
    ready: cell('₹12,999.00'),
    open: async (page) => {
      await page.keyboard.press('e')
      await dialog(page)
        .getByLabel(/^Include personal data/)
        .check()
    },
  },
  'the palette': {
    at: () => '/transactions',
    ready: cell('₹12,999.00'),
    open: async (page, { orderRef }) => {
      await page.keyboard.press('Control+k')
      await shown(page.getByRole('combobox', { name: 'Search or jump to' })).toBeFocused()
      await page.keyboard.type(orderRef)
      await shown(page.getByRole('option').filter({ hasText: orderRef }).first()).toBeVisible()
    },
  },
  'the shortcut sheet': {
    at: ({ orderRef }) => `/orders/${orderRef}`,
    ready: orderTitle,
    open: async (page) => {
      await page.keyboard.press('?')
      await shown(dialog(page)).toBeVisible()
    },
  },
  'the confirmation of an approval': {
    at: () => '/approvals',
    ready: ROUTES['/approvals']?.ready ?? heading('Approvals'),
    role: 'approver',
    open: async (page) => {
      await shown(page.getByRole('list', { name: 'Checks' })).toBeVisible()
      await page.keyboard.press('a')
      await shown(dialog(page)).toBeVisible()
    },
  },
  'the menu of the person': {
    at: () => '/transactions',
    ready: cell('₹12,999.00'),
    // A menu belongs to its button, wherever on the page it is drawn.
    except: ['region'],
    open: async (page) => {
      await page.getByRole('button', { name: /Kavya Iyer/ }).click()
      await shown(page.getByRole('menu')).toBeVisible()
    },
  },
  'a page the role may not see': {
    at: () => '/audit',
    ready: (page) => page.getByText(/cannot read the audit log/),
    role: 'viewer',
  },
  'a refused sign-in': {
    at: () => '/sign-in',
    ready: heading('Sign in'),
    role: null,
    open: async (page) => {
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await shown(page.getByText('Enter your work email.')).toBeVisible()
    },
  },
}

describe('axe finds nothing', () => {
  const stack = useStack()
  let world: World
  beforeAll(async () => {
    world = await populate(stack())
  })

  test('on a list of screens that names every route', () => {
    expect(Object.keys(ROUTES).toSorted()).toEqual(routePatterns())
  })

  test.for([...Object.entries(ROUTES), ...Object.entries(STATES)])(
    '%s, light and dark, wide and narrow',
    async ([, screen]) => {
      const { at, ready, open, except = [], role = 'admin' } = screen
      const visit = await stack().visit(role)
      visit.allow(/status of 40[134]/) // what is refused or missing here is meant to be
      const { page } = visit
      await page.goto(at(world))
      await shown(ready(page, world)).toBeVisible()
      await open?.(page, world)
      // "Legacy" leaves out frames of other origins, of which there are none here, and the extra window for them.
      const axe = () => new AxeBuilder({ page }).setLegacyMode().disableRules([...except])
      expect(told(await axe().analyze())).toBe('')
      await page.emulateMedia({ colorScheme: 'dark' })
      await shown(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark')
      // In the dark only colours are different.
      expect(told(await axe().withRules(['color-contrast']).analyze())).toBe('')
      await page.setViewportSize(PHONE)
      await drawn(page)
      expect(told(await axe().analyze())).toBe('')
      await page.emulateMedia({ colorScheme: 'light' })
      await shown(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'light')
      expect(told(await axe().withRules(['color-contrast']).analyze())).toBe('')
    },
  )
})

/** What a change of the window changes is drawn in the frame after it. */
function drawn(page: Page): Promise<unknown> {
  return page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  )
}

/** In words: rule, what it wants, and where. */
function told({ violations }: AxeResults): string {
  return violations
    .flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, html }) => `${id}: ${help}: ${target.join(' ')}: ${html}`),
    )
    .join('\n')
}
