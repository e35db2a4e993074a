import { expect, test, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import { PaletteStarts } from '../../../client/lib/palette-acts.tsx'
import { registeredActions } from '../../../client/ui/shortcut-registry.ts'
import type { Role } from '../../../server/domain/permission.ts'
import { fakeApi, TestApp } from '../approvals/fake-api.tsx'

async function starts(role: Role) {
  const go = vi.fn<(to: string) => void>()
  await render(
    <TestApp role={role} api={fakeApi({})}>
      <PaletteStarts go={go} />
    </TestApp>,
  )
  const start = (id: string) => registeredActions().find((action) => action.id === id)
  return { go, start }
}

test('an act of another page leads to it, with what opens its form there', async () => {
  const { go, start } = await starts('admin')
  for (const id of [
    'bulk.new',
    'recon.run',
    'staff.add',
    'policy.edit',
    'sandbox.simulate',
    'sandbox.webhook',
  ])
    start(id)?.run()
  expect(go.mock.calls.flat()).toEqual([
    '/refunds/bulk/new',
    '/reconciliation?open=run',
    '/users?open=add',
    '/settings?section=policy',
    '/sandbox?open=simulate',
    '/sandbox?open=webhook',
  ])
})

test('an act that the role may not do says why', async () => {
  const { start } = await starts('support')
  expect(start('bulk.new')?.disabledReason).toBe('Your role (Support) cannot run bulk refunds.')
  expect(start('staff.add')?.disabledReason).toBe('Your role (Support) cannot manage people.')
  expect(start('policy.edit')?.disabledReason).toBe('Your role (Support) cannot change settings.')
  expect(start('sandbox.simulate')?.disabledReason).toBeNull()
})
