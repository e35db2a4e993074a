import { expect, test } from 'vitest'
import { PLACES } from '../../../client/lib/nav-items.ts'
import { currentItem } from '../../../client/ui/nav-sidebar.tsx'

test.each([
  ['/orders/ORD-1', 'Transactions'],
  ['/orders/ORD-1/refund', 'Transactions'],
  ['/events/replays', 'Failed events'],
  ['/events/evt_1', 'Live events'],
  ['/search', undefined],
])('%s lies under %s', (path, label) => {
  expect(currentItem(PLACES, path)?.label).toBe(label)
})
