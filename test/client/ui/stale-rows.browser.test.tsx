import { expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import type { GridColumn } from '../../../client/ui/data-grid-types.ts'
import { DataGrid } from '../../../client/ui/data-grid.tsx'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'
import { NoValue } from '../../../client/ui/money.tsx'
import { StatusChip } from '../../../client/ui/status-chip.tsx'

/** WCAG 2.2, 1.4.3. */
const CONTRAST_MIN = 4.5

type Row = { id: 'pending' | 'failed' | 'review' | 'disputed' | 'authorised' }

const COLUMNS: readonly GridColumn<Row>[] = [
  { id: 'order', header: 'Order', width: 160, rowHeader: true, render: ({ id }) => id },
  {
    id: 'status',
    header: 'Status',
    width: 160,
    render: ({ id }) => <StatusChip status={id} label="Status" />,
  },
  { id: 'gateway', header: 'Gateway', width: 90, render: () => <NoValue /> },
]
const ROWS: readonly Row[] = [
  { id: 'pending' },
  { id: 'failed' },
  { id: 'review' },
  { id: 'disputed' },
  { id: 'authorised' },
]

test('rows of an older filter are dimmed, and no word in them is too pale to be read', async () => {
  const screen = await render(
    <KitProvider>
      <div style={{ height: 400, display: 'flex', flexDirection: 'column', background: '#fff' }}>
        <DataGrid
          label="Orders"
          columns={COLUMNS}
          rows={ROWS}
          rowId={({ id }) => id}
          rowLabel={({ id }) => `order ${id}`}
          state={{ kind: 'refreshing', stale: true }}
          empty={null}
        />
      </div>
    </KitProvider>,
  )
  await expect.element(screen.getByRole('gridcell').first()).toBeVisible()
  const row = document.querySelector('[data-stale]')
  if (!row) throw new Error('no row is stale')
  const dimmed = Number(getComputedStyle(row).opacity)
  expect(dimmed).toBeLessThan(1)
  const words = [...document.querySelectorAll('[data-stale] td :not(.visually-hidden)')].filter(
    ({ childNodes }) =>
      [...childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim()),
  )
  expect(words.length).toBeGreaterThan(ROWS.length)
  for (const word of words) {
    const contrast = contrastOf(word, dimmed)
    expect(contrast, `${word.textContent} of ${word.closest('tr')?.textContent}`).toBeGreaterThan(
      CONTRAST_MIN,
    )
  }
})

const WHITE: Colour = [255, 255, 255]
type Colour = [number, number, number]

/** Of a text whose row lets so much of the white page through. */
function contrastOf(element: Element, opacity: number): number {
  const dim = (colour: Colour): number =>
    luminance([0, 1, 2].map((i) => (colour[i] ?? 0) * opacity + 255 * (1 - opacity)) as Colour)
  const [light, dark] = [dim(backgroundOf(element)), dim(colourOf(getComputedStyle(element).color) ?? WHITE)]
  return (light + 0.05) / (dark + 0.05)
}

function backgroundOf(element: Element | null): Colour {
  if (element === null || element.matches('tr')) return WHITE
  return colourOf(getComputedStyle(element).backgroundColor) ?? backgroundOf(element.parentElement)
}

/** Null for one that is not seen. */
function colourOf(css: string): Colour | null {
  const [r = 0, g = 0, b = 0, a = 1] = [...css.matchAll(/[\d.]+/g)].map(Number)
  return a === 0 ? null : [r, g, b]
}

function luminance(colour: Colour): number {
  const [r = 0, g = 0, b = 0] = colour.map((part) => {
    const share = part / 255
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
