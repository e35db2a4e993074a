import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseJson } from '../../../server/juspay/json.ts'
import type { Json } from '../../../server/juspay/json.ts'

/** Names of the hand-written bodies beside this file: our own, in every shape Juspay's take. */
export type FixtureName =
  | 'order-charged-upi'
  | 'order-split-refunds'
  | 'webhook-masked'
  | 'webhook-txn-failed'
  | 'webhook-spilled-no-id'
  | 'webhook-mandate'
  | 'webhook-notification'
  | 'refund-flat'
  | 'session'

/** The raw text of one fixture. */
export function fixtureText(name: FixtureName): string {
  return readFileSync(join(import.meta.dirname, `${name}.json`), 'utf8')
}

/** One fixture, parsed without loss. */
export function fixtureJson(name: FixtureName): Json {
  const parsed = parseJson(fixtureText(name))
  if (!parsed.ok) throw new Error(`${name}: ${parsed.message}`)
  return parsed.json
}
