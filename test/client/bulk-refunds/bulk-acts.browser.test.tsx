/** What can be done with a batch at each of its states, and one row of it. */
import { expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { BulkActs } from '../../../client/features/bulk-refunds/bulk-acts.tsx'
import { BulkRowDialog } from '../../../client/features/bulk-refunds/bulk-row-dialog.tsx'
import type { BulkBatch, BulkRow } from '../../../client/features/bulk-refunds/bulk-types.ts'
import { BULK_STATUSES, type BulkStatus } from '../../../server/domain/bulk-batch.ts'
import type { Role } from '../../../server/domain/permission.ts'
import { fakeApi, TestApp } from '../approvals/fake-api.tsx'
import { batchOf, rowOf } from './bulk-fixtures.ts'

const SENT = { submittedAt: new Date('2026-11-22T09:05:00Z') }
const RUNNING = { ...batchOf().outcomes, reserved: 9, released: 2, succeeded: 4 }

async function acts(batch: Partial<BulkBatch>, role: Role = 'finance') {
  const shown = batchOf(batch)
  const onMade = vi.fn()
  const api = fakeApi({
    'bulk.control': () => shown,
    'bulk.halt': () => shown,
    'bulk.rerun': () => ({ ...shown, id: 'another' }),
  })
  const screen = await render(
    <TestApp api={api} role={role}>
      <BulkActs batch={shown} onMade={onMade} />
    </TestApp>,
  )
  const names = (): string[] =>
    screen
      .getByRole('button')
      .all()
      .map((button) => button.element().textContent ?? '')
  return { screen, names, onMade, calls: api.calls }
}

const OFFERED: Readonly<Record<BulkStatus, readonly string[]>> = {
  draft: ['Cancel batch'],
  checking: ['Cancel batch'],
  ready: ['Cancel batch', 'Download rows'],
  submitting: ['Cancel batch', 'Print summary', 'Download results'],
  waiting_approval: ['Cancel batch', 'Print summary', 'Download results'],
  held: ['Cancel batch', 'Print summary', 'Download results'],
  running: ['Pause', 'Stop after current', 'Print summary', 'Download results'],
  paused: ['Resume', 'Stop after current', 'Print summary', 'Download results'],
  stopped: ['Run 1 refund again', 'Print summary', 'Download results'],
  finished: ['Print summary', 'Download results'],
  finished_failures: ['Run 1 refund again', 'Print summary', 'Download results'],
  rejected: ['Run 1 refund again', 'Print summary', 'Download results'],
  cancelled: ['Run 1 refund again', 'Print summary', 'Download results'],
}

test('the summary of a batch goes through the browser to paper', async () => {
  const print = vi.spyOn(window, 'print').mockImplementation(() => {})
  const { screen } = await acts({ status: 'finished', ...SENT }, 'viewer')
  await screen.getByRole('button', { name: 'Print summary' }).click()
  expect(print).toHaveBeenCalledOnce()
  print.mockRestore()
})

test.each(BULK_STATUSES)('%s offers what can be done with it, and nothing else', async (status) => {
  const failed = ['stopped', 'finished_failures', 'rejected', 'cancelled'].includes(status) ? 1 : 0
  const { names } = await acts({
    status,
    ...(['draft', 'checking', 'ready'].includes(status) ? {} : SENT),
    outcomes: { ...batchOf().outcomes, failed },
  })
  await expect.poll(names).toEqual(OFFERED[status])
})

test('P pauses a batch that runs', async () => {
  const { calls } = await acts({ status: 'running', ...SENT, outcomes: RUNNING })
  await userEvent.keyboard('p')
  await expect
    .poll(() => calls)
    .toEqual([{ path: 'bulk.control', input: { batchId: batchOf().id, act: 'pause' } }])
})

test('stopping says first what stays sent and what is given back', async () => {
  const { screen, calls } = await acts({ status: 'running', ...SENT, outcomes: RUNNING })
  await screen.getByRole('button', { name: 'Stop after current' }).click()
  const dialog = screen.getByRole('dialog', { name: 'Stop with 9 refunds not sent?' })
  await expect.element(dialog).toMatchTextContent(/Stops after the 2 being sent.*9 will not be sent/)
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  expect(calls).toEqual([])
  await screen.getByRole('button', { name: 'Stop after current' }).click()
  await dialog.getByRole('button', { name: 'Stop batch' }).click()
  await expect
    .poll(() => calls)
    .toEqual([{ path: 'bulk.control', input: { batchId: batchOf().id, act: 'stop' } }])
})

test('what failed is run again as a batch of its own, which is opened', async () => {
  const { screen, onMade } = await acts({
    status: 'finished_failures',
    ...SENT,
    outcomes: { ...batchOf().outcomes, succeeded: 2, failed: 3 },
  })
  await screen.getByRole('button', { name: 'Run 3 refunds again' }).click()
  await expect.poll(() => onMade.mock.calls).toEqual([['another']])
})

test('an approver without batches can hold one back, and do nothing else', async () => {
  const { screen, calls } = await acts({ status: 'running', ...SENT, outcomes: RUNNING }, 'approver')
  await screen.getByRole('button', { name: 'Pause' }).click()
  await expect.poll(() => calls).toEqual([{ path: 'bulk.halt', input: { batchId: batchOf().id } }])
  await expect
    .element(screen.getByRole('button', { name: 'Stop after current' }))
    .toHaveAttribute('aria-disabled', 'true')
})

async function row(change: Partial<BulkRow>) {
  const onClose = vi.fn()
  const api = fakeApi({
    'bulk.fixRow': () => ({}),
    'bulk.dropRow': () => ({}),
    'bulk.acceptRows': () => ({}),
    'bulk.recheckRow': () => ({}),
  })
  const screen = await render(
    <TestApp api={api} role="finance">
      <BulkRowDialog batch={batchOf()} row={rowOf(change)} editable onClose={onClose} />
    </TestApp>,
  )
  return { dialog: screen.getByRole('dialog', { name: 'Row 4' }), calls: api.calls, onClose }
}

test('a row that asks for too much is put right with the amount that is left', async () => {
  const { dialog, calls, onClose } = await row({
    verdict: 'error',
    findings: [{ level: 'error', code: 'amount_exceeds_left', text: 'More than the ₹100.00 left.' }],
    suggestedMinor: 10_000n,
  })
  await expect.element(dialog).toMatchTextContent(/More than the ₹100\.00 left\./)
  await dialog.getByRole('button', { name: 'Use ₹100.00' }).click()
  await dialog.getByRole('button', { name: 'Save and check' }).click()
  await expect.poll(() => onClose).toHaveBeenCalled()
  expect(calls).toEqual([
    {
      path: 'bulk.fixRow',
      input: { batchId: batchOf().id, n: 4, fields: { ...rowOf().fields, amount: '100.00' } },
    },
  ])
})

test('a row with a warning is kept or dropped', async () => {
  const warned = {
    verdict: 'warning' as const,
    findings: [{ level: 'warning' as const, code: 'disputed' as const, text: 'Order is disputed.' }],
  }
  const kept = await row(warned)
  await kept.dialog.getByRole('button', { name: 'Keep' }).click()
  await expect
    .poll(() => kept.calls)
    .toEqual([{ path: 'bulk.acceptRows', input: { batchId: batchOf().id, n: 4, accepted: true } }])
})
