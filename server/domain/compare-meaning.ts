/** What a comparison of two messages about an order comes to, as one line. Pure. */
import { describeStatus, statusLevel } from './payment-status.ts'

/** One side: what it is, when it reached us, and the order's status it tells; null where it does not say. */
export type ComparedSide = { kind: 'event' | 'check' | 'record'; at: Date | null; status: string | null }

const NAMES: Readonly<Record<ComparedSide['kind'], string>> = {
  event: 'webhook',
  check: 'status answer',
  record: 'record',
}

/**
 * The meaning of two sides beside our record.
 * @param record Juspay's word that our record holds now
 * @param differing how many fields differ
 */
export function compareMeaning(
  [before, after]: readonly [ComparedSide, ComparedSide],
  record: string,
  differing: number,
): string {
  if (differing === 0) return 'Both say the same.'
  const fields = differing === 1 ? '1 field differs' : `${differing} fields differ`
  if (before.status === after.status)
    return after.status === null
      ? `${fields}.`
      : `${fields}; both sides agree that the order is ${after.status}.`
  if (before.status === null) return `${fields}. ${onlyOneSays(after, before)}`
  if (after.status === null) return `${fields}. ${onlyOneSays(before, after)}`
  if (before.kind === 'record' || after.kind === 'record') {
    const other = before.kind === 'record' ? after : before
    return `Our record says ${record}, the ${NAMES[other.kind]} ${other.status ?? ''}. ${whyNot(record, other.status)}`
  }
  const [older, newer] = isLater(before, after) ? [after, before] : [before, after]
  const name = older.kind === newer.kind ? `later ${NAMES[newer.kind]}` : NAMES[newer.kind]
  const won = record === newer.status ? ' is newer and won.' : ' is newer.'
  const stands = record === older.status ? ` ${whyNot(record, newer.status)}` : ''
  return `The ${name}${won} It says ${newer.status ?? ''}, the older ${older.status ?? ''}. Our record says ${record}.${stands}`
}

/** A side that tells no status agrees with nothing: a webhook about a refund need not say how the payment stands. */
function onlyOneSays(says: ComparedSide, silent: ComparedSide): string {
  const who = says.kind === 'record' ? 'Our record' : `The ${NAMES[says.kind]}`
  const other = says.kind === silent.kind ? `other ${NAMES[silent.kind]}` : NAMES[silent.kind]
  return `${who} says that the order is ${says.status ?? ''}; the ${other} tells no status.`
}

function isLater(a: ComparedSide, b: ComparedSide): boolean {
  return (a.at?.getTime() ?? 0) > (b.at?.getTime() ?? 0)
}

/** Why our record does not follow a word: a status never goes back (invariant J5). */
function whyNot(record: string, told: string | null): string {
  if (told === null) return ''
  return statusLevel(record) > statusLevel(told)
    ? `A later word never takes ${describeStatus(record).label.toLowerCase()} back.`
    : 'Check status if it stays so.'
}

/** The order's status inside a message: of a webhook's envelope, a status answer or our record. */
export function statusIn(order: unknown): string | null {
  if (typeof order !== 'object' || order === null || !Object.hasOwn(order, 'status')) return null
  const status: unknown = Reflect.get(order, 'status')
  return typeof status === 'string' ? status : null
}
