/** Answers of Juspay that were changed at random, and a reading of them that shares nothing with the adapter's. */
import { z } from 'zod'

type Random = () => number

const pickOf = <T>(random: Random, list: readonly T[]): T | undefined =>
  list[Math.floor(random() * list.length)]
const STRANGE: readonly unknown[] = [
  null,
  {},
  [],
  '',
  'FILTERED',
  'true',
  -1,
  0,
  1e21,
  '25.001',
  '\u0000',
  'SUCCESS',
]
const WORDS = ['PENDING', 'SUCCESS', 'FAILURE', 'MANUAL_REVIEW', 'ON_HOLD', 'success', 'REFUNDED', '']

type Node = { owner: Record<string, unknown> | unknown[]; key: string }

function nodesOf(value: unknown, found: Node[] = []): Node[] {
  if (typeof value !== 'object' || value === null) return found
  const owner = value as Record<string, unknown>
  for (const key of Object.keys(owner)) {
    found.push({ owner, key })
    nodesOf(owner[key], found)
  }
  return found
}

/** One to three changes: of a value, its type or its name, of the status word, of bytes, or of the length. */
export function mutated(body: string, key: string, random: Random): string {
  let text = body
  for (let change = Math.ceil(random() * 3); change > 0; change -= 1) text = mutateOnce(text, key, random)
  return text
}

function mutateOnce(text: string, key: string, random: Random): string {
  const at = Math.floor(random() * text.length)
  switch (Math.floor(random() * 6)) {
    case 0:
      return text.slice(0, at) + String.fromCharCode(Math.floor(random() * 128)) + text.slice(at + 1)
    case 1:
      return text.slice(0, at)
    case 2:
      return text.replace(key, key.slice(0, -1) + (key.endsWith('0') ? '1' : '0'))
    case 3:
      return text.replaceAll('"PENDING"', JSON.stringify(pickOf(random, WORDS)))
    default:
      return changeValue(text, random)
  }
}

function changeValue(text: string, random: Random): string {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return text
  }
  const node = pickOf(random, nodesOf(parsed))
  if (node === undefined) return text
  if (random() < 0.4) Reflect.deleteProperty(node.owner, node.key)
  else Reflect.set(node.owner, node.key, pickOf(random, STRANGE))
  return JSON.stringify(parsed)
}

const order = z.looseObject({ order_id: z.string(), refunds: z.array(z.unknown()) })
const entry = z.looseObject({ unique_request_id: z.string(), status: z.string(), amount: z.unknown() })

/**
 * The word of our refund in an answer that is about our order, with our key and our amount; null when it is not to be
 * trusted. In upper case: "Failure" was published beside "FAILURE" (API reference §5.4).
 */
export function wordIn(
  text: string,
  asked: { orderRef: string; key: string; amount: string },
): string | null {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return null
  }
  const read = order.safeParse(parsed)
  if (!read.success || read.data.order_id.toLowerCase() !== asked.orderRef.toLowerCase()) return null
  for (const candidate of read.data.refunds) {
    const refund = entry.safeParse(candidate)
    if (!refund.success || refund.data.unique_request_id.trim() !== asked.key) continue
    return Number(refund.data.amount) === Number(asked.amount)
      ? refund.data.status.trim().toUpperCase()
      : null
  }
  return null
}
