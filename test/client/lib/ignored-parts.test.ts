import { expect, test } from 'vitest'
import { z } from 'zod/mini'
import { ignoredText } from '../../../client/lib/ignored-parts.ts'
import { maybe, oneOf, timeRange, typed } from '../../../client/lib/search-params.ts'

const schema = z.object({
  q: typed(100),
  t: timeRange('-24h'),
  sort: oneOf(['created', '-created'], '-created'),
  tz: maybe(z.enum(['IST', 'UTC'])),
  tab: oneOf(['all', 'mine'], 'all'),
})
// As the router reads it: what the page does not know stays as it is.
const read = (address: Record<string, unknown>) => ({ ...address, ...schema.parse(address) })
const told = (address: Record<string, unknown>) => ignoredText(address, read(address), read({}))

test.each([
  [{ t: 'gibberish' }, 'Ignored an unknown time range: gibberish.'],
  [
    { sort: 'sideways', tz: 'PST' },
    'Ignored an unknown sort order: sideways. Ignored an unknown time zone: PST.',
  ],
  [{ tab: { a: 1 } }, 'Ignored an unknown tab: {"a":1}.'],
  [{ q: 'x'.repeat(101) }, `Ignored an unknown filter: ${'x'.repeat(40)}….`],
])('%j is told', (address, text) => expect(told(address)).toBe(text))

test.each([
  [{}],
  [{ q: '', t: '-24h', sort: '-created', tab: 'all' }],
  // Read, though not as it is written.
  [{ q: 4242, t: '2026-11-22', tz: 'UTC' }],
  // Not of this page.
  [{ utm_source: 'mail' }],
])('%j is understood', (address) => expect(told(address)).toBeNull())
