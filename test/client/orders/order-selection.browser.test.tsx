import { beforeEach, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { depart } from '../../../client/lib/departure.ts'
import { registeredActions } from '../../../client/ui/shortcut-registry.ts'
import { orderRow } from './order-row.ts'
import { EIGHT, openSelection, TEN } from './selection-page.tsx'

const LATER = new Date('2026-11-22T09:30:00Z')

/** Pixels that the chosen option of a select takes, with its padding and the arrow. */
function shownWidth(select: Element): number {
  const context = document.createElement('canvas').getContext('2d')
  if (!context || !(select instanceof HTMLSelectElement)) throw new Error('nothing to measure')
  context.font = getComputedStyle(select).font
  return context.measureText(select.selectedOptions[0]?.text ?? '').width + 40
}

beforeEach(() => page.viewport(1280, 800))

test('a selection is the same in another order of the list, with rows that are not loaded there', async () => {
  const { api, screen, press, bar } = await openSelection()
  for (const ref of ['ord_1', 'ord_2', 'ord_3']) await screen.getByLabelText(ref).click()
  await press('Sort')
  await expect.element(bar).toMatchTextContent(/3 orders selected/)
  await expect.element(bar).toMatchTextContent(/₹300.00/)
  await screen.getByLabelText('ord_4').click()
  await expect.element(bar).toMatchTextContent(/^4 rows selected/)
  await expect.element(bar).toMatchTextContent(/₹400.00/)
  await press('Check status')
  await expect
    .poll(() => api.calls.find(({ path }) => path === 'orders.checkMany')?.input)
    .toEqual({
      orderIds: [1, 2, 3, 4].map((n) => orderRow(n).id),
    })
  await expect.element(screen.getByRole('alert').first()).toMatchTextContent(/Checked 0 of 4\./)
  // It stays until somebody has read it, over what the next test presses.
  await press('Dismiss')
})

test('a tag is put on all selected orders, and Undo takes it off those that had not had it', async () => {
  const { api, screen, press, act } = await openSelection()
  for (const ref of ['ord_1', 'ord_2', 'ord_3']) await screen.getByLabelText(ref).click()
  await press('More')
  await act('Add tag').click()
  const dialog = screen.getByRole('dialog', { name: 'Add a tag to 3 orders' })
  const field = dialog.getByRole('combobox', { name: 'Tag' })
  await field.fill('a b,')
  await userEvent.keyboard('{Enter}')
  await expect.element(field).toHaveAccessibleDescription(/A tag is made of letters/)
  await field.fill('vip')
  await userEvent.keyboard('{Enter}')
  await expect.element(dialog).not.toBeInTheDocument()
  const sent = (path: string) => api.calls.findLast((call) => call.path === path)?.input
  const ids = [1, 2, 3].map((n) => orderRow(n).id)
  expect(sent('tags.add')).toEqual({ orderIds: ids, tags: ['vip'] })
  const said = screen.getByRole('status').filter({ hasText: 'Tagged 2 orders.' })
  await said.getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => sent('tags.remove')).toEqual({ orderIds: ids.slice(0, 2), tag: 'vip' })
})

test('another filter takes the question away, and the next selection does not bring it back', async () => {
  const { screen, press, act } = await openSelection()
  await screen.getByLabelText('ord_1').click()
  await press('More')
  await act('Add tag').click()
  const dialog = screen.getByRole('dialog', { name: 'Add a tag to 1 order' })
  await expect.element(dialog).toBeVisible()
  // As the browser's own Back does, which no dialog holds.
  ;(screen.getByText('Other filter').element() as HTMLElement).click()
  await expect.element(dialog).not.toBeInTheDocument()
  await screen.getByLabelText('ord_2').click()
  await expect.element(screen.getByRole('button', { name: 'More', exact: true })).toBeVisible()
  await expect.element(dialog).not.toBeInTheDocument()
  // What offers the selection back stays over what the next test presses.
  await press('Dismiss')
})

test('a tag wants a role that writes notes', async () => {
  const { screen, press } = await openSelection({ role: 'viewer' })
  await screen.getByLabelText('ord_1').click()
  await press('More')
  const line = screen.getByRole('menuitem', { name: /^Add tag/ })
  await expect.element(line).toHaveAttribute('aria-disabled', 'true')
  await expect.element(line).toMatchTextContent(/Your role \(Viewer\) cannot write notes on orders\./)
})

test('the palette names what can be done with the selection, and with how many', async () => {
  const { screen } = await openSelection()
  for (const ref of ['ord_1', 'ord_2']) await screen.getByLabelText(ref).click()
  const labels = () => registeredActions().map(({ label }) => label)
  await expect
    .poll(labels)
    .toEqual(expect.arrayContaining(['Refund 2 selected', 'Check status of 2 selected', 'Export 2 selected']))
})

test('another filter clears it, and Undo brings back the filter and the rows', async () => {
  const { screen, press, bar } = await openSelection()
  await screen.getByLabelText('ord_1').click()
  await press('Sort')
  await press('Other filter')
  await expect.element(bar).not.toBeInTheDocument()
  await press('Undo')
  await expect.element(screen.getByLabelText('Filter')).toHaveTextContent('status:charged -24h -amount')
  await expect.element(bar).toMatchTextContent(/1 orders selected/)
  // It can be lost and brought back again.
  await expect.element(screen.getByRole('button', { name: 'Undo' })).not.toBeInTheDocument()
  await press('Other filter')
  await press('Undo')
  await expect.element(bar).toMatchTextContent(/1 orders selected/)
})

test('Undo brings back all that match', async () => {
  const { screen, press, bar } = await openSelection()
  await press('Select all')
  await expect.element(bar).toMatchTextContent(/48,207 match/)
  await press('Other filter')
  await expect.element(bar).not.toBeInTheDocument()
  await press('Undo')
  await expect.element(screen.getByLabelText('Filter')).toHaveTextContent('status:charged -24h -created')
  await expect.element(bar).toMatchTextContent(/48,207 match/)
})

test('of all that match, rows loaded later are ticked, unless they changed since', async () => {
  const { screen, press } = await openSelection({ more: [orderRow(5), orderRow(6, { changedAt: LATER })] })
  await press('Select all')
  await expect.element(screen.getByLabelText('ord_1')).toBeChecked()
  await press('Load more')
  await expect.element(screen.getByLabelText('ord_5')).toBeChecked()
  await expect.element(screen.getByLabelText('ord_6')).not.toBeChecked()
})

test('a file of all that match says how many and how much, in full in a narrow window too', async () => {
  const { screen, press, bar } = await openSelection()
  await press('Select all')
  await bar.getByRole('button', { name: 'Export' }).click()
  await page.viewport(320, 640)
  const what = screen.getByLabelText('What')
  await expect.element(what).toHaveTextContent('All 48,207 that match')
  await expect.element(what).toHaveAccessibleDescription('₹48,20,700.00 in total')
  expect(shownWidth(what.element())).toBeLessThan(what.element().clientWidth)
})

test('a CSV file says which kind keeps long references, and that kind says nothing', async () => {
  const { screen, press, bar } = await openSelection()
  await press('Select all')
  await bar.getByRole('button', { name: 'Export' }).click()
  const format = screen.getByLabelText('Format')
  await expect
    .element(format)
    .toHaveAccessibleDescription('Excel cuts long references in a CSV. XLSX keeps them.')
  await format.selectOptions('xlsx')
  await expect.element(format).not.toHaveAccessibleDescription()
})

test('a refund of several says which go and who is left out and why, before there is a batch', async () => {
  const { api, screen, press, bar } = await openSelection()
  for (const ref of ['ord_1', 'ord_2', 'ord_3']) await screen.getByLabelText(ref).click()
  await bar.getByRole('button', { name: 'Refund 2 of 3…' }).click()
  const dialog = screen.getByRole('dialog', { name: 'Refund 2 of 3 orders?' })
  await expect.element(dialog).toMatchTextContent(/Left to refund ?₹200.00/)
  await expect
    .element(dialog.getByRole('region', { name: 'Left out' }))
    .toMatchTextContent(/1: Nothing left to refund\. ord_3/)
  expect(api.calls.map(({ path }) => path)).not.toContain('bulk.fromOrders')
  await press('Make bulk refund of 2')
  await expect
    .poll(() => api.calls.find(({ path }) => path === 'bulk.fromOrders')?.input)
    .toMatchObject({
      orderIds: [orderRow(1).id, orderRow(2).id],
    })
  await expect.element(dialog).not.toBeInTheDocument()
})

test('a refund of all that match says how many changed since they were selected', async () => {
  const { api, screen, press, bar } = await openSelection({ matching: TEN, selected: EIGHT })
  await press('Select all')
  await bar.getByRole('button', { name: 'Refund 10…' }).click()
  const dialog = screen.getByRole('dialog', { name: 'Refund 8 of 10 orders?' })
  await expect
    .element(dialog.getByRole('region', { name: 'Left out' }))
    .toMatchTextContent(/2: Changed since they were selected\.$/)
  await press('Make bulk refund of 8')
  await expect
    .poll(() => api.calls.find(({ path }) => path === 'bulk.fromOrders')?.input)
    .toMatchObject({ orderIds: EIGHT.map(({ id }) => id) })
  await expect.element(dialog).not.toBeInTheDocument()
})

test('a check of all that match says how many were not asked about, as they changed since', async () => {
  const { api, screen, press } = await openSelection({ matching: TEN, selected: EIGHT, outcome: 'no_change' })
  await press('Select all')
  await press('Check status')
  const told = screen.getByRole('alert').first()
  await expect.element(told).toMatchTextContent(/Checked 8 of 10\. None changed\./)
  await expect.element(told).toMatchTextContent(/2 not asked about: changed since they were selected\./)
  expect(api.calls.filter(({ path }) => path === 'orders.checkMany')).toHaveLength(1)
  await press('Dismiss')
})

test('nobody is asked about the orders of somebody who left while they were read', async () => {
  const onRead = vi.fn<() => void>().mockImplementationOnce(depart)
  const { api, press } = await openSelection({ matching: TEN, selected: EIGHT, onRead })
  await press('Select all')
  await press('Check status')
  await expect.poll(() => onRead).toHaveBeenCalledTimes(1)
  // It can be pressed when the first is over; this one goes on.
  await press('Check status')
  await press('Dismiss')
  expect(onRead).toHaveBeenCalledTimes(2)
  expect(api.calls.filter(({ path }) => path === 'orders.checkMany')).toHaveLength(1)
})

test('when all of them changed since, nobody is asked and it is said', async () => {
  const { api, screen, press } = await openSelection({ matching: TEN })
  await press('Select all')
  await press('Check status')
  const told = screen.getByRole('alert').first()
  await expect.element(told).toMatchTextContent(/Checked 0 of 10\..*10 not asked about/)
  expect(api.calls.map(({ path }) => path)).not.toContain('orders.checkMany')
  await press('Dismiss')
})

test('C and Shift+C copy the focused row while others are selected', async () => {
  const copied = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue()
  const { screen } = await openSelection()
  await screen.getByLabelText('ord_2').click()
  await userEvent.keyboard('c')
  await expect.poll(() => copied).toHaveBeenLastCalledWith('ord_1')
  await userEvent.keyboard('{Shift>}C{/Shift}')
  await expect.poll(() => copied.mock.lastCall?.[0]).toMatch(/\/orders\/ord_1$/)
  copied.mockRestore()
})

test('the selected rows are copied in the order of the list; those that are not loaded are not', async () => {
  const copied = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue()
  const { screen, press, act } = await openSelection()
  for (const ref of ['ord_2', 'ord_1']) await screen.getByLabelText(ref).click()
  await press('More')
  await act('Copy rows').click()
  await expect
    .poll(() => copied)
    .toHaveBeenLastCalledWith('ord_1\t100.00\tINR\tCharged\nord_2\t100.00\tINR\tCharged')
  await screen.getByLabelText('ord_3').click()
  await press('Sort')
  await press('More')
  await act('Copy 1 of 3').click()
  await expect.poll(() => copied.mock.lastCall?.[0]).toMatch(/^ord_3\t100.00\tINR\tCharged$/)
  copied.mockRestore()
})

test('support may check what is selected', async () => {
  const { api, screen, press } = await openSelection({ role: 'support' })
  await screen.getByLabelText('ord_1').click()
  await press('Check status')
  await expect.poll(() => api.calls.map(({ path }) => path)).toContain('orders.checkMany')
})
