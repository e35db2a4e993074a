import { expect, test } from 'vitest'
import { render } from 'vitest-browser-react'
import { InspectorScreen } from '../../../client/features/inspector/inspector-screen.tsx'
import type { Role } from '../../../server/domain/permission.ts'
import { fakeApi, TestApp } from '../approvals/fake-api.tsx'

const WORDS = 'The JSON was written again.'

async function inspector(role: Role = 'developer') {
  const api = fakeApi({
    'inspector.inspect': () => ({
      kind: 'payload',
      verdict: 'invalid',
      signedText: '{"order_id":"A"}',
      key: '2980',
      findings: [
        { code: 'reserialised_json', words: WORDS },
        { code: 'no_timestamp', words: 'There is no timestamp.' },
      ],
    }),
  })
  const screen = await render(
    <TestApp api={api} role={role}>
      <InspectorScreen />
    </TestApp>,
  )
  const sent = () => api.calls.filter(({ path }) => path === 'inspector.inspect').map(({ input }) => input)
  return { screen, sent }
}

test('a payload gets a verdict, the cause first, the key and the exact text', async () => {
  const { screen, sent } = await inspector()
  await screen.getByRole('button', { name: 'Inspect' }).click({ force: true })
  expect(sent()).toEqual([])
  await screen.getByLabelText('Signed text').fill('{ "order_id": "A" }')
  await screen.getByLabelText('Signature (optional)').fill('abc')
  await screen.getByLabelText('Merchant key ID (optional)').fill('2980')
  await screen.getByRole('button', { name: 'Inspect' }).click()
  await expect
    .poll(sent)
    .toEqual([{ kind: 'payload', text: '{ "order_id": "A" }', signature: 'abc', merchantKeyId: '2980' }])
  await expect.element(screen.getByText('It is not valid.').first()).toBeVisible()
  await expect.element(screen.getByText(new RegExp(WORDS)).first()).toBeVisible()
  await expect.element(screen.getByLabelText('The exact signed text')).toHaveTextContent('{"order_id":"A"}')
})

test('a verdict goes when what it is about changes', async () => {
  const { screen } = await inspector()
  await screen.getByLabelText('Signed text').fill('x')
  await screen.getByRole('button', { name: 'Inspect' }).click()
  const text = screen.getByRole('heading', { name: 'The exact signed text' })
  await expect.element(text).toBeVisible()
  await screen.getByLabelText('Signed text').fill('y')
  await expect.element(text).not.toBeInTheDocument()
})

test('return addresses and deliveries have fields of their own', async () => {
  const { screen, sent } = await inspector()
  await screen.getByLabelText('Kind').selectOptions('return')
  await screen.getByLabelText('Return URL').fill('https://shop.test/?order_id=A')
  await screen.getByRole('button', { name: 'Inspect' }).click()
  await expect.poll(sent).toEqual([{ kind: 'return', text: 'https://shop.test/?order_id=A' }])
  await screen.getByLabelText('Kind').selectOptions('webhook')
  await screen.getByLabelText('Authorization header (optional)').fill('Basic abc')
  await screen.getByRole('button', { name: 'Inspect' }).click()
  await expect.poll(() => sent().at(-1)).toEqual({ kind: 'webhook', authorization: 'Basic abc', body: '' })
})

test('is not for everybody', async () => {
  const { screen } = await inspector('support')
  await expect.element(screen.getByText(/can't use the inspector/)).toBeVisible()
})
