/** What stays in a browser when its person is gone: nothing of a customer, and nothing for the next person. */
import { beforeEach, expect, test } from 'vitest'
import { recentQueries } from '../../../client/lib/recent-queries.ts'
import { ownTab } from '../../../client/lib/tab-owner.ts'

beforeEach(() => {
  localStorage.clear()
  sessionStorage.clear()
})

test.each([
  'email:asha@example.com',
  'status:failed -phone:9876543210',
  'vpa:asha',
  'name:"Asha Rao"',
  'customer:"=cust_1"',
  'udf1:asha@example.com',
  '"98765 43210"',
])('a filter that looks for somebody is not kept: %s', (query) => {
  const recent = recentQueries('test')
  recent.note('u1', 'status:failed')
  recent.note('u1', query)
  expect(localStorage.getItem('paydesk.queries.test.u1')).toBe('["status:failed"]')
})

test('drafts are there for the person who comes back, and not for another', () => {
  ownTab('u1')
  sessionStorage.setItem('paydesk.text.note', 'Call 98765 43210')
  ownTab('u1')
  expect(sessionStorage.getItem('paydesk.text.note')).toBe('Call 98765 43210')
  ownTab('u2')
  expect(sessionStorage.getItem('paydesk.text.note')).toBeNull()
})
