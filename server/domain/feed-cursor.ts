/**
 * Places in the live feed: the transaction that wrote an item, then its number. Items are ordered by both as numbers,
 * never by their text, and an item is told only once no older transaction can add one before it (J8).
 */
const CURSOR = /^(\d{1,20}):(\d{1,19})$/
/** PostgreSQL's xid8 and bigint: what is larger would be an error there. */
const XID_MAX = 2n ** 64n - 1n
const SEQ_MAX = 2n ** 63n - 1n

export type FeedPlace = { xid: bigint; seq: bigint }

/** The place that a cursor names, or null when the text is no cursor. */
export function readFeedCursor(text: string): FeedPlace | null {
  const found = CURSOR.exec(text)
  if (!found) return null
  const xid = BigInt(found[1] ?? '')
  const seq = BigInt(found[2] ?? '')
  return xid > XID_MAX || seq > SEQ_MAX ? null : { xid, seq }
}

/** Negative when `a` comes before `b`, positive when after, 0 for the same place. @throws RangeError for no cursor */
export function compareFeedCursors(a: string, b: string): number {
  if (a === b) return 0
  const [one, other] = [demandPlace(a), demandPlace(b)]
  if (one.xid !== other.xid) return one.xid < other.xid ? -1 : 1
  if (one.seq === other.seq) return 0
  return one.seq < other.seq ? -1 : 1
}

function demandPlace(text: string): FeedPlace {
  const place = readFeedCursor(text)
  if (!place) throw new RangeError('not a feed cursor')
  return place
}
