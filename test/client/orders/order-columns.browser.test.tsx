import { expect, test, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import { ORDER_COLUMNS } from '../../../client/features/orders/order-columns.tsx'
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
