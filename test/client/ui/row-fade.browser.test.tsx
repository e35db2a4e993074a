/** How rows that have just come or changed fade. */
import { beforeEach, expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import type { GridColumn } from '../../../client/ui/data-grid-types.ts'
import { DataGrid } from '../../../client/ui/data-grid.tsx'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'

type Row = { id: string }

const COLUMNS: readonly GridColumn<Row>[] = [
  { id: 'order', header: 'Order', width: 160, rowHeader: true, render: ({ id }) => id },
]
const ROWS: readonly Row[] = [{ id: 'ord_0' }, { id: 'ord_1' }]

function List({ changed }: { changed: readonly [string, object][] }) {
  return (
    <KitProvider>
      <div style={{ height: 400, display: 'flex', flexDirection: 'column' }}>
        <DataGrid
          label="Orders"
          columns={COLUMNS}
          rows={ROWS}
          rowId={({ id }) => id}
          rowLabel={({ id }) => `order ${id}`}
          state={{ kind: 'ready' }}
          empty={null}
          changed={new Map(changed)}
        />
      </div>
    </KitProvider>
  )
}

/** The fade of a row that runs at this moment: another one is another object. */
const fadeOf = (row: number) =>
  document
    .querySelector(`tbody [data-row="${row}"]`)
    ?.getAnimations({ subtree: true })
    .find((animation) => animation instanceof CSSAnimation)

// No machine is so slow that it is over before the test looks.
beforeEach(() => {
  const root = document.documentElement.style
  root.setProperty('--t-new', '600s linear')
  return () => root.removeProperty('--t-new')
})

test('a row that is marked fades on whatever is marked meanwhile, and anew when it is marked again', async () => {
  const [first, second] = [{}, {}]
  const screen = await render(<List changed={[['ord_0', first]]} />)
  await expect.poll(() => fadeOf(0)).toBeDefined()
  const fade = fadeOf(0)
  const both: [string, object][] = [
    ['ord_0', first],
    ['ord_1', second],
  ]
  await screen.rerender(<List changed={both} />)
  await expect.poll(() => fadeOf(1)).toBeDefined()
  expect(fadeOf(0)).toBe(fade)
  await screen.rerender(<List changed={[['ord_0', {}]]} />)
  await expect.poll(() => fadeOf(1)).toBeUndefined()
  expect(fadeOf(0)).toBeDefined()
  expect(fadeOf(0)).not.toBe(fade)
})
