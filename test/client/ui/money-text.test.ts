import { describe, expect, test } from 'vitest'
import { moneyDraft, moneyProblem } from '../../../client/ui/money-draft.ts'
import { spokenMoney } from '../../../client/ui/money.tsx'

describe('spokenMoney', () => {
  test.each([
    [1299900n, 'INR', '12,999 rupees'],
    [89950n, 'INR', '899 rupees 50 paise'],
    [-123456789n, 'INR', 'minus 12,34,567 rupees 89 paise'],
    [0n, 'INR', '0 rupees'],
    [500n, 'JPY', '500 JPY'],
  ])('%s %s is read as "%s"', (minor, currency, spoken) => {
    expect(spokenMoney({ minor, currency })).toBe(spoken)
  })
})

describe('moneyDraft', () => {
  test('prefills grouped digits without the symbol', () => {
    expect(moneyDraft({ minor: 123456700n, currency: 'INR' })).toEqual({
      text: '12,34,567.00',
      minor: 123456700n,
    })
  })
})

describe('moneyProblem', () => {
  const problem = (text: string) =>
    moneyProblem({ text, minor: null }, 'INR', 'Amount', {
      minor: 749900n,
      reason: 'That is what is left to refund.',
    })

  test('accepts what is left, to the paisa', () => {
    expect(problem('7,499.00')).toBeNull()
  })

  test('refuses one paisa more and names the limit', () => {
    expect(problem('7499.01')).toBe('Amount must be ₹7,499.00 or less. That is what is left to refund.')
  })

  test('refuses zero', () => {
    expect(problem('0.00')).toBe('Amount must be more than zero.')
  })

  test.each(['', 'abc', '12.345', '1e3', '-5'])('says what to do about "%s"', (text) => {
    expect(problem(text)).toMatch(/^Amount: (Enter|Use) /)
  })
})
