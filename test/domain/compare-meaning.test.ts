import { describe, expect, test } from 'vitest'
import { compareMeaning, statusIn, type ComparedSide } from '../../server/domain/compare-meaning.ts'

const at = (second: number) => new Date(Date.UTC(2026, 10, 22, 9, 0, second))
const event = (second: number, status: string | null): ComparedSide => ({
  kind: 'event',
  at: at(second),
  status,
})
const check = (second: number, status: string | null): ComparedSide => ({
  kind: 'check',
  at: at(second),
  status,
})
const record: ComparedSide = { kind: 'record', at: null, status: 'CHARGED' }

describe('what a comparison comes to', () => {
  test.each<[string, readonly [ComparedSide, ComparedSide], number, string]>([
    ['nothing differs', [event(1, 'CHARGED'), check(2, 'CHARGED')], 0, 'Both say the same.'],
    [
      'the newer one won, whichever stands first',
      [check(9, 'CHARGED'), event(1, 'PENDING_VBV')],
      2,
      'The status answer is newer and won. It says CHARGED, the older PENDING_VBV. Our record says CHARGED.',
    ],
    [
      'a charge is not taken back',
      [event(1, 'CHARGED'), event(5, 'AUTHORIZATION_FAILED')],
      3,
      'The later webhook is newer. It says AUTHORIZATION_FAILED, the older CHARGED. Our record says CHARGED. A later word never takes charged back.',
    ],
    [
      'our record against a message',
      [record, event(5, 'PENDING_VBV')],
      3,
      'Our record says CHARGED, the webhook PENDING_VBV. A later word never takes charged back.',
    ],
    [
      'the same status',
      [event(1, 'CHARGED'), check(2, 'CHARGED')],
      1,
      '1 field differs; both sides agree that the order is CHARGED.',
    ],
    [
      'one side tells no status, which is not to agree',
      [event(1, null), record],
      18,
      '18 fields differ. Our record says that the order is CHARGED; the webhook tells no status.',
    ],
    [
      'one of two webhooks tells no status',
      [event(1, 'CHARGED'), event(2, null)],
      1,
      '1 field differs. The webhook says that the order is CHARGED; the other webhook tells no status.',
    ],
    ['no status told', [event(1, null), check(2, null)], 2, '2 fields differ.'],
  ])('%s', (_name, sides, differing, line) => {
    expect(compareMeaning(sides, 'CHARGED', differing)).toBe(line)
  })

  test('the status is read of the order only', () => {
    expect(statusIn({ status: 'CHARGED' })).toBe('CHARGED')
    expect(statusIn({ status: 21 })).toBeNull()
    expect(statusIn(null)).toBeNull()
    expect(statusIn('CHARGED')).toBeNull()
  })
})
