import { useLayoutEffect, useState } from 'react'
import { describe, expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import type { GridColumn, GridState } from '../../../client/ui/data-grid-types.ts'
import { DataGrid } from '../../../client/ui/data-grid.tsx'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'

type Row = { id: string; amount: number }

const columns: readonly GridColumn<Row>[] = [
  {
    id: 'order',
    header: 'Order',
    width: 160,
    rowHeader: true,
    render: (row) => (
      <a href={`#${row.id}`} tabIndex={-1}>
        {row.id}
      </a>
    ),
  },
  { id: 'amount', header: 'Amount', width: 120, align: 'end', sortable: true, render: (row) => row.amount },
]

const many = (count: number): Row[] =>
  Array.from({ length: count }, (_, i) => ({ id: `ord_${i}`, amount: i }))

type HarnessProps = { rows?: Row[]; state?: GridState } & Partial<Parameters<typeof DataGrid<Row>>[0]>

function Harness({ rows = many(200), state = { kind: 'ready' }, ...rest }: HarnessProps) {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  return (
    <KitProvider>
      <input aria-label="Elsewhere" />
      <div style={{ height: 400, display: 'flex', flexDirection: 'column' }}>
        <DataGrid
          label="Orders"
          columns={columns}
          rows={rows}
          rowId={(row) => row.id}
          rowLabel={(row) => `order ${row.id}`}
          state={state}
          empty={<p>No orders match.</p>}
          selected={selected}
          onSelect={setSelected}
          {...rest}
        />
      </div>
      <output aria-label="Selected">{[...selected].join(' ')}</output>
    </KitProvider>
  )
}

const focusedRow = () => document.activeElement?.closest('tr')?.dataset['row']
const focusedColumn = () => document.activeElement?.closest<HTMLElement>('[data-column]')?.dataset['column']

test('a list with one order says which column it goes by, and offers no other', async () => {
  const plain = columns.map((column) => ({ ...column, sortable: false }))
  const screen = await render(<Harness columns={plain} sort={{ column: 'amount', direction: 'desc' }} />)
  const head = screen.getByRole('columnheader', { name: 'Amount' })
  await expect.element(head).toHaveAttribute('aria-sort', 'descending')
  expect(head.element().querySelector('svg')).not.toBeNull()
  expect(head.element().querySelector('button')).toBeNull()
  await expect.element(screen.getByRole('columnheader', { name: 'Order' })).not.toHaveAttribute('aria-sort')
})

describe('movement', () => {
  test('J from anywhere enters the list, J and K move, and typing in a field does not', async () => {
    const screen = await render(<Harness />)
    await userEvent.keyboard('j')
    await expect.poll(focusedRow).toBe('0')
    await userEvent.keyboard('jj')
    await expect.poll(focusedRow).toBe('2')
    await userEvent.keyboard('k')
    await expect.poll(focusedRow).toBe('1')
    await screen.getByLabelText('Elsewhere').click()
    await userEvent.keyboard('jk')
    await expect.element(screen.getByLabelText('Elsewhere')).toHaveValue('jk')
  })

  test('Ctrl+End and Ctrl+Home go to the ends of the list from anywhere on the page, and stay with a text', async () => {
    const screen = await render(<Harness />)
    await userEvent.keyboard('{Control>}{End}{/Control}')
    await expect.poll(focusedRow).toBe('199')
    const field = screen.getByLabelText('Elsewhere')
    await field.click()
    await userEvent.keyboard('{Control>}{Home}{/Control}')
    await expect.element(field).toHaveFocus()
    await userEvent.click(document.body)
    await userEvent.keyboard('{Control>}{Home}{/Control}')
    await expect.poll(focusedRow).toBe('0')
  })

  test('arrows, Home and End move cells; Ctrl goes to the ends of the list, mounting the row it needs', async () => {
    await render(<Harness />)
    // One comes in at the cell that names the row.
    await userEvent.keyboard('j')
    await expect.poll(focusedColumn).toBe('order')
    await userEvent.keyboard('{ArrowLeft}')
    await expect.poll(focusedColumn).toBe('_select')
    await userEvent.keyboard('{End}')
    await expect.poll(focusedColumn).toBe('amount')
    await userEvent.keyboard('{Control>}{End}{/Control}')
    await expect.poll(focusedRow).toBe('199')
    await userEvent.keyboard('{Control>}{Home}{/Control}')
    await expect.poll(focusedRow).toBe('0')
    await userEvent.keyboard('{ArrowUp}')
    await expect.poll(focusedRow).toBe('-1')
  })

  test('the focused row stays mounted when it is scrolled out of sight', async () => {
    const screen = await render(<Harness rows={many(500)} />)
    await userEvent.keyboard('jj')
    await expect.poll(focusedRow).toBe('1')
    const scroller = screen.getByRole('grid').element().parentElement
    scroller?.scrollTo({ top: 12_000 })
    await expect.element(screen.getByText('ord_355', { exact: true })).toBeInTheDocument()
    expect(focusedRow()).toBe('1')
  })

  test('rows that scroll in take the nodes of those that scrolled out, and at rest stand in their order', async () => {
    const screen = await render(<Harness rows={many(500)} />)
    await userEvent.keyboard('jj')
    await expect.poll(focusedRow).toBe('1')
    const nodes = () => [...document.querySelectorAll<HTMLElement>('tbody [data-row]')]
    const before = new Set(nodes())
    const scroller = screen.getByRole('grid').element().parentElement
    scroller?.scrollTo({ top: 6_000 })
    await expect.element(screen.getByText('ord_180', { exact: true })).toBeInTheDocument()
    expect(nodes().filter((node) => before.has(node)).length).toBeGreaterThan(before.size / 2)
    const order = () => nodes().map((node) => Number(node.dataset['row']))
    const inOrder = () => order().every((row, i) => i === 0 || row > (order()[i - 1] ?? row))
    expect(inOrder()).toBe(false)
    await expect.poll(inOrder).toBe(true)
    // It is among those that have changed their place on the page.
    expect(order()[0]).toBe(1)
    expect(focusedRow()).toBe('1')
    expect(focusedColumn()).toBe('order')
  })

  test('rows that run faster than they can be drawn are blank for some frames, never another row, and filled at rest', async () => {
    const drawingTakesMs = 4
    const slow: GridColumn<Row> = {
      id: 'slow',
      header: 'Slow',
      width: 120,
      render: ({ id }) => {
        const until = performance.now() + drawingTakesMs
        while (performance.now() < until);
        return `slow ${id}`
      },
    }
    const screen = await render(<Harness rows={many(2_000)} columns={[...columns, slow]} />)
    const rows = () => [...document.querySelectorAll<HTMLElement>('tbody [data-row]')]
    const blank = (row: HTMLElement) => row.dataset['blank'] !== undefined
    const holdsItself = (row: HTMLElement) => row.textContent.includes(`slow ord_${row.dataset['row']}`)
    const scroller = screen.getByRole('grid').element().parentElement
    let blanks = 0
    for (let frame = 0; frame < 30; frame += 1) {
      await new Promise(requestAnimationFrame)
      blanks += rows().filter(blank).length
      expect(rows().every((row) => holdsItself(row) !== blank(row))).toBe(true)
      scroller?.scrollBy({ top: 340 })
    }
    expect(blanks).toBeGreaterThan(0)
    await expect.poll(() => rows().every(holdsItself)).toBe(true)
    expect(rows().some(blank)).toBe(false)
  })

  test('the focus of a row that leaves goes to no row that takes its place on the screen', async () => {
    const screen = await render(<Harness rows={many(200)} />)
    await userEvent.keyboard('jjj')
    await expect.poll(focusedRow).toBe('2')
    await screen.rerender(<Harness rows={many(200).filter((row) => row.id !== 'ord_2')} />)
    await expect.element(screen.getByText('ord_2', { exact: true })).not.toBeInTheDocument()
    expect(focusedRow()).toBeUndefined()
  })

  test('focus stays with its row while rows arrive above it, and the row is told once', async () => {
    const onFocusRow = vi.fn()
    const screen = await render(<Harness rows={many(20)} onFocusRow={onFocusRow} />)
    await userEvent.keyboard('jjj')
    await expect.poll(focusedRow).toBe('2')
    const arrived = Array.from({ length: 60 }, (_, i) => ({ id: `new_${i}`, amount: i }))
    await screen.rerender(<Harness rows={[...arrived, ...many(20)]} onFocusRow={onFocusRow} />)
    await expect.poll(focusedRow).toBe('62')
    expect(document.activeElement?.closest('tr')?.textContent).toMatch(/^ord_2/)
    expect(onFocusRow).toHaveBeenLastCalledWith({ id: 'ord_2', amount: 2 })
    await userEvent.keyboard('k')
    await expect.poll(() => document.activeElement?.closest('tr')?.textContent).toMatch(/^ord_1/)
  })

  test('a row that leaves keeps its place for the next key', async () => {
    const screen = await render(<Harness rows={many(20)} />)
    await userEvent.keyboard('jjj')
    await expect.poll(focusedRow).toBe('2')
    await screen.rerender(<Harness rows={many(20).filter((row) => row.id !== 'ord_2')} />)
    await userEvent.keyboard('k')
    await expect.poll(() => document.activeElement?.closest('tr')?.textContent).toMatch(/^ord_1/)
  })

  test('a key pressed between a drawing and its effects moves the focus all the same', async () => {
    /** Presses K in the commit of the drawing that has `pressed`, when the grid's own effects are still to run. */
    function Pressing({ pressed }: { pressed: boolean }) {
      useLayoutEffect(() => {
        if (pressed) document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', bubbles: true }))
      }, [pressed])
      return <Harness rows={pressed ? [...arrived, ...many(20)] : many(20)} />
    }
    const arrived = Array.from({ length: 60 }, (_, i) => ({ id: `new_${i}`, amount: i }))
    const screen = await render(<Pressing pressed={false} />)
    await userEvent.keyboard('jjj')
    await expect.poll(focusedRow).toBe('2')
    await screen.rerender(<Pressing pressed />)
    await expect.poll(() => document.activeElement?.closest('tr')?.textContent).toMatch(/^ord_1/)
  })

  test('J with nothing to move to leaves the focus where it is', async () => {
    const screen = await render(<Harness rows={[]} state={{ kind: 'loading' }} />)
    await expect.element(screen.getByRole('grid')).toBeInTheDocument()
    await userEvent.keyboard('j')
    expect(document.activeElement).toBe(document.body)
    await screen.rerender(<Harness />)
    await userEvent.keyboard('j')
    await expect.poll(focusedRow).toBe('0')
  })

  test('a grid that opens with a row to come back to focuses it; one that is gone is left alone', async () => {
    const screen = await render(<Harness initialRow="ord_150" scrollId="orders" />)
    await expect.poll(focusedRow).toBe('150')
    const scroller = screen.getByRole('grid').element().parentElement
    expect(scroller?.dataset['scrollRestorationId']).toBe('orders')
    await screen.unmount()
    await render(<Harness initialRow="ord_gone" />)
    expect(document.activeElement).toBe(document.body)
    await userEvent.keyboard('j')
    await expect.poll(focusedRow).toBe('0')
  })

  test('a row to come back to is focused when the rows come late, but not from a field that somebody went to', async () => {
    const late = { rows: [], state: { kind: 'loading' }, initialRow: 'ord_150' } as const
    const screen = await render(<Harness {...late} rows={[]} />)
    await screen.rerender(<Harness initialRow="ord_150" />)
    await expect.poll(focusedRow).toBe('150')
    await screen.unmount()
    const again = await render(<Harness {...late} rows={[]} />)
    await userEvent.click(again.getByLabelText('Elsewhere'))
    await again.rerender(<Harness initialRow="ord_150" />)
    const scroller = again.getByRole('grid').element().parentElement
    await expect.poll(() => scroller?.scrollTop).toBeGreaterThan(4_000)
    await expect.element(again.getByLabelText('Elsewhere')).toHaveFocus()
  })

  test('there is one tab stop', async () => {
    const screen = await render(<Harness />)
    const grid = screen.getByRole('grid').element()
    expect(grid.querySelectorAll('[tabindex="0"]').length).toBe(1)
    await userEvent.keyboard('jj')
    await expect.poll(() => grid.querySelectorAll('[tabindex="0"]').length).toBe(1)
  })
})

describe('acting on rows', () => {
  test('Enter opens the focused row, with Ctrl in a new tab; a click opens, a click on the link does not twice', async () => {
    const onOpen = vi.fn()
    const screen = await render(<Harness onOpen={onOpen} />)
    await userEvent.keyboard('jj')
    await expect.poll(focusedRow).toBe('1')
    await userEvent.keyboard('{Enter}')
    expect(onOpen).toHaveBeenLastCalledWith({ id: 'ord_1', amount: 1 }, { newTab: false })
    await userEvent.keyboard('{Control>}{Enter}{/Control}')
    expect(onOpen).toHaveBeenLastCalledWith({ id: 'ord_1', amount: 1 }, { newTab: true })
    await screen.getByRole('gridcell', { name: '3', exact: true }).click()
    expect(onOpen).toHaveBeenLastCalledWith({ id: 'ord_3', amount: 3 }, { newTab: false })
    onOpen.mockClear()
    await screen.getByRole('link', { name: 'ord_2', exact: true }).click()
    expect(onOpen).not.toHaveBeenCalled()
  })

  test('a control inside a cell keeps its Enter', async () => {
    const onOpen = vi.fn()
    const onPress = vi.fn()
    const withButton: GridColumn<Row> = {
      id: 'act',
      header: 'Act',
      width: 100,
      render: (row) => (
        <button type="button" onClick={() => onPress(row.id)}>
          Check {row.id}
        </button>
      ),
    }
    const screen = await render(<Harness onOpen={onOpen} columns={[...columns, withButton]} />)
    await screen.getByRole('button', { name: 'Check ord_1', exact: true }).click()
    await userEvent.keyboard('{Enter}')
    expect(onPress).toHaveBeenCalledTimes(2)
    expect(onOpen).not.toHaveBeenCalled()
  })

  test('X selects the focused row and Shift with an arrow extends; the header box selects the rest, then clears', async () => {
    const screen = await render(<Harness />)
    await userEvent.keyboard('jx')
    await expect.element(screen.getByLabelText('Selected')).toHaveTextContent('ord_0')
    await userEvent.keyboard('{Shift>}{ArrowDown}{/Shift}')
    await expect.element(screen.getByLabelText('Selected')).toHaveTextContent('ord_0 ord_1')
    await expect.element(screen.getByRole('row', { selected: true }).first()).toBeInTheDocument()
    const box = screen.getByRole('checkbox', { name: 'Select all loaded rows' })
    await expect.element(box).toBePartiallyChecked()
    await box.click()
    await expect.element(box).toBeChecked()
    await expect.element(screen.getByLabelText('Selected')).toMatchTextContent(/^ord_0 ord_1 .*ord_199$/)
    await box.click()
    await expect.element(screen.getByLabelText('Selected')).toBeEmptyDOMElement()
  })

  test('sorting cycles through descending, ascending and off', async () => {
    const onSort = vi.fn()
    const screen = await render(<Harness onSort={onSort} sort={{ column: 'amount', direction: 'desc' }} />)
    const header = screen.getByRole('columnheader', { name: 'Amount, sortable' })
    await expect.element(header).toHaveAttribute('aria-sort', 'descending')
    await screen.getByRole('button', { name: 'Amount, sortable' }).click()
    expect(onSort).toHaveBeenLastCalledWith({ column: 'amount', direction: 'asc' })
    await screen.rerender(<Harness onSort={onSort} sort={{ column: 'amount', direction: 'asc' }} />)
    await screen.getByRole('button', { name: 'Amount, sortable' }).click()
    expect(onSort).toHaveBeenLastCalledWith(null)
  })
})

describe('what it tells assistive technology and the server', () => {
  test('counts rows with the header, or admits not to know', async () => {
    const screen = await render(<Harness total={48_210} />)
    await expect
      .element(screen.getByRole('grid', { name: 'Orders' }))
      .toHaveAttribute('aria-rowcount', '48211')
    await expect.element(screen.getByRole('row').nth(1)).toHaveAttribute('aria-rowindex', '2')
    await expect.element(screen.getByRole('rowheader', { name: 'ord_0', exact: true })).toBeInTheDocument()
    await screen.rerender(<Harness />)
    await expect.element(screen.getByRole('grid')).toHaveAttribute('aria-rowcount', '-1')
  })

  test('asks for more once when the end is near', async () => {
    const onEndReached = vi.fn()
    await render(<Harness rows={many(100)} onEndReached={onEndReached} />)
    expect(onEndReached).not.toHaveBeenCalled()
    await userEvent.keyboard('j{Control>}{End}{/Control}')
    await expect.poll(() => onEndReached.mock.calls.length).toBe(1)
  })
})

describe('states', () => {
  test('asks for the rows before when their end is near, and what arrives moves nothing on the screen', async () => {
    const onStartReached = vi.fn()
    const page = (from: number, to: number) => many(to).slice(from)
    const screen = await render(<Harness rows={page(100, 300)} onStartReached={onStartReached} />)
    await expect.poll(() => onStartReached.mock.calls.length).toBe(1)
    const scroller = screen.getByRole('grid').element().parentElement
    scroller?.scrollTo({ top: 340 })
    const row = screen.getByText('ord_112', { exact: true })
    await expect.element(row).toBeVisible()
    const place = row.element().getBoundingClientRect().top
    await screen.rerender(<Harness rows={page(0, 300)} onStartReached={onStartReached} />)
    await expect.poll(() => scroller?.scrollTop).toBe(340 + 100 * 34)
    await expect.element(row).toBeVisible()
    expect(row.element().getBoundingClientRect().top).toBe(place)
    // Far from the beginning again: what is there is enough, until somebody comes near it.
    expect(onStartReached).toHaveBeenCalledOnce()
    scroller?.scrollTo({ top: 0 })
    await expect.poll(() => onStartReached.mock.calls.length).toBe(2)
  })

  test('empty replaces the table and its header', async () => {
    const screen = await render(<Harness rows={[]} />)
    await expect.element(screen.getByText('No orders match.')).toBeVisible()
    await expect.element(screen.getByRole('grid')).not.toBeInTheDocument()
  })

  test('loading keeps the header and is marked busy', async () => {
    const screen = await render(<Harness rows={[]} state={{ kind: 'loading' }} />)
    await expect.element(screen.getByRole('grid')).toHaveAttribute('aria-busy', 'true')
    await expect.element(screen.getByRole('columnheader', { name: 'Amount' })).toBeVisible()
  })

  test('an error offers to try again and gives the reference', async () => {
    const onRetry = vi.fn()
    const problem = { title: "We couldn't load orders.", message: 'It is logged.', requestId: 'req_7F3A' }
    const screen = await render(<Harness rows={[]} state={{ kind: 'error', problem, onRetry }} />)
    await expect.element(screen.getByRole('alert')).toMatchTextContent(/req_7F3A/)
    await screen.getByRole('button', { name: 'Try again' }).click()
    expect(onRetry).toHaveBeenCalledOnce()
  })

  test('forbidden says who can help', async () => {
    const screen = await render(
      <Harness rows={[]} state={{ kind: 'forbidden', title: "You can't see orders." }} />,
    )
    await expect.element(screen.getByRole('heading', { name: "You can't see orders." })).toBeVisible()
    await expect.element(screen.getByText('Ask an admin for a role that includes it.')).toBeVisible()
  })
})
