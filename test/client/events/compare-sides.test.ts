import { expect, test } from 'vitest'
import { defaultSides, sideChoices } from '../../../client/features/events/compare-sides.ts'
import { hexLines } from '../../../client/features/events/hex-lines.ts'
import { orderOf, sideInput } from '../../../client/lib/message-sides.ts'
import { eventDetail, eventRow } from './event-rows.ts'

const check = (id: string, at: number) => ({ id, askedAt: new Date(at), outcome: 'no_change' })

test('the event before it is the first thing to compare with', () => {
  const event = eventDetail(2, { previousEventId: eventRow(1).id })
  const related = { events: [event, eventRow(1)], checks: [check('c1', 0)] }
  expect(defaultSides(event, related)).toEqual({
    left: `event:${eventRow(1).id}`,
    right: `event:${event.id}`,
  })
})

test('else the status answer nearest in time, else our record', () => {
  const event = eventDetail(2)
  const at = event.receivedAt.getTime()
  const checks = [check('far', at - 90_000), check('near', at + 5_000)]
  expect(defaultSides(event, { events: [event], checks }).right).toBe('check:near')
  expect(defaultSides(event, { events: [event], checks: [] }).right).toBe('record')
})

test('every choice is one the server understands', () => {
  const event = eventDetail(2)
  const choices = sideChoices(event, { events: [eventRow(1)], checks: [check('c1', 0)] }, 'IST')
  expect(choices.map(({ value }) => sideInput(value))).toEqual([
    { kind: 'event', id: event.id },
    { kind: 'event', id: eventRow(1).id },
    { kind: 'check', id: 'c1' },
    { kind: 'record' },
  ])
})

test('a webhook is laid beside a status answer by its order', () => {
  expect(orderOf({ content: { order: { a: 1 } } })).toEqual({ a: 1 })
  expect(orderOf({ content: { mandate: { a: 1 } } })).toEqual({ mandate: { a: 1 } })
  expect(orderOf({ order_id: 'x' })).toEqual({ order_id: 'x' })
  expect(orderOf(null)).toBe(null)
})

test('bytes are shown in hexadecimal, hidden ones as hidden', () => {
  expect(hexLines('A\u0000\u00ff•')).toBe(`00000000  ${'41 00 ff ••'.padEnd(47)}  A..•`)
  expect(hexLines('x'.repeat(17)).split('\n')).toHaveLength(2)
})
