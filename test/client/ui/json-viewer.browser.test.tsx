import { expect, test, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import { JsonViewer } from '../../../client/ui/json-viewer.tsx'
import { KitProvider } from '../../../client/ui/kit-provider.tsx'

test('numbers that a float would change are shown and copied as they were written', async () => {
  const copied = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue()
  const value = { amount: { $number: '10.80' }, ref: [{ $number: '20230517020968656340' }], count: 3 }
  const screen = await render(
    <KitProvider>
      <JsonViewer value={value} label="Webhook body" />
    </KitProvider>,
  )
  const content = screen.getByRole('region', { name: 'Webhook body, content' })
  await expect
    .element(content)
    .toHaveTextContent('{"amount": 10.80,"ref": [20230517020968656340],"count": 3}')
  await screen.getByRole('button', { name: 'Copy' }).click()
  expect(copied).toHaveBeenCalledExactlyOnceWith(
    '{\n  "amount": 10.80,\n  "ref": [\n    20230517020968656340\n  ],\n  "count": 3\n}',
  )
})
