/** A bulk refund as finance and an approver do it: a file, a row put right, the total typed, a second person, the money. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { eventually, shown, useStack } from '../support/e2e.ts'

const stack = useStack()

test('upload, check, fix, send for approval, approve, run, download', async () => {
  const { app } = stack()
  const finance = await app.as('finance')
  // Nobody waits ten minutes for a test; the hold itself is tested on the server.
  const { refundPolicies } = app.paydesk.deps.store
  const policy = await refundPolicies.current(app.accountId)
  await refundPolicies.write({
    accountId: app.accountId,
    basedOn: policy.version,
    rules: { ...policy.rules, bulkHoldMinutes: 0 },
    createdBy: finance.userId,
    now: new Date(),
  })
  const refs = [await stack().order('1000'), await stack().order('2000'), await stack().order('500')]
  const [one = '', two = '', three = ''] = refs
  const file = [
    'Order ID;Amount;Agent',
    `${one};;Dev`,
    `${two};2,500.00;"=HYPERLINK(""http://evil"")"`,
    `${three};100.00;Asha`,
    'ORD-NOBODY;10.00;Asha',
  ].join('\r\n')

  const { page } = await stack().visit('finance')
  await page.goto('/refunds/bulk')
  await shown(page.getByText('No bulk refunds yet.')).toBeVisible()
  await page.getByRole('button', { name: 'New bulk refund' }).click()
  const buffer = Buffer.from(file)
  await page
    .getByLabel('File of refunds')
    .setInputFiles({ name: 'refunds_nov.csv', mimeType: 'text/csv', buffer })

  await shown(page.getByRole('heading', { level: 1, name: 'Batch 0001' })).toBeVisible()
  await shown(page.getByText('2 rows must be fixed or dropped')).toBeVisible()
  await page.getByRole('button', { name: 'Use ₹2,000.00, row 3' }).click()
  await shown(page.getByText('1 row must be fixed or dropped')).toBeVisible()
  await page.getByRole('button', { name: 'Drop all 1' }).click()
  const send = page.getByRole('button', { name: 'Send for approval, ₹3,100.00' })
  await shown(send).toBeVisible()
  await page.getByLabel('Type the total to continue').fill('3099')
  await shown(page.getByText('Total must be ₹3,100.00.')).toBeVisible()
  await page.getByLabel('Type the total to continue').fill('3100')
  await send.click()
  await shown(page.getByRole('button', { name: 'Approve ₹3,100.00' })).toHaveAttribute(
    'aria-disabled',
    'true',
  )
  for (const ref of refs)
    expect((await finance.trpc.orders.get.query({ orderRefOrId: ref })).refundState).toBe('none')

  const { page: theirs } = await stack().visit('approver')
  await theirs.goto('/approvals')
  await theirs.getByRole('link', { name: '1 batch of refunds waits for you' }).click()
  await theirs.getByRole('link', { name: 'Batch 0001' }).click()
  await shown(theirs.getByRole('grid', { name: 'Largest rows' })).toBeVisible()
  await theirs.getByRole('button', { name: 'Approve ₹3,100.00' }).click()
  const dialog = theirs.getByRole('dialog')
  await shown(dialog.getByRole('heading', { name: 'Approve 3 refunds, ₹3,100.00?' })).toBeVisible()
  await dialog.getByRole('button', { name: 'Approve ₹3,100.00' }).click()

  await shown(page.getByRole('progressbar', { name: 'Refunds' })).toHaveAttribute('aria-valuetext', '3 of 3')
  await shown(page.getByText('Finished', { exact: true }).first()).toBeVisible()
  await eventually('every row is paid back', async () => {
    const { rows } = await finance.trpc.bulk.list.query({})
    expect(rows[0]).toMatchObject({ status: 'finished', outcomes: { succeeded: 3 } })
  })
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download results' }).click()
  const text = readFileSync(await (await download).path(), 'utf8')
  expect(text.split('\r\n')[0]).toBe(
    '\uFEFFOrder ID,Amount,Agent,paydesk_row,paydesk_order,paydesk_amount,paydesk_currency,paydesk_status,paydesk_refund_id,paydesk_request_id,paydesk_bank_reference,paydesk_message',
  )
  expect(text).toContain(`${one},,Dev,2,${one},1000.00,INR,succeeded,`)
  expect(text).toContain(`"2,500.00","'=HYPERLINK(""http://evil"")",3,${two},2000.00,INR,succeeded,`)
  expect(text).toContain(`ORD-NOBODY,10.00,Asha,5,ORD-NOBODY,10.00,INR,dropped,`)
})
