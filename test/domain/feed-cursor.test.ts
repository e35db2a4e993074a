import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareFeedCursors, readFeedCursor } from '../../server/domain/feed-cursor.ts'

test.each([
  '',
  '1',
  '1:',
  ':1',
  '1:1:1',
  '-1:1',
  '1.0:1',
  ' 1:1',
  '18446744073709551616:1',
  '1:9223372036854775808',
])('%j is no cursor', (text) => {
  expect(readFeedCursor(text)).toBeNull()
  expect(() => compareFeedCursors(text, '1:1')).toThrow(RangeError)
})

test('the largest numbers of the database are', () => {
  expect(readFeedCursor('18446744073709551615:9223372036854775807')).toEqual({
    xid: 2n ** 64n - 1n,
    seq: 2n ** 63n - 1n,
  })
})

test('cursors sort by transaction, then by number, as numbers', () => {
  const part = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n })
  fc.assert(
    fc.property(part, part, part, part, (xid, seq, otherXid, otherSeq) => {
      const found = compareFeedCursors(`${xid}:${seq}`, `${otherXid}:${otherSeq}`)
      const expected = xid === otherXid ? seq - otherSeq : xid - otherXid
      expect(Math.sign(found)).toBe(expected === 0n ? 0 : expected < 0n ? -1 : 1)
    }),
  )
  expect(compareFeedCursors('9:2', '10:1')).toBeLessThan(0)
})
