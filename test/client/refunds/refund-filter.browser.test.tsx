/** The refunds list as a file: which kinds there are, of which rows, and who may take one. */
import { expect, test, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import { RefundFilter } from '../../../client/features/refunds/refund-filter.tsx'
import { DEFAULT_REFUND_SEARCH } from '../../../client/features/refunds/refund-views.ts'
import type { Role } from '../../../server/domain/permission.ts'
import { fakeApi, TestApp } from '../approvals/fake-api.tsx'

const SEARCH = { ...DEFAULT_REFUND_SEARCH, gateway: 'RAZORPAY' }

async function open(role: Role) {
  const screen = await render(
    <TestApp role={role} api={fakeApi({})}>
      <RefundFilter search={SEARCH} gateways={['RAZORPAY']} onSearch={() => undefined} />
    </TestApp>,
  )
  await screen.getByRole('button', { name: 'Export' }).click()
  return screen
}

test.each([
  ['CSV', '/downloads/refunds.csv?gateway=RAZORPAY'],
  ['XLSX (Excel, keeps long references)', '/downloads/refunds.xlsx?gateway=RAZORPAY'],
])('%s', async (name, path) => {
  const taken: string[] = []
  const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function saved(
    this: HTMLAnchorElement,
  ) {
    taken.push(this.getAttribute('href') ?? '')
  })
  const screen = await open('finance')
  await screen.getByRole('menuitem', { name, exact: true }).click()
  await expect.poll(() => taken).toEqual([path])
  click.mockRestore()
})

test('whoever may not take files is told so', async () => {
  const screen = await open('support')
  for (const item of screen.getByRole('menuitem').elements()) expect(item).toBeDisabled()
  expect(screen.getByRole('menuitem').elements()).toHaveLength(2)
})
