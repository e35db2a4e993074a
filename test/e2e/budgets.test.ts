/** The dashboard that the end-to-end tests run, against the budgets of the design (ux.md §5.4). */
import { expect, test } from 'vitest'
import { measureClient, overBudget } from '../support/budgets.ts'
import { builtClient } from '../support/e2e-client.ts'

test('the first load, every page’s own scripts, the styles and the fonts are within their budgets', async () => {
  const measures = measureClient(await builtClient())
  expect(measures[0]?.kb).toBeGreaterThan(100)
  expect(measures.length).toBeGreaterThan(20)
  const over = overBudget(measures).map(
    ({ name, kb, limitKb }) => `${name}: ${kb.toFixed(1)} of ${limitKb} kB`,
  )
  expect(over).toEqual([])
})
