/** Reconciliation of the whole list, without choosing its rows. */
import { expect, test, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import { ReconciliationScreen } from '../../../client/features/reconciliation/reconciliation-screen.tsx'
import type { Role } from '../../../server/domain/permission.ts'
import { fakeApi, TestApp } from '../approvals/fake-api.tsx'
import { NowhereRouter } from '../nowhere-router.tsx'
import { reconRow } from './recon-row.ts'

const PAGE = 100

const row = (n: number) => reconRow({ orderId: `o${n}`, discrepancyId: `d${n}`, orderRef: `ord_${n}` })

/** Reads what was asked for out of an input of the wire. */
const partOf = (input: unknown) => (input as { orderIds: string[] }).orderIds
const startOf = (input: unknown) => Number((input as { cursor?: string | null }).cursor ?? 0)

async function open(orders: number, role: Role = 'finance', came: '' | 'run' = '') {
  const api = fakeApi({
    'recon.list': (input) => {
      const from = startOf(input)
      const rows = Array.from({ length: Math.min(PAGE, orders - from) }, (_, i) => row(from + i))
      return { rows, nextCursor: from + PAGE < orders ? String(from + PAGE) : null }
    },
    'recon.run': (input) =>
      partOf(input).map((orderId) => ({
        orderId,
        orderRef: orderId,
        outcome: 'no_change',
        message: 'No change.',
        changes: [],
        status: null,
      })),
  })
  const onOpened = vi.fn()
  const screen = await render(
    <TestApp api={api} role={role}>
      <NowhereRouter>
        <div style={{ display: 'flex', flexDirection: 'column', height: 500 }}>
          <ReconciliationScreen kind="disagree" open={came} onOpened={onOpened} />
        </div>
      </NowhereRouter>
    </TestApp>,
  )
  const asked = () =>
    api.calls.filter(({ path }) => path === 'recon.run').flatMap(({ input }) => partOf(input))
  const start = screen.getByRole('button', { name: 'Run now' }).first()
  const dialog = screen.getByRole('dialog', { name: 'Run reconciliation?' })
  return { screen, asked, start, dialog, onOpened }
}

test('says how many orders Juspay is asked about, and asks about each of them', async () => {
  const { screen, asked, start, dialog } = await open(12)
  await start.click()
  await expect.element(dialog).toMatchTextContent(/Juspay is asked about 12 orders/)
  expect(asked()).toEqual([])
  await dialog.getByRole('button', { name: 'Run now' }).click()
  await expect.element(screen.getByText('Checked 12. None changed.')).toBeVisible()
  expect(asked()).toEqual(Array.from({ length: 12 }, (_, i) => `o${i}`))
})

test('of a long list the first two hundred, with the page that was not on the screen', async () => {
  const { screen, asked, start, dialog } = await open(250)
  await start.click()
  await expect.element(dialog).toMatchTextContent(/asked about at most 200 orders/)
  await dialog.getByRole('button', { name: 'Run now' }).click()
  await expect.element(screen.getByText('Checked 200. None changed.')).toBeVisible()
  expect(asked().at(-1)).toBe('o199')
})

test('whoever came for it is asked, once', async () => {
  const { asked, dialog, onOpened } = await open(1, 'finance', 'run')
  await expect.element(dialog).toMatchTextContent(/asked about 1 order on which/)
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  expect(onOpened).toHaveBeenCalledOnce()
  expect(asked()).toEqual([])
})

test.each<[string, number, Role]>([
  ['There is nothing to check here.', 0, 'finance'],
  ['Your role (Viewer) cannot run reconciliation.', 3, 'viewer'],
])('is not offered: %s', async (reason, orders, role) => {
  const { start, dialog } = await open(orders, role)
  await expect.element(start).toHaveAttribute('aria-disabled', 'true')
  await expect.element(start).toHaveAccessibleDescription(reason)
  await expect.element(dialog).not.toBeInTheDocument()
})
