import { expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import { REFUND_COLUMNS, REFUND_ORDER, refundCard } from '../../../client/features/refunds/refund-columns.tsx'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'
import { refund } from './refund-row.ts'

const CHANGED = new Date('2026-11-25T12:30:00Z')

test('a list ordered by the last change shows when that was, in its table and on its cards', async () => {
  const row = refund({ changedAt: CHANGED })
  const column = REFUND_COLUMNS.find(({ id }) => id === REFUND_ORDER.column)
  const screen = await render(
    <KitProvider>
      <p aria-label="Cell">{column?.render(row)}</p>
      <div aria-label="Card" role="group">
        {refundCard(row)}
      </div>
    </KitProvider>,
  )
  for (const label of ['Cell', 'Card'])
    expect(screen.getByLabelText(label).element().querySelector('time')?.dateTime).toBe(CHANGED.toISOString())
})
