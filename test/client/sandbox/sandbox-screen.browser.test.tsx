import { useState } from 'react'
import { expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { SandboxScreen } from '../../../client/features/sandbox/sandbox-screen.tsx'
import type { SandboxSearch } from '../../../client/features/sandbox/sandbox-search.ts'
import { fakeApi, TestApp } from '../approvals/fake-api.tsx'

const LATE = {
  name: 'late-success',
  title: 'Succeeds late',
  story: 'A payment that fails first.',
  result: 'x',
}

/** The screen with its address, which follows what is asked of it. */
function Sandbox({ open }: SandboxSearch) {
  const [search, setSearch] = useState<SandboxSearch>({ open })
  return (
    <>
      <SandboxScreen search={search} onSearch={setSearch} />
      <output aria-label="Address">{search.open}</output>
    </>
  )
}

// Whether the simulator answers is asked of itself, past the API.
vi.spyOn(window, 'fetch').mockResolvedValue(new Response())

async function sandbox(open: SandboxSearch['open']) {
  const api = fakeApi({
    'sandbox.info': () => ({ available: true, url: window.location.origin, pageUrl: null }),
    'sandbox.simulations': () => ({ simulations: [LATE], switches: [] }),
  })
  const screen = await render(
    <TestApp role="developer" api={api}>
      <Sandbox open={open} />
    </TestApp>,
  )
  return { screen, address: screen.getByRole('status', { name: 'Address' }) }
}

test('an address that asks for a simulation opens the menu of them', async () => {
  const { screen, address } = await sandbox('simulate')
  await expect.element(screen.getByRole('menuitem', { name: LATE.title })).toBeVisible()
  await userEvent.keyboard('{Escape}')
  await expect.element(screen.getByRole('menuitem', { name: LATE.title })).not.toBeInTheDocument()
  await expect.element(address).toHaveTextContent('')
})

test('an address that asks for a test webhook leads to its form, once', async () => {
  const { screen, address } = await sandbox('webhook')
  await expect.element(screen.getByRole('combobox', { name: 'Event' })).toHaveFocus()
  await expect.element(address).toHaveTextContent('')
})
