import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  compactMoney,
  exponentOf,
  formatMoney,
  orderMoney,
  parseDecimal,
  parseTyped,
  toDecimal,
} from '../../server/domain/money.ts'

const currency = fc.constantFrom('INR', 'USD', 'JPY', 'KWD')
const minor = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n })

describe('decimal text', () => {
  test.each([
    ['10', 'INR', 1000n],
    ['10.8', 'INR', 1080n],
    ['665.34', 'INR', 66534n],
    ['0.01', 'INR', 1n],
    ['1000.56000', 'INR', 100056n],
    ['-5', 'INR', -500n],
    ['1e3', 'INR', 100000n],
    ['1.5E-1', 'INR', 15n],
    ['100', 'JPY', 100n],
    ['1.250', 'KWD', 1250n],
  ])('%s %s is %s minor units', (text, code, expected) => {
    expect(parseDecimal(text, code)).toBe(expected)
  })

  test.each(['', 'abc', '1.005', '1,000', '--1', '1e400', 'NaN', 'Infinity', '0x10', '1.2.3', 'FILTERED'])(
    'refuses %j rather than rounding or guessing',
    (text) => {
      expect(parseDecimal(text, 'INR')).toBeNull()
    },
  )

  test('every amount survives text and back', () => {
    fc.assert(
      fc.property(minor, currency, (amount, code) => {
        expect(parseDecimal(toDecimal({ minor: amount, currency: code }), code)).toBe(amount)
      }),
    )
  })

  test('a currency without decimals takes none', () => {
    expect(exponentOf('JPY')).toBe(0)
    expect(parseDecimal('10.5', 'JPY')).toBeNull()
    expect(parseDecimal('10.0', 'JPY')).toBe(10n)
  })
})

test('nought is no amount of an order: nobody has told one', () => {
  expect(orderMoney({ amountMinor: 0n, currency: 'INR' })).toBeNull()
  expect(orderMoney({ amountMinor: 1n, currency: 'INR' })).toEqual({ minor: 1n, currency: 'INR' })
})

describe('amounts for people', () => {
  test.each([
    [129900n, 'INR', '₹1,299.00'],
    [123456700n, 'INR', '₹12,34,567.00'],
    [1549000000n, 'INR', '₹1,54,90,000.00'],
    [99n, 'INR', '₹0.99'],
    [-500n, 'USD', '−$5.00'],
    [123456789n, 'USD', '$1,234,567.89'],
    [1250n, 'BHD', 'BHD 1.250'],
    [1000n, 'JPY', '¥1,000'],
  ])('%s %s reads %s', (amount, code, text) => {
    expect(formatMoney({ minor: amount, currency: code })).toBe(text)
  })

  test('what is shown can be pasted back', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 12n }), (amount) => {
        expect(parseTyped(formatMoney({ minor: amount, currency: 'INR' }), 'INR')).toEqual({
          ok: true,
          minor: amount,
        })
      }),
    )
  })

  test.each([
    ['', 'Enter an amount.'],
    ['abc', 'Use digits only, such as 1250.50.'],
    ['-5', 'Use digits only, such as 1250.50.'],
    ['1.005', 'Use at most 2 decimals.'],
    ['999999999999999', 'That is more than any order.'],
  ])('%j typed is answered with what to do', (text, message) => {
    expect(parseTyped(text, 'INR')).toEqual({ ok: false, message })
  })
})

describe('compact text', () => {
  test.each([
    [99_999_99n, 'INR', '₹99,999.99'],
    [1_00_000_00n, 'INR', '₹1.00 L'],
    [38_24_999_99n, 'INR', '₹38.24 L'],
    [99_99_999_99n, 'INR', '₹99.99 L'],
    [1_00_00_000_00n, 'INR', '₹1.00 Cr'],
    [1_234_99_99_999_00n, 'INR', '₹1,234 Cr'],
    [-1_23_456_00n, 'INR', '−₹1.23 L'],
    [123_456_789n, 'USD', '$1,234,567.89'],
  ])('%s %s is %s', (amount, code, expected) => {
    expect(compactMoney({ minor: amount, currency: code })).toBe(expected)
  })

  test('never says more than there is, and less than a hundredth of its unit too little', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 17n }), (amount) => {
        const [, digits = '', unit] =
          /^₹([\d,.]+)(?: (L|Cr))?$/.exec(compactMoney({ minor: amount, currency: 'INR' })) ?? []
        const size = unit === 'Cr' ? 10_000_000n : unit === 'L' ? 100_000n : 1n
        const [whole = '', fraction = '0'] = digits.replaceAll(',', '').split('.')
        const said = (BigInt(whole) * 100n + BigInt(fraction.padEnd(2, '0'))) * size
        expect(said <= amount).toBe(true)
        expect(amount - said < (digits.includes('.') ? size : size * 100n)).toBe(true)
      }),
    )
  })
})
