import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isParseFailure, translateEvent } from '../../../server/juspay/translate.ts'
import { fixtureText } from '../../support/juspay-fixtures/fixtures.ts'
import type { FixtureName } from '../../support/juspay-fixtures/fixtures.ts'

describe('whatever is sent', () => {
  const bodies = (
    [
      'order-charged-upi',
      'order-split-refunds',
      'webhook-masked',
      'webhook-txn-failed',
      'webhook-spilled-no-id',
    ] as const
  ).map((name: FixtureName) => JSON.parse(fixtureText(name)))

  test('no JSON value makes translation throw', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom('order', 'txn', 'refund', 'mandate', 'spilled'),
        (value, kind) => {
          const content = kind === 'spilled' ? value : { [kind]: value }
          const raw = JSON.stringify({ id: value, event_name: value, date_created: value, content })
          expect(isParseFailure(translateEvent(raw))).toBe(false)
          expect(() => translateEvent(JSON.stringify(value))).not.toThrow()
        },
      ),
      { numRuns: 2000 },
    )
  })

  test('no mutation of a real shape makes translation throw', () => {
    const replacement = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(
        'FILTERED',
        {},
        null,
        '',
        'null',
        '1111111',
        -1,
        1e21,
        '9'.repeat(400),
        ['FILTERED'],
        '{"a":',
      ),
    )
    fc.assert(
      fc.property(fc.constantFrom(...bodies), fc.nat(), replacement, (body, at, value) => {
        const copy: unknown = structuredClone(body)
        const places = placesOf(copy)
        const place = places[at % places.length]
        if (place) Reflect.set(place.holder, place.key, value)
        const raw = JSON.stringify(isWrapped(copy) ? copy : { content: { order: copy } })
        const translated = translateEvent(raw)
        expect(isParseFailure(translated)).toBe(false)
      }),
      { numRuns: 2000 },
    )
  })
})

type Place = { holder: object; key: string }

/** Every member of every object and list inside a value. */
function placesOf(value: unknown): readonly Place[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) => [{ holder: value, key }, ...placesOf(member)])
}

function isWrapped(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'content' in value
}
