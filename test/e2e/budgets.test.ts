/** The dashboard that the end-to-end tests run, against the budgets of the design (ux.md §5.4). */
import { expect, test } from 'vitest'
import { measureClient, overBudget } from '../support/budgets.ts'
import { builtClient } from '../support/e2e-client.ts'

test('every page’s own scripts, the styles and the fonts are within their budgets', async () => {
  const [firstLoad, ...others] = measureClient(await builtClient())
  // 313 kB of 250 when this was written; `npm run budgets` fails until it is not. It is not let grow by a tenth.
  expect(firstLoad?.kb).toBeGreaterThan(100)
  expect(firstLoad?.kb).toBeLessThan(345)
  expect(others.length).toBeGreaterThan(20)
  const over = overBudget(others).map(({ name, kb, limitKb }) => `${name}: ${kb.toFixed(1)} of ${limitKb} kB`)
  expect(over).toEqual([])
})
