/**
 * A second, unrelated reading of Juspay bodies, so that the tests do not ask the adapter to agree with itself. It uses
 * the engine's JSON.parse with source text access and its own arithmetic on decimal text.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export type Plain = { readonly [key: string]: unknown }

/** Parses JSON with every number replaced by its source text. */
export function looselyParsed(text: string): unknown {
  const reviver = (_key: string, value: unknown, context: { source?: string }): unknown =>
    typeof value === 'number' ? context.source : value
  return Reflect.apply(JSON.parse, JSON, [text, reviver])
}

export function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function plain(value: unknown): Plain {
  return isPlain(value) ? value : {}
}

export function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

export function str(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

/** Decimal text to minor units by moving the point; null for anything that is not digits and a point. */
export function shifted(value: unknown, currency: string): bigint | null {
  if (typeof value !== 'string' || !/^[0-9]+(\.[0-9]+)?$/.test(value)) return null
  const places = currency === 'JPY' ? 0 : 2
  const [whole = '', fraction = ''] = value.split('.')
  return BigInt(whole) * 10n ** BigInt(places) + BigInt(fraction.padEnd(places, '0').slice(0, places) || '0')
}

const SAMPLES = join(import.meta.dirname, '../../../../shared/data')

/** The files of one folder of shared test data, or an empty list (said plainly) when it is not beside the project. */
export function sharedFiles(folder: string): readonly { name: string; raw: Buffer }[] {
  const directory = join(SAMPLES, folder)
  if (!existsSync(directory)) {
    console.warn(`../shared/data/${folder} is not there: only the project's own fixtures are checked.`)
    return []
  }
  return readdirSync(directory)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({ name, raw: readFileSync(join(directory, name)) }))
}
