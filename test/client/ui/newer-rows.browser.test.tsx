import { useRef, useState } from 'react'
import { expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import type { GridColumn } from '../../../client/ui/data-grid-types.ts'
import { DataGrid } from '../../../client/ui/data-grid.tsx'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'
import { NewerRows } from '../../../client/ui/newer-rows.tsx'

type Row = { id: string }

const COLUMNS: readonly GridColumn<Row>[] = [
  { id: 'time', header: 'Time', width: 120, render: () => '14:35:33' },
  { id: 'order', header: 'Order', width: 160, rowHeader: true, render: ({ id }) => id },
]
const OLD: readonly Row[] = Array.from({ length: 50 }, (_, i) => ({ id: `ord_${i}` }))
const ALL: readonly Row[] = [{ id: 'ord_new' }, ...OLD]

/** A list with a row waiting above, which the page shows when it is asked to. */
function List() {
  const [rows, setRows] = useState(OLD)
  const around = useRef<HTMLDivElement>(null)
  const count = ALL.length - rows.length
  return (
    <KitProvider>
      <NewerRows
        count={count}
        what="orders"
        around={around}
        onShow={async () => {
          await Promise.resolve()
          setRows(ALL)
        }}
      />
      <div ref={around} style={{ height: 400, display: 'flex', flexDirection: 'column' }}>
        <DataGrid
          label="Orders"
          columns={COLUMNS}
          rows={rows}
          rowId={({ id }) => id}
          rowLabel={({ id }) => `order ${id}`}
          state={{ kind: 'ready' }}
          empty={null}
          newerWait={count > 0}
        />
      </div>
    </KitProvider>
  )
}

const focusedText = () => document.activeElement?.closest('tr')?.textContent
const focusedRow = () => document.activeElement?.closest('tr')?.dataset['row']
const focusedColumn = () => document.activeElement?.closest<HTMLElement>('[data-column]')?.dataset['column']

test('one Home shows the rows that wait above and goes to the first of them', async () => {
  const screen = await render(<List />)
  await userEvent.keyboard('jjj')
  await expect.poll(focusedRow).toBe('2')
  await userEvent.keyboard('{Home}')
  await expect.poll(focusedText).toMatch(/ord_new/)
  expect(focusedRow()).toBe('0')
  await expect.element(screen.getByRole('button', { name: /new\. Press/ })).not.toBeInTheDocument()
  // With nothing above it is the key of the row again.
  await userEvent.keyboard('{ArrowDown}{Home}')
  await expect.poll(focusedColumn).toBe('time')
  expect(focusedRow()).toBe('1')
})

test('whoever is not in the list stays where they are', async () => {
  const screen = await render(<List />)
  await userEvent.keyboard('{Home}')
  await expect.element(screen.getByText('ord_new', { exact: true })).toBeInTheDocument()
  expect(focusedRow()).toBeUndefined()
})
