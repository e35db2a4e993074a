import { useState } from 'react'
import { expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { BarStrip, type BarRange } from '../../../client/ui/bar-strip.tsx'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'

const START = Date.parse('2026-11-20T06:30:00.000Z')
const SLOT_MS = 10_000
const at = (slot: number) => new Date(START + slot * SLOT_MS)

const slots = Array.from({ length: 9 }, (_, i) => ({
  at: at(i),
  counts: { applied: i, failed: i === 4 ? 2 : 0 },
}))
const series = [
  { id: 'applied', label: 'Applied', tone: 'charged' as const },
  { id: 'failed', label: 'Failed', tone: 'failed' as const },
]

function Harness({ onSelect }: { onSelect?: (range: BarRange | null) => void }) {
  const [selected, setSelected] = useState<BarRange | null>(null)
  return (
    <KitProvider>
      <div style={{ width: 900 }}>
        <BarStrip
          label="Events"
          series={series}
          slots={slots}
          slotMs={SLOT_MS}
          selected={selected}
          {...(onSelect && {
            onSelect: (range: BarRange | null) => {
              setSelected(range)
              onSelect(range)
            },
          })}
        />
      </div>
    </KitProvider>
  )
}

test('the keyboard selects a time: arrows move, Shift extends, Enter tells, Escape takes back', async () => {
  const onSelect = vi.fn<(range: BarRange | null) => void>()
  const screen = await render(<Harness onSelect={onSelect} />)
  const strip = screen.getByRole('slider', { name: 'Events' })
  await userEvent.tab()
  await expect.element(strip).toHaveFocus()
  await userEvent.keyboard('{Home}{ArrowRight}{ArrowRight}{ArrowRight}')
  await expect.element(strip).toHaveAttribute('aria-valuenow', '3')
  await expect.element(strip).toHaveAttribute('aria-valuetext', '12:00:30 to 12:00:40: 3 applied')
  await userEvent.keyboard('{Shift>}{ArrowRight}{ArrowRight}{/Shift}')
  await expect.element(strip).toHaveAttribute('aria-valuetext', '12:00:30 to 12:01:00: 12 applied, 2 failed')
  expect(onSelect).not.toHaveBeenCalled()
  await userEvent.keyboard('{Enter}')
  expect(onSelect).toHaveBeenLastCalledWith({ from: at(3), to: at(6) })
  await userEvent.keyboard('{Escape}')
  expect(onSelect).toHaveBeenLastCalledWith(null)
})

test('the keyboard stops at the ends', async () => {
  const screen = await render(<Harness onSelect={() => {}} />)
  const strip = screen.getByRole('slider', { name: 'Events' })
  await userEvent.tab()
  await userEvent.keyboard('{ArrowRight}')
  await expect.element(strip).toHaveAttribute('aria-valuenow', '8')
  await userEvent.keyboard('{PageDown}{PageDown}{PageDown}')
  await expect.element(strip).toHaveAttribute('aria-valuenow', '0')
})

test('the mouse drags a time, in either direction', async () => {
  const onSelect = vi.fn<(range: BarRange | null) => void>()
  const screen = await render(<Harness onSelect={onSelect} />)
  const strip = screen.getByRole('slider', { name: 'Events' }).element()
  const { left, top, width } = strip.getBoundingClientRect()
  const point = (type: string, slot: number) =>
    strip.dispatchEvent(
      new PointerEvent(type, {
        bubbles: true,
        pointerId: 1,
        button: 0,
        clientX: left + ((slot + 0.5) * width) / slots.length,
        clientY: top + 5,
      }),
    )
  strip.setPointerCapture = () => {}
  point('pointerdown', 6)
  await expect.element(screen.getByRole('slider')).toHaveAttribute('aria-valuenow', '6')
  point('pointermove', 2)
  await expect.element(screen.getByRole('slider')).toHaveAttribute('aria-valuenow', '2')
  point('pointerup', 2)
  expect(onSelect).toHaveBeenLastCalledWith({ from: at(2), to: at(7) })
})

test('the figures are also a table, without the slots that have none', async () => {
  const screen = await render(<Harness />)
  await expect.element(screen.getByRole('slider')).not.toBeInTheDocument()
  const table = screen.getByRole('table', { name: 'Events' })
  expect(table.getByRole('row').elements()).toHaveLength(9)
  await expect.element(table.getByRole('row', { name: '12:00:40 4 2' })).toBeInTheDocument()
})

test('a strip says how many there were at most, and an empty one that there were none', async () => {
  const strip = (shown: typeof slots) => (
    <KitProvider>
      <BarStrip label="Events" series={series} slots={shown} slotMs={SLOT_MS} />
    </KitProvider>
  )
  const screen = await render(strip(slots))
  await expect.element(screen.getByText(/to now, at most 8 in 10 s$/)).toBeVisible()
  await screen.rerender(strip(slots.map((slot) => ({ ...slot, counts: { applied: 0, failed: 0 } }))))
  await expect.element(screen.getByText(/to now, none$/)).toBeVisible()
})
