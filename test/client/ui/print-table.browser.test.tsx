/** A list on paper: what the browser finds when it prints. */
import { expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import { usePrintedBy } from '../../../client/lib/printed-by.ts'
import type { GridColumn } from '../../../client/ui/data-grid-types.ts'
import { DataGrid } from '../../../client/ui/data-grid.tsx'
import { printedCount } from '../../../client/ui/print-table.tsx'
import { fakeApi, TestApp } from '../approvals/fake-api.tsx'
import { beginPrint, linesOnPaper, sheet } from '../on-paper.ts'

type Row = { id: string; amount: number }

const COLUMNS: readonly GridColumn<Row>[] = [
  { id: 'order', header: 'Order', width: 160, rowHeader: true, render: ({ id }) => id },
  { id: 'amount', header: 'Amount', width: 120, align: 'end', render: ({ amount }) => amount },
  { id: 'bank', header: 'Bank', width: 120, render: () => 'HDFC' },
]
const ROWS = Array.from({ length: 620 }, (_, i): Row => ({ id: `ord_${i}`, amount: i }))
const AT = new Date('2026-11-22T09:05:33Z')

function List() {
  const by = usePrintedBy()
  return (
    <div style={{ height: 300, display: 'flex', flexDirection: 'column' }}>
      <DataGrid
        label="Transactions"
        columns={COLUMNS}
        layout={{ order: ['order', 'amount'], widths: {} }}
        rows={ROWS}
        rowId={({ id }) => id}
        rowLabel={({ id }) => id}
        state={{ kind: 'ready' }}
        empty={null}
        printed={{
          filter: ['status:failed', '', 'Last 24 hours'],
          more: true,
          total: 'about 48,210',
          asOf: AT,
          by,
        }}
      />
    </div>
  )
}

test('prints its filter and at most 500 rows, with the columns on screen, and is gone afterwards', async () => {
  await render(
    <TestApp api={fakeApi({})} role="finance">
      <List />
    </TestApp>,
  )
  expect(sheet()).toBeNull()
  // The table is there when the browser has had nothing else to do.
  await beginPrint()
  // Nothing is awaited: the browser does not wait either.
  expect(linesOnPaper()).toEqual([
    'Transactions',
    'Filter: status:failed, Last 24 hours',
    'The first 500 rows of about 48,210.',
    'As of 22 Nov 2026, 14:35:33 IST. Printed by Rohan Das for Demo, sandbox.',
  ])
  const rows = [...(sheet()?.querySelectorAll('tr') ?? [])].map((row) =>
    [...row.children].map(({ textContent }) => textContent),
  )
  expect(rows).toHaveLength(501)
  expect(rows[0]).toEqual(['Order', 'Amount'])
  expect(rows.at(-1)).toEqual(['ord_499', '499'])
  // On the screen there is nothing of it.
  expect(getComputedStyle(sheet() ?? document.body).display).toBe('none')
  window.dispatchEvent(new Event('afterprint'))
  await expect.poll(sheet).toBeNull()
})

test.each([
  [1, { more: false, total: '1' }, '1 row'],
  [312, { more: false }, '312 rows'],
  [100, { more: true }, 'The first 100 rows; more match.'],
  [900, { more: false }, 'The first 500 rows of 900.'],
  [300, { more: true, middle: true, total: 'about 48,210' }, '300 rows from the middle of about 48,210.'],
  [900, { more: false, middle: true }, '500 rows from the middle of the list.'],
])('%i rows with %j are told as %s', (count, list, words) => {
  expect(printedCount(count, list)).toBe(words)
})
