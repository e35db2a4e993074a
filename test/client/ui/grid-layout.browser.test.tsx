import { useState } from 'react'
import { describe, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { ColumnMenu } from '../../../client/ui/column-menu.tsx'
import type { GridColumn, GridLayout } from '../../../client/ui/data-grid-types.ts'
import { DataGrid, type DataGridProps } from '../../../client/ui/data-grid.tsx'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'
import { registeredActions } from '../../../client/ui/shortcut-registry.ts'

type Row = { id: string; amount: number; bank: string }

const COLUMNS: readonly GridColumn<Row>[] = [
  {
    id: 'order',
    header: 'Order',
    width: 160,
    rowHeader: true,
    pinned: true,
    render: (row) => (
      <a href={`#${row.id}`} tabIndex={-1}>
        {row.id}
      </a>
    ),
  },
  { id: 'amount', header: 'Amount', width: 120, sortable: true, render: (row) => row.amount },
  { id: 'bank', header: 'Bank', width: 140, render: (row) => row.bank },
]
const ROWS: readonly Row[] = Array.from({ length: 60 }, (_, i) => ({
  id: `ord_${i}`,
  amount: i,
  bank: i === 3 ? 'State Bank of Travancore and everything around it' : 'HDFC',
}))
const USUAL: GridLayout = { order: ['order', 'amount', 'bank'], widths: {} }

function Harness({
  layout: first = USUAL,
  onWidths,
  width = 900,
  ...rest
}: { layout?: GridLayout; width?: number } & Partial<DataGridProps<Row>>) {
  const [layout, setLayout] = useState(first)
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  return (
    <KitProvider>
      <ColumnMenu
        columns={COLUMNS.map(({ id, header, pinned }) => ({ id, label: header, pinned, required: pinned }))}
        shown={layout.order}
        onChange={(change) => setLayout((before) => ({ ...before, order: change(before.order) }))}
        density="default"
        onDensity={() => undefined}
        onReset={() => setLayout(USUAL)}
      />
      <div style={{ height: 400, width, display: 'flex', flexDirection: 'column' }}>
        <DataGrid
          label="Orders"
          columns={COLUMNS}
          layout={layout}
          onWidths={(widths) => {
            onWidths?.(widths)
            setLayout({ ...layout, widths })
          }}
          rows={ROWS}
          rowId={(row) => row.id}
          rowLabel={(row) => `order ${row.id}`}
          state={{ kind: 'ready' }}
          empty={<p>Nothing.</p>}
          selected={selected}
          onSelect={setSelected}
          {...rest}
        />
      </div>
      <output aria-label="Selected">{[...selected].join(' ')}</output>
    </KitProvider>
  )
}

const headers = () =>
  [...document.querySelectorAll('thead th')].map((head) => head.textContent).filter((text) => text !== '')
const widthOf = (column: string) =>
  Math.round(document.querySelector(`thead [data-column="${column}"]`)?.getBoundingClientRect().width ?? 0)
const focusedRow = () => document.activeElement?.closest('tr')?.dataset['row']

describe('columns', () => {
  test('only the chosen ones are drawn, in the chosen order, pinned ones first', async () => {
    await render(<Harness layout={{ order: ['bank', 'order'], widths: {} }} />)
    expect(headers()).toEqual(['Order', 'Bank'])
  })

  test('the palette puts them back as they were', async () => {
    await render(<Harness layout={{ order: ['bank', 'order'], widths: {} }} />)
    registeredActions()
      .find(({ id }) => id === 'columns.reset')
      ?.run()
    await expect.poll(headers).toEqual(['Order', 'Amount', 'Bank'])
  })

  test('the menu hides, shows, finds, moves with Alt and an arrow, and resets', async () => {
    const screen = await render(<Harness />)
    await screen.getByRole('button', { name: 'Columns' }).click()
    await expect.element(screen.getByLabelText('Find a column')).toHaveFocus()
    await screen.getByRole('checkbox', { name: 'Amount' }).click()
    await expect.poll(headers).toEqual(['Order', 'Bank'])
    await screen.getByRole('checkbox', { name: 'Amount' }).click()
    await expect.poll(headers).toEqual(['Order', 'Bank', 'Amount'])
    await userEvent.keyboard('{Alt>}{ArrowUp}{/Alt}')
    await expect.poll(headers).toEqual(['Order', 'Amount', 'Bank'])
    // A pinned column keeps its place.
    await userEvent.keyboard('{Alt>}{ArrowUp}{/Alt}')
    await expect.poll(headers).toEqual(['Order', 'Amount', 'Bank'])
    // One that is always shown says so; its box stays filled.
    await screen.getByRole('checkbox', { name: /^Order/ }).click({ force: true })
    expect(headers()).toContain('Order')
    await screen.getByLabelText('Find a column').fill('ban')
    await expect.element(screen.getByRole('checkbox', { name: 'Amount' })).not.toBeInTheDocument()
    await screen.getByRole('checkbox', { name: 'Bank' }).click()
    await expect.poll(headers).toEqual(['Order', 'Amount'])
    await screen.getByRole('button', { name: 'Reset' }).click()
    await expect.poll(headers).toEqual(['Order', 'Amount', 'Bank'])
  })

  test('Alt and an arrow on a header change its width by ten pixels; the others keep theirs', async () => {
    await render(<Harness />)
    await userEvent.keyboard('j{ArrowRight}{ArrowUp}')
    await expect.poll(focusedRow).toBe('-1')
    await userEvent.keyboard('{Alt>}{ArrowRight}{ArrowRight}{ArrowLeft}{/Alt}')
    await expect.poll(() => widthOf('amount')).toBe(130)
    expect(widthOf('bank')).toBe(140)
  })

  test('dragging the edge of a header sets its width once, a double click fits what the cells hold', async () => {
    const onWidths = vi.fn()
    await render(<Harness onWidths={onWidths} />)
    const edge = document.querySelector('thead [data-column="bank"] [title^="Drag"]')
    if (!edge) throw new Error('the header has no edge')
    const { x, y } = edge.getBoundingClientRect()
    const at = (clientX: number) => ({ clientX, clientY: y + 5, bubbles: true, button: 0 })
    edge.dispatchEvent(new MouseEvent('mousedown', at(x)))
    document.dispatchEvent(new MouseEvent('mousemove', at(x + 20)))
    document.dispatchEvent(new MouseEvent('mousemove', at(x + 60)))
    await expect.poll(() => widthOf('bank')).toBe(200)
    expect(onWidths).not.toHaveBeenCalled()
    document.dispatchEvent(new MouseEvent('mouseup', at(x + 60)))
    await expect.poll(() => onWidths.mock.calls.length).toBe(1)
    expect(onWidths).toHaveBeenLastCalledWith({ bank: 200 })
    edge.dispatchEvent(new MouseEvent('dblclick', at(x)))
    await expect.poll(() => widthOf('bank')).toBeGreaterThan(250)
    const cell = document.querySelector('[data-row="3"] [data-column="bank"]')
    await expect.poll(() => (cell?.scrollWidth ?? 0) - (cell?.clientWidth ?? 0)).toBe(0)
  })

  test('boxes and pinned columns stay in sight while the rest scrolls sideways', async () => {
    const screen = await render(<Harness width={320} />)
    const scroller = screen.getByRole('grid').element().parentElement
    const left = () => document.querySelector('[data-row="0"] th')?.getBoundingClientRect().left
    const before = left()
    scroller?.scrollTo({ left: 120 })
    await expect.poll(() => scroller?.hasAttribute('data-scrolled')).toBe(true)
    expect(left()).toBe(before)
  })
})

describe('rows', () => {
  test('the menu of a row opens by key, button and right click, runs its entry, and gives the focus back', async () => {
    const done = vi.fn()
    const rowMenu = (row: Row) => [{ id: 'check', label: 'Check', onPress: () => done(row.id) }]
    const screen = await render(<Harness rowMenu={rowMenu} />)
    await userEvent.keyboard('jj')
    await expect.poll(focusedRow).toBe('1')
    await userEvent.keyboard('.')
    await expect.element(screen.getByRole('menu', { name: 'Actions for order ord_1' })).toBeVisible()
    await expect.element(screen.getByRole('menuitem', { name: 'Check' })).toHaveFocus()
    await userEvent.keyboard('{Enter}')
    expect(done).toHaveBeenLastCalledWith('ord_1')
    await expect.poll(focusedRow).toBe('1')
    await screen.getByText('ord_4', { exact: true }).click({ button: 'right' })
    await expect.element(screen.getByRole('menu', { name: 'Actions for order ord_4' })).toBeVisible()
    await userEvent.keyboard('{Escape}')
    await expect.poll(focusedRow).toBe('4')
    await screen.getByRole('button', { name: 'Actions for order ord_2' }).click()
    await screen.getByRole('menuitem', { name: 'Check' }).click()
    expect(done).toHaveBeenLastCalledWith('ord_2')
  })

  test('Shift and a click choose everything from the row before; Ctrl+A takes the loaded rows, then asks for all', async () => {
    const onSelectAll = vi.fn()
    const screen = await render(<Harness onSelectAll={onSelectAll} />)
    await screen.getByRole('checkbox', { name: 'Select order ord_1', exact: true }).click()
    await screen
      .getByRole('checkbox', { name: 'Select order ord_4', exact: true })
      .click({ modifiers: ['Shift'] })
    await expect.element(screen.getByLabelText('Selected')).toHaveTextContent('ord_1 ord_2 ord_3 ord_4')
    await userEvent.keyboard('{Control>}a{/Control}')
    await expect.element(screen.getByLabelText('Selected')).toMatchTextContent(/ord_59$/)
    expect(onSelectAll).not.toHaveBeenCalled()
    await userEvent.keyboard('{Control>}a{/Control}')
    expect(onSelectAll).toHaveBeenCalledOnce()
  })

  test('Space peeks; in the column of boxes it selects', async () => {
    const onPeek = vi.fn()
    const screen = await render(<Harness onPeek={onPeek} />)
    await userEvent.keyboard('j ')
    expect(onPeek).toHaveBeenCalledOnce()
    await userEvent.keyboard('{ArrowLeft} ')
    expect(onPeek).toHaveBeenCalledOnce()
    await expect.element(screen.getByLabelText('Selected')).toHaveTextContent('ord_0')
  })

  test('on a phone rows are cards of two lines, and J still moves', async () => {
    await page.viewport(390, 800)
    try {
      const screen = await render(
        <Harness width={390} card={(row) => <a href={`#${row.id}`}>Card {row.id}</a>} />,
      )
      await expect.element(screen.getByText('Card ord_0')).toBeVisible()
      const height = () => document.querySelector('[data-row="0"]')?.getBoundingClientRect().height
      await expect.poll(height).toBe(64)
      await userEvent.keyboard('jj')
      await expect.poll(focusedRow).toBe('1')
    } finally {
      await page.viewport(1280, 720)
    }
  })
})
