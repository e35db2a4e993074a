import { useState } from 'react'
import { expect, test, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { StaffScreen, type StaffScreenProps } from '../../../client/features/staff/staff-screen.tsx'
import { DEFAULT_STAFF_SEARCH, type StaffSearch } from '../../../client/features/staff/staff-search.ts'
import type { Role } from '../../../server/domain/permission.ts'
import { fakeApi, sessionOf, TestApp } from '../approvals/fake-api.tsx'
import { person } from './person.ts'

const me = sessionOf('admin').user

const asha = person({})
const myself = person({ ...me, role: 'admin' })

/** The screen with its address, which follows what is asked of it. */
function Staff({ at, onSearch }: { at: StaffSearch; onSearch: StaffScreenProps['onSearch'] }) {
  const [search, setSearch] = useState(at)
  return (
    <StaffScreen
      search={search}
      onSearch={(change) => {
        onSearch(change)
        setSearch((before) => ({ ...before, ...change }))
      }}
    />
  )
}

async function people(user = '', role: Role = 'admin', at: Partial<StaffSearch> = {}) {
  const api = fakeApi({
    'users.list': () => [myself, asha],
    'users.setRole': () => asha,
    'users.setDisabled': () => asha,
    'users.create': () => asha,
  })
  const onSearch = vi.fn()
  const screen = await render(
    <TestApp api={api} role={role}>
      <div style={{ height: 500 }}>
        <Staff at={{ ...DEFAULT_STAFF_SEARCH, user, ...at }} onSearch={onSearch} />
      </div>
    </TestApp>,
  )
  const sent = (path: string) => api.calls.filter((call) => call.path === path).map((call) => call.input)
  return { screen, sent, onSearch }
}

test('a role is changed after a confirm that says what the new one may do', async () => {
  const { screen, sent } = await people(asha.id)
  const change = screen.getByRole('button', { name: 'Change role' })
  await expect.element(change).toHaveAttribute('aria-disabled', 'true')
  await screen.getByRole('combobox', { name: 'Role' }).selectOptions('finance')
  await change.click()
  const dialog = screen.getByRole('dialog', { name: 'Make Asha Menon Finance?' })
  await expect.element(dialog).toMatchTextContent(/Asks for refunds/)
  await userEvent.keyboard('{Control>}{Enter}{/Control}')
  await expect.poll(() => sent('users.setRole')).toEqual([{ userId: asha.id, role: 'finance' }])
})

test('disabling somebody says what happens to their sessions and requests', async () => {
  const { screen, sent } = await people(asha.id)
  await screen.getByRole('button', { name: 'Disable' }).click()
  const dialog = screen.getByRole('dialog', { name: 'Disable Asha Menon?' })
  await expect.element(dialog).toMatchTextContent(/signed out everywhere/)
  expect(sent('users.setDisabled')).toEqual([])
  await userEvent.keyboard('{Control>}{Enter}{/Control}')
  await expect.poll(() => sent('users.setDisabled')).toEqual([{ userId: asha.id, disabled: true }])
})

test('nobody changes their own access', async () => {
  const { screen } = await people(me.id)
  await expect
    .element(screen.getByRole('button', { name: 'Disable' }))
    .toHaveAccessibleDescription('You cannot change your own access. Ask another admin.')
})

test('a new person gets a password that is shown once more and survives a slip of the Esc key', async () => {
  const { screen, sent } = await people()
  await expect.element(screen.getByRole('button', { name: 'Add a person' })).toBeVisible()
  await userEvent.keyboard('i')
  await screen.getByRole('textbox', { name: 'Name' }).fill('Asha Menon')
  await screen.getByRole('textbox', { name: 'Email' }).fill('asha@example.com')
  await userEvent.keyboard('{Control>}{Enter}{/Control}')
  const done = screen.getByRole('dialog', { name: 'Asha Menon is added.' })
  await expect.element(done).toBeVisible()
  const [created] = sent('users.create')
  expect(created).toMatchObject({ name: 'Asha Menon', email: 'asha@example.com', role: 'viewer' })
  await userEvent.keyboard('{Escape}')
  await expect.element(done).toMatchTextContent(/-.{4}-.{4}-/)
})

test('an address that asks for it opens the page with the form of a new person', async () => {
  const { screen, onSearch } = await people('', 'admin', { open: 'add' })
  await expect.element(screen.getByRole('dialog', { name: 'Add a person' })).toBeVisible()
  await userEvent.keyboard('{Escape}')
  await expect.poll(() => onSearch.mock.calls).toEqual([[{ open: '' }]])
  await expect.element(screen.getByRole('dialog')).not.toBeInTheDocument()
})

test('a role without the permission is told so', async () => {
  const { screen, sent } = await people('', 'auditor')
  await expect.element(screen.getByText("You can't see people.")).toBeVisible()
  expect(sent('users.list')).toEqual([])
})
