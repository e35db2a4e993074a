/** The contract, asked of our own sandbox in every run, and of Juspay's when the environment names an account there. */
import { describe, expect, test } from 'vitest'
import { describeContract } from './contract.ts'
import { ownSandbox, realAccount, VARIABLES } from './targets.ts'

describeContract('our own sandbox', ownSandbox)

const real = realAccount(process.env)
if ('account' in real) {
  describeContract(`Juspay’s sandbox at ${real.account.baseUrl}`, () =>
    Promise.resolve({ ...real, close: () => Promise.resolve() }),
  )
} else {
  process.stdout.write(`  ${real.notRun}\n`)
  describe('the contract with Juspay’s own sandbox', () => {
    // Half an account is a mistake, and no reason to go without.
    test(real.notRun, () => {
      expect(real.isMistake, real.notRun).toBe(false)
    })
  })
}

describe('naming an account', () => {
  const whole = Object.fromEntries(Object.values(VARIABLES).map((name) => [name, 'x']))

  test('needs every variable, and says which is missing', () => {
    const { [VARIABLES.apiKey]: _none, ...half } = whole
    expect(realAccount(half)).toEqual({
      notRun: 'The contract cannot be run: JUSPAY_CONTRACT_API_KEY is missing.',
      isMistake: true,
    })
    expect(realAccount({})).toMatchObject({
      notRun: expect.stringMatching(
        /^The contract was NOT run against Juspay’s own sandbox\. To run it, set /,
      ),
      isMistake: false,
    })
  })

  test('counts empty variables as absent, and a charged order as optional', () => {
    expect(realAccount({ ...whole, [VARIABLES.clientId]: '' })).toMatchObject({ isMistake: true })
    expect(realAccount(whole)).toMatchObject({ account: { apiKey: 'x' }, chargedOrder: null })
    expect(realAccount({ ...whole, JUSPAY_CONTRACT_CHARGED_ORDER: 'ORD1' })).toMatchObject({
      chargedOrder: 'ORD1',
    })
  })
})
