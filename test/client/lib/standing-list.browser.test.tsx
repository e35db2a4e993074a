/** Rows of a very long list that somebody comes back to. */
import { afterEach, expect, test, vi } from 'vitest'
import { renderHook } from 'vitest-browser-react'
import { RETURN_ROWS, useCatchUp } from '../../../client/lib/standing-list.ts'

const ROWS = Array.from({ length: RETURN_ROWS + 4_000 }, (_, n) => ({ id: String(n) }))
const LONG_MS = 1_000

afterEach(() => void vi.useRealTimers())

test('rows far from those in sight are brought up to date once somebody scrolls to them, and once only', async () => {
  const renewed: string[] = []
  let first = 0
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const { act } = await renderHook(() =>
    useCatchUp(ROWS, { kept: 'list', ready: true, firstInSight: () => first }, (ids) =>
      renewed.push(`${ids[0]}-${ids.at(-1)}: ${ids.length}`),
    ),
  )
  const scrollTo = (row: number) =>
    act(() => {
      first = row
      document.dispatchEvent(new Event('scroll'))
      vi.advanceTimersByTime(LONG_MS)
    })
  const upToDate = [`0-2999: ${RETURN_ROWS}`]
  expect(renewed).toEqual(upToDate)
  await scrollTo(2_000)
  expect(renewed).toEqual(upToDate)
  await scrollTo(5_000)
  expect(renewed).toEqual([...upToDate, '4000-6999: 3000'])
  // Of those around, only what is still as it was.
  await scrollTo(3_500)
  expect(renewed).toEqual([...upToDate, '4000-6999: 3000', '3000-3999: 1000'])
  await scrollTo(5_000)
  expect(renewed).toHaveLength(3)
})

test('rows of the filter before, which are shown until those of the next are there, are not brought up to date', async () => {
  const renew = vi.fn()
  let first = 0
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const { act, rerender } = await renderHook(
    ({ ready }: { ready: boolean } = { ready: true }) =>
      useCatchUp(ROWS, { kept: 'list', ready, firstInSight: () => first }, renew),
    { initialProps: { ready: true } },
  )
  expect(renew).toHaveBeenCalledOnce()
  await rerender({ ready: false })
  await act(() => {
    first = 5_000
    document.dispatchEvent(new Event('scroll'))
    vi.advanceTimersByTime(LONG_MS)
  })
  expect(renew).toHaveBeenCalledOnce()
})
