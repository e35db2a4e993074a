import superjson from 'superjson'
import { expect, test } from 'vitest'
import { shareSerialised, transformer } from '../../../server/trpc/transformer.ts'
import type { LiveMessage } from '../../../server/trpc/views/live.ts'
import { eventRow } from '../../client/events/event-rows.ts'

const at = new Date('2026-11-20T06:30:00.000Z')
const messages: LiveMessage[] = [
  { kind: 'hello', at, resumed: true },
  { kind: 'batch', events: [], renewed: [], changes: [] },
  {
    kind: 'batch',
    events: [shareSerialised(eventRow(1)), eventRow(2, { occurredAt: null })],
    renewed: [shareSerialised(eventRow(3))],
    changes: [
      { subject: 'order', subjectId: 'a', at },
      { subject: 'refund', subjectId: 'b', at: new Date(at) },
    ],
  },
  { kind: 'pace', oneIn: 8, perSecond: 412 },
]

test.each(messages)(
  'a live message is what superjson makes of it, the first time and later: $kind',
  (message) => {
    const shared = shareSerialised({ ...message })
    for (const value of [message, shared, shared]) {
      const sent = transformer.serialize(value)
      expect(sent).toEqual(superjson.serialize(message))
      expect(transformer.deserialize(JSON.parse(JSON.stringify(sent)))).toEqual(message)
    }
  },
)

test('other values travel as ever', () => {
  const value = { at, amount: 125_000n, none: undefined, list: new Set([1]) }
  expect(transformer.serialize(value)).toEqual(superjson.serialize(value))
  expect(transformer.serialize(null)).toEqual(superjson.serialize(null))
})
