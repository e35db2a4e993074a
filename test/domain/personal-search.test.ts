import { expect, test } from 'vitest'
import { loggedFilter, personalLooks, personalLooksIn } from '../../server/domain/personal-search.ts'
import { parseQuery } from '../../server/domain/search-query.ts'

const looksOf = (q: string) => {
  const parsed = parseQuery(q, { currency: 'INR' })
  if (!parsed.ok) throw new Error(parsed.error.message)
  return personalLooks(parsed.query).map(({ by, masked }) => [by, masked])
}

test.each([
  ['email:Asha@example.com', [['email', 'A•••@example.com']]],
  ['-email:asha', [['email', '•••']]],
  [
    'phone:9876543210,3210',
    [
      ['phone', '•••'],
      ['phone', '+91 ••••• •3210'],
    ],
  ],
  ['vpa:asha@okhdfc status:failed', [['vpa', 'a•••@okhdfc']]],
  ['asha@example.com', [['email', 'a•••@example.com']]],
  ['"+91 98765 43210"', [['phone', '+91 ••••• •3210']]],
  ['-asha@okhdfc', [['vpa', 'a•••@okhdfc']]],
  ['amount:>500 order:ORD-1 name:asha iyer', []],
])('%s names %j', (q, looks) => {
  expect(looksOf(q)).toEqual(looks)
})

test('a scrap names a person by an address or a whole number, and not by an amount or an id', () => {
  const looksIn = (text: string) => personalLooksIn(text).map(({ by, value }) => [by, value])
  expect(looksIn('Asha@Example.com ~500 today')).toEqual([['email', 'asha@example.com']])
  expect(looksIn('iyer.s@okhdfc')).toEqual([['vpa', 'iyer.s@okhdfc']])
  expect(looksIn('+91 98765 43210')).toEqual([['phone', '9876543210']])
  for (const text of ['1499.00', 'SHOP-7781', '432198765012', '4242', '@', 'iyer'])
    expect(looksIn(text)).toEqual([])
})

test.each([
  ['status:failed amount:>500', 'status:failed amount:>500'],
  ['status:failed phone:9876543210 created:-7d', 'status:failed phone:"+91 ••••• •3210" created:-7d'],
  ['-email:asha@example.com vpa:any', '-email:a•••@example.com vpa:any'],
  ['asha@okhdfc', 'a•••@okhdfc'],
  ['"+91 98765 43210"', '"+91 ••••• •3210"'],
  ['-asha@okhdfc gateway:payu', 'gateway:payu -a•••@okhdfc'],
  ['phone:9876543210 amout:5', '•••'],
  ['status:failed name:"Asha Rao",Meera', 'status:failed name:A•••,M•••'],
])('the log has %s as %s', (q, logged) => {
  expect(loggedFilter(q, { currency: 'INR' })).toBe(logged)
})
