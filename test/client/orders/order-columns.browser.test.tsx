import { expect, test, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import { ORDER_COLUMNS, orderCard } from '../../../client/features/orders/order-columns.tsx'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'
import { USUAL_COLUMNS } from '../../../server/domain/order-columns.ts'
import { orderRow } from './order-row.ts'

const EXTRAS = {
  id: orderRow(1).id,
  gatewayRef: null,
  rrn: null,
  bank: null,
  network: null,
  udf: {},
  source: null,
  discrepancy: null,
  tags: [],
  lock: null,
}

test('the gateway ID and the bank reference of a row have a copy button, which is no tab stop of its own', async () => {
  const copied = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue()
  const row = orderRow(1)
  const ids = { gatewayRef: 'pay_8F2K', rrn: '412345678901' }
  const extras = { ...EXTRAS, id: row.id, ...ids }
  const screen = await render(
    <KitProvider>
      {ORDER_COLUMNS.filter(({ id }) => id === 'gateway_ref' || id === 'utr').map(({ id, render: cell }) => (
        <p key={id}>{cell({ ...row, extras })}</p>
      ))}
    </KitProvider>,
  )
  for (const [what, text] of [
    ['gateway ID', ids.gatewayRef],
    ['bank reference', ids.rrn],
  ]) {
    const button = screen.getByRole('button', { name: `Copy ${what} ${text}` })
    await expect.element(button).toHaveAttribute('tabindex', '-1')
    await button.click()
    await expect.poll(() => copied).toHaveBeenLastCalledWith(text)
  }
  copied.mockRestore()
})

test('the tags of a row stand in a column that is off until it is chosen', async () => {
  const column = ORDER_COLUMNS.find(({ id }) => id === 'tags')
  const rows = [['late', 'vip'], []].map((tags) => ({ ...orderRow(1), extras: { ...EXTRAS, tags } }))
  const screen = await render(
    <KitProvider>
      {rows.map((row, i) => (
        <p key={i}>{column?.render(row)}</p>
      ))}
    </KitProvider>,
  )
  await expect.element(screen.getByText('late, vip')).toBeVisible()
  await expect.element(screen.getByText('None')).toBeInTheDocument()
  expect(USUAL_COLUMNS).not.toContain('tags')
})

test('a row of which a batch holds something carries a lock that says who holds it', async () => {
  const column = ORDER_COLUMNS.find(({ id }) => id === 'order')
  const lock = {
    batchId: '00000000-0000-4000-8000-0000000000d1',
    batchNo: 12,
    status: 'paused' as const,
    by: 'Asha Menon',
    amountMinor: 50_000n,
    currency: 'INR',
  }
  const screen = await render(
    <KitProvider>
      <p>{column?.render({ ...orderRow(1), extras: { ...EXTRAS, lock } })}</p>
      <p>{column?.render({ ...orderRow(2), extras: EXTRAS })}</p>
      <p>{column?.render(orderRow(3))}</p>
    </KitProvider>,
  )
  const name = 'Order ord_1, 100 rupees, charged, held by batch 0012 of Asha Menon'
  await expect.element(screen.getByRole('link', { name, exact: true })).toBeVisible()
  const signs = [...screen.container.querySelectorAll<HTMLElement>('[data-tip]')]
  expect(signs.map((sign) => sign.dataset['tip'])).toEqual([
    'Batch 0012 of Asha Menon holds ₹500.00 of this order. It is paused.',
  ])
  for (const n of [2, 3])
    await expect
      .element(screen.getByRole('link', { name: `Order ord_${n}, 100 rupees, charged`, exact: true }))
      .toBeVisible()
})

test('an amount that nobody has told is no amount of nought, in its cell, on a phone and to a screen reader', async () => {
  const unknown = orderRow(1, { amountMinor: 0n })
  const cells = ORDER_COLUMNS.filter(({ id }) => id === 'order' || id === 'amount')
  const screen = await render(
    <KitProvider>
      {cells.map(({ id, render: cell }) => (
        <p key={id}>{cell(unknown)}</p>
      ))}
      <div>{orderCard(unknown)}</div>
    </KitProvider>,
  )
  const name = 'Order ord_1, amount not known, charged'
  await expect.element(screen.getByRole('link', { name, exact: true }).first()).toBeVisible()
  expect(screen.getByText('None').elements()).toHaveLength(2)
  expect(screen.container.textContent).not.toMatch(/0\.00|0 rupees/)
})
