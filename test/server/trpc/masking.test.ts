import { describe, expect, test } from 'vitest'
import { exactJsonText, exactNumberText } from '../../../server/domain/exact-number.ts'
import { maskEmail, maskPhone } from '../../../server/domain/masked-text.ts'
import { maskText } from '../../../server/domain/masked-text.ts'
import { maskJson, showBody } from '../../../server/trpc/views/masking.ts'

describe('one value', () => {
  test.each([
    ['asha@example.com', 'a•••@example.com'],
    ['a@b.in', 'a•••@b.in'],
    ['🦊fox@example.com', '🦊•••@example.com'],
    ['not an address', '•••'],
    ['@example.com', '•••'],
    ['', null],
    [null, null],
  ])('email %s becomes %s', (email, masked) => {
    expect(maskEmail(email)).toBe(masked)
  })

  test.each([
    ['9876543210', '+91 ••••• •3210'],
    ['+919876543210', '+91 ••••• •3210'],
    ['+91 98765-43210', '+91 ••••• •3210'],
    ['+6591234567', '+91 ••••• •4567'],
    ['12345', '•••'],
    [null, null],
  ])('phone %s becomes %s', (phone, masked) => {
    expect(maskPhone(phone)).toBe(masked)
  })
})

const BODY = {
  id: 'evt_1',
  authorization: 'Basic c2VjcmV0',
  content: {
    order: {
      customer_email: 'asha@example.com',
      customer_phone: '9876543210',
      mobile_number: 9876543210,
      card: {
        card_token: 'tok_1',
        card_number: '4111111111111111',
        last_four_digits: '1111',
        name_on_card: 'Asha M',
      },
      payer_vpa: 'asha@upi',
      client_auth_token: 'tkn_1',
      refunds: [{ unique_request_id: 'R1', amount: 10.5 }],
    },
  },
}
const PERSONAL = ['asha@example.com', '9876543210', 'Asha M', 'asha@upi']
const SECRET = ['c2VjcmV0', 'tok_1', '4111111111111111', 'tkn_1']

describe('a payload', () => {
  test('loses personal data and secrets, and keeps the rest', () => {
    const text = JSON.stringify(maskJson(BODY))
    for (const value of [...PERSONAL, ...SECRET]) expect(text).not.toContain(value)
    expect(text).toContain('"last_four_digits":"1111"')
    expect(text).toContain('"unique_request_id":"R1"')
    expect(text).toContain('a•••@example.com')
  })

  test('with names that would change an object on the other side arrives under harmless ones', () => {
    const shown = maskJson(JSON.parse('{"__proto__":{"admin":true},"constructor":{"prototype":1}}'))
    expect(JSON.stringify(shown)).toBe('{"[__proto__]":{"admin":true},"[constructor]":{"[prototype]":1}}')
  })

  test('as deep as a hostile one does not break the answer', () => {
    const deep = Buffer.from('['.repeat(20_000) + ']'.repeat(20_000))
    expect(JSON.stringify(showBody(deep).json)).toContain('[too deep to show]')
  })

  test('that is not JSON is shown as text, masked by its look', () => {
    const shown = showBody(Buffer.from('order=1&email=asha@example.com&phone=+919876543210'))
    expect(shown.json).toBeNull()
    expect(shown.text).toContain('order=1')
    for (const value of ['asha@example.com', '9876543210']) expect(shown.text).not.toContain(value)
    expect(maskText('asha@example.com')).toBe('a•••@example.com')
  })

  test.each([
    '10.80',
    '-0',
    '1e3',
    '9007199254740993',
    '20230517020968656340245367275527523',
    '0.1000000000000000055511151231257827',
  ])('shows the number %s as it was written, alone, in lists and in members', (number) => {
    const { json } = showBody(Buffer.from(`{"amount":${number},"list":[${number}]}`))
    expect(JSON.parse(JSON.stringify(json))).toEqual({
      amount: { $number: number },
      list: [{ $number: number }],
    })
    expect(exactJsonText(json)).toBe(`{\n  "amount": ${number},\n  "list": [\n    ${number}\n  ]\n}`)
  })

  test('leaves numbers that survive as they are, and takes nothing else for one', () => {
    const body =
      '{"a":10.8,"b":9007199254740991,"$number":"1","c":{"$number":"2"},"d":"{ \\"$number\\": \\"3\\" }"}'
    const { json } = showBody(Buffer.from(body))
    expect(json).toEqual({
      a: 10.8,
      b: 9_007_199_254_740_991,
      '[$number]': '1',
      c: { '[$number]': '2' },
      d: '{ "$number": "3" }',
    })
    expect(JSON.parse(exactJsonText(json))).toEqual(json)
    for (const value of [1, '1', null, {}, { $number: 1 }, { $number: 'x' }, { $number: '1', b: 1 }])
      expect(exactNumberText(value)).toBeNull()
  })

  test('masks personal data and removes secrets that came as such numbers', () => {
    const body = Buffer.from(
      '{"mobile_number":9876543210.0,"customer_email":1e3,"card_number":41111111111111111111}',
    )
    const text = JSON.stringify(showBody(body))
    for (const value of ['9876543210', '1e3', '4111111']) expect(text).not.toContain(value)
  })
})

describe('free text', () => {
  test.each([
    ['call 9876543210', 'call +91 ••••• •3210'],
    ['call 09876543210 now', 'call +91 ••••• •3210 now'],
    ['(98765 43210)', '(+91 ••••• •3210)'],
    ['+91-98765-43210', '+91 ••••• •3210'],
    ['+6591234567', '+91 ••••• •4567'],
    ['फ़ोन ९८७६५४३२१०', 'फ़ोन •••'],
    ['https://shop.test/?email=asha%40example.com&x=1', 'https://shop.test/?email=a•••@example.com&x=1'],
    ['RRN 433612345678, 12 days, ₹9,87,654.32', 'RRN 433612345678, 12 days, ₹9,87,654.32'],
  ])('%s becomes %s', (text, masked) => {
    expect(maskText(text)).toBe(masked)
  })

  test('of one endless word takes no longer than of many', () => {
    const startedAt = performance.now()
    maskText(`${'a'.repeat(64 * 1024 - 2)} @`)
    expect(performance.now() - startedAt).toBeLessThan(1_000)
  })
})

test('a payload is masked where its names say nothing: in lists, in JSON within a text, in names themselves', () => {
  const body = {
    order_id: '9876543210',
    customer_id: '9876543210',
    gateway_reference_id: '9812345678',
    amount: '9876543210.00',
    emails: ['asha@example.com'],
    mobile: ['9876543210', { any: '9876543210' }],
    customer: { name: 'Asha M', firstName: 'Asha', address: '7 Rosewood Lane' },
    gateway: { name: 'Razorpay' },
    metadata: '{"buyer":{"name":"Asha M"},"contact":"9876543210","constructor":1}',
    plain: '{ "a": 1.00 }',
    'asha@example.com': 1,
    links: { mobile: 'https://pay.test/o/9' },
  }
  expect(maskJson(body)).toEqual({
    order_id: '9876543210',
    customer_id: '+91 ••••• •3210',
    gateway_reference_id: '9812345678',
    amount: '9876543210.00',
    emails: ['a•••@example.com'],
    mobile: ['+91 ••••• •3210', { any: '+91 ••••• •3210' }],
    customer: { name: '•••', firstName: '•••', address: '•••' },
    gateway: { name: 'Razorpay' },
    metadata: '{"buyer":{"name":"•••"},"contact":"+91 ••••• •3210","constructor":1}',
    plain: '{ "a": 1.00 }',
    'a•••@example.com': 1,
    links: { mobile: 'https://pay.test/o/9' },
  })
})
