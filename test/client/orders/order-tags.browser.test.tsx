import { useQuery } from '@tanstack/react-query'
import { expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { OrderTags } from '../../../client/features/orders/order-tags.tsx'
import { useTRPC } from '../../../client/lib/trpc.ts'
import type { Role } from '../../../server/domain/permission.ts'
import { fakeApi, Refused, TestApp } from '../approvals/fake-api.tsx'

type Put = { orderIds: string[]; tags: string[] }
type Off = { orderIds: string[]; tag: string }

function AskTimeline() {
  useQuery(useTRPC().orders.timeline.queryOptions({ orderId: 'o1' }))
  return null
}

async function open(role: Role, tags: readonly string[]) {
  let kept = [...tags]
  const api = fakeApi({
    'tags.list': () =>
      kept.map((tag) => ({ tag, addedBy: { id: 'u1', name: 'Divya Nair' }, addedAt: new Date(0) })),
    'tags.known': () => [
      { tag: 'late', count: 9 },
      { tag: 'vip', count: 2 },
    ],
    'tags.add': (input) => {
      const put = (input as Put).tags.map((tag) => tag.trim())
      if (put.includes('a@b')) return new Refused('BAD_REQUEST', 'invalid_input', 'A tag is made of letters.')
      kept = [...new Set([...kept, ...put])].toSorted()
      return { orderIds: ['o1'], added: put.length }
    },
    'tags.remove': (input) => {
      kept = kept.filter((tag) => tag !== (input as Off).tag)
      return { orderIds: ['o1'] }
    },
    'orders.timeline': () => ({ entries: [], nextCursor: null }),
  })
  const screen = await render(
    <TestApp role={role} api={api}>
      <OrderTags orderId="o1" />
      <AskTimeline />
    </TestApp>,
  )
  const shown = () =>
    screen
      .getByRole('listitem')
      .all()
      .map((item) => item.element().textContent)
  return { screen, api, shown }
}

test('Enter adds what was typed, several with commas, and the field is ready for the next', async () => {
  const { screen, api, shown } = await open('support', [])
  await expect.element(screen.getByText('None.')).toBeVisible()
  const field = screen.getByLabelText('Add tag')
  await field.fill('vip, late')
  await userEvent.keyboard('{Enter}')
  await expect.poll(shown).toEqual(['late', 'vip'])
  await expect.element(field).toHaveValue('')
  await expect.element(field).toHaveFocus()
  expect(api.calls.filter(({ path }) => path === 'tags.add')).toEqual([
    { path: 'tags.add', input: { orderIds: ['o1'], tags: ['vip', ' late'] } },
  ])
  await expect
    .element(screen.getByRole('link', { name: 'vip' }))
    .toHaveAttribute('href', '/transactions?q=tag%3Avip&t=all')
})

test('what is not on the order yet is offered once something is typed', async () => {
  const { screen, api } = await open('support', ['vip'])
  await screen.getByLabelText('Add tag').fill('l')
  await expect.element(screen.getByRole('combobox', { name: 'Add tag' })).toBeVisible()
  const offered = () =>
    [...document.querySelectorAll('datalist option')].map((one) => one.getAttribute('value'))
  await expect.poll(offered).toEqual(['late'])
  expect(api.calls.filter(({ path }) => path === 'tags.known')).toHaveLength(1)
})

test('a refused tag stays in the field with the reason', async () => {
  const { screen, shown } = await open('support', ['vip'])
  const field = screen.getByLabelText('Add tag')
  await field.fill('a@b')
  await userEvent.keyboard('{Enter}')
  await expect.element(field).toHaveAccessibleDescription(/A tag is made of letters/)
  await expect.element(field).toHaveValue('a@b')
  expect(shown()).toEqual(['vip'])
})

test('a tag is taken off by its button or by Backspace in the empty field, and Undo brings it back', async () => {
  const { screen, shown } = await open('support', ['late', 'vip'])
  await screen.getByRole('button', { name: 'Take off the tag late' }).click()
  await expect.poll(shown).toEqual(['vip'])
  const field = screen.getByLabelText('Add tag')
  await expect.element(field).toHaveFocus()
  await field.fill('x')
  await userEvent.keyboard('{Backspace}')
  await expect.element(field).toHaveValue('')
  expect(shown()).toEqual(['vip'])
  await userEvent.keyboard('{Backspace}')
  await expect.poll(shown).toEqual([])
  const said = screen.getByRole('status').filter({ hasText: 'Tag vip taken off.' })
  await said.getByRole('button', { name: 'Undo' }).click()
  await expect.poll(shown).toEqual(['vip'])
})

test('the timeline, which tells who changed the tags, is asked for again', async () => {
  const { screen, api } = await open('support', ['late'])
  await screen.getByRole('button', { name: 'Take off the tag late' }).click()
  await expect.poll(() => api.calls.filter(({ path }) => path === 'orders.timeline')).toHaveLength(2)
})

test('who may not write notes reads tags and changes none', async () => {
  const { screen, shown } = await open('viewer', ['vip'])
  await expect.poll(shown).toEqual(['vip'])
  await expect.element(screen.getByLabelText('Add tag')).not.toBeInTheDocument()
  await expect.element(screen.getByRole('button', { name: /^Take off/ })).not.toBeInTheDocument()
})
