/** Replay from the keyboard: what would change is shown first, and only then applied. */
import { expect, test } from 'vitest'
import { DEMO_WEBHOOK } from '../../server/demo.ts'
import { eventually, shown, useStack } from '../support/e2e.ts'

const stack = useStack()

test('failed events are replayed as a job without the mouse, and ignored with a reason', async () => {
  for (const body of ['{"id":', '{"id": ']) {
    const { username, password } = DEMO_WEBHOOK
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
    const headers = { authorization, 'content-type': 'application/json' }
    await fetch(`${stack().app.url}/webhooks/juspay/demo`, { method: 'POST', headers, body })
  }
  const { trpc } = await stack().app.as('ops')
  await eventually('both are listed as failed', async () => {
    expect((await trpc.failedEvents.list.query({})).rows).toHaveLength(2)
  })
  const { page } = await stack().visit('ops')
  await page.goto('/events/failed')
  await shown(page.getByRole('row').filter({ hasText: 'Stopped' }).nth(2)).toBeVisible()
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await page.keyboard.press('Shift+ArrowDown')
  await shown(page.getByText('2 events selected')).toBeVisible()
  await page.keyboard.press('Shift+R')
  const dialog = page.getByRole('dialog')
  await shown(dialog.getByRole('heading', { name: 'Replay 2 events?' })).toBeVisible()
  await page.keyboard.press('Control+Enter')

  await shown(page.getByRole('progressbar', { name: 'Dry run' })).toHaveAttribute('aria-valuetext', '2 of 2')
  await shown(page.getByText('The dry run is done. Nothing was changed.')).toBeVisible()
  await page.keyboard.press('Shift+R')
  await shown(dialog).toBeVisible()
  await page.keyboard.press('Control+Enter')
  await shown(page.getByText('2 events could not be applied.')).toBeVisible()
  await shown(page.getByRole('progressbar', { name: 'Replay' })).toHaveAttribute('aria-valuetext', '2 of 2')

  await page.goto('/events/failed')
  // Nothing of it could change what became of them.
  for (const name of ['Replay all', 'Replay all: Bad body']) {
    const all = page.getByRole('button', { name, exact: true })
    await shown(all).toBeDisabled()
    await shown(all).toHaveAccessibleDescription(/^No replay makes these bytes readable\./)
  }
  await page.getByRole('button', { name: 'Ignore: Bad body' }).click()
  await dialog.getByLabel('Why they can be ignored').fill('Sent by a test')
  await page.keyboard.press('Control+Enter')
  await shown(page.getByText('No failed events.')).toBeVisible()
  await page.getByRole('link', { name: /^Ignored/ }).click()
  await shown(page.getByRole('row').filter({ hasText: 'Sent by a test' })).toHaveCount(2)
})
