/** Many orders are checked a part at a time; the top bar says how far, and it can be stopped. */
import { expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import { PART_ORDERS, runChecks } from '../../../client/lib/check-run.ts'
import type { CheckedOrder } from '../../../client/lib/check-report.ts'
import { depart } from '../../../client/lib/departure.ts'
import { RunningWork } from '../../../client/lib/running-work.tsx'
import { fakeApi, TestApp } from '../approvals/fake-api.tsx'

const IDS = Array.from({ length: 25 }, (_, i) => `id_${i}`)

/** A server that answers when the test says so. */
function server() {
  const parts: { ids: string[]; answer: () => void; fail: () => void }[] = []
  const check = (ids: string[]) =>
    new Promise<readonly CheckedOrder[]>((resolve, reject) =>
      parts.push({
        ids,
        answer: () => resolve(ids.map((orderRef) => ({ orderRef, outcome: 'no_change', status: null }))),
        fail: () => reject(new Error('lost')),
      }),
    )
  const part = async (n: number) => {
    await expect.poll(() => parts.length).toBeGreaterThan(n)
    return parts[n] ?? expect.unreachable()
  }
  return { parts, check, part }
}

const API = fakeApi({ 'session.running': () => ({ batches: [], replays: [], exports: [] }) })

/** Under it a page, with something that can have the focus. */
const pageOf = (elsewhere: boolean) => (
  <TestApp api={API} role="finance">
    <RunningWork path="/" />
    <main tabIndex={-1}>{elsewhere ? <button>Elsewhere</button> : null}</main>
  </TestApp>
)
const openPage = (elsewhere: boolean) => render(pageOf(elsewhere))
const open = () => openPage(false)

/** A run that is being stopped, by whoever had the focus elsewhere before. */
async function stopFromElsewhere() {
  const screen = await openPage(true)
  const { check, part } = server()
  screen.getByRole('button', { name: 'Elsewhere' }).element().focus()
  const end = runChecks(IDS, check)
  const first = await part(0)
  await screen.getByRole('button', { name: 'Stop checking' }).click()
  return { screen, end, first }
}

test('how far it is is shown, every order is asked about once, and it goes when all is done', async () => {
  const screen = await open()
  const { parts, check, part } = server()
  const end = runChecks(IDS, check)
  const bar = screen.getByRole('progressbar', { name: 'Checking orders with Juspay' })
  await expect.element(bar).toHaveAttribute('aria-valuetext', '0 of 25')
  ;(await part(0)).answer()
  await expect.element(screen.getByText('Checked 10 of 25', { exact: true }).first()).toBeVisible()
  await expect.element(bar).toHaveAttribute('aria-valuenow', '10')
  expect(await runChecks(['another'], check)).toBeNull()
  ;(await part(1)).answer()
  ;(await part(2)).answer()
  expect((await end)?.results).toHaveLength(25)
  expect(parts.flatMap(({ ids }) => ids)).toEqual(IDS)
  await expect.element(bar).not.toBeInTheDocument()
})

test('stopped, it keeps what was done and asks about nothing more', async () => {
  const screen = await open()
  const { parts, check, part } = server()
  const end = runChecks(IDS, check)
  const first = await part(0)
  await screen.getByRole('button', { name: 'Stop checking' }).click()
  await expect.element(screen.getByText('Stopping')).toBeVisible()
  first.answer()
  expect(await end).toMatchObject({ asked: 25, problem: null })
  expect((await end)?.results).toHaveLength(PART_ORDERS)
  expect(parts).toHaveLength(1)
})

test('when it ends with the focus on Stop, the focus goes back to where it came from', async () => {
  const { screen, end, first } = await stopFromElsewhere()
  first.answer()
  await end
  await expect.element(screen.getByRole('button', { name: 'Elsewhere' })).toHaveFocus()
})

test('where that is gone, it goes to the main part of the page', async () => {
  const { screen, end, first } = await stopFromElsewhere()
  await screen.rerender(pageOf(false))
  first.answer()
  await end
  await expect.element(screen.getByRole('main')).toHaveFocus()
})

test('a focus that is elsewhere is left there', async () => {
  const screen = await openPage(true)
  const { check, part } = server()
  const end = runChecks(['id_0'], check)
  const first = await part(0)
  await expect.element(screen.getByRole('button', { name: 'Stop checking' })).toBeVisible()
  screen.getByRole('button', { name: 'Elsewhere' }).element().focus()
  first.answer()
  await end
  await expect.element(screen.getByRole('progressbar')).not.toBeInTheDocument()
  await expect.element(screen.getByRole('button', { name: 'Elsewhere' })).toHaveFocus()
})

test('a part that fails ends it with what was done before', async () => {
  const { check, part } = server()
  const end = runChecks(IDS, check)
  ;(await part(0)).answer()
  ;(await part(1)).fail()
  const found = await end
  expect(found?.results).toHaveLength(PART_ORDERS)
  expect(found?.problem?.title).toBe("We don't know yet if this was done.")
})

test("a run of somebody who left asks about nothing more, tells nothing and is in nobody else's way", async () => {
  const screen = await open()
  const { parts, check, part } = server()
  const end = runChecks(IDS, check)
  const first = await part(0)
  depart()
  await expect.element(screen.getByRole('progressbar')).not.toBeInTheDocument()
  const next = runChecks(['id_25'], check)
  const second = await part(1)
  first.answer()
  expect(await end).toBeNull()
  await expect.element(screen.getByRole('progressbar')).toHaveAttribute('aria-valuetext', '0 of 1')
  second.answer()
  expect((await next)?.results).toHaveLength(1)
  expect(parts).toHaveLength(2)
})

test('one that is refused because the session ended tells nothing', async () => {
  const { check, part } = server()
  const end = runChecks(IDS, check)
  const first = await part(0)
  depart()
  first.fail()
  expect(await end).toBeNull()
})

test('it stops where nothing shows it', async () => {
  const screen = await open()
  const { check, part } = server()
  const end = runChecks(IDS, check)
  const first = await part(0)
  await screen.unmount()
  first.answer()
  expect((await end)?.results).toHaveLength(PART_ORDERS)
})
