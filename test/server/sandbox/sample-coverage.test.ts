/**
 * How much of what Juspay publishes the sandbox says in the same shape: field names, types and nullness. What it does
 * not say has a reason; a published field with neither fails.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fixtureText } from '../../support/juspay-fixtures/fixtures.ts'
import { REASONS, ShapePool, unfolded, type Field } from './sample-shapes.ts'
import { signPayloads, speak } from './sample-speech.ts'
import { startHarness, type Harness, type Json } from './support.ts'

const SAMPLES = join(import.meta.dirname, '../../../../shared/data/juspay-samples')
const FOLDERS = ['session', 'order-status', 'refund', 'error', 'signed-payload'] as const

const spoken = new ShapePool()
/** What goes the other way: payloads that start the SDK, made by Paydesk and taken by the sandbox. */
const sent = new ShapePool()
let harness: Harness

beforeAll(async () => {
  harness = await startHarness()
  await speak(harness, (body) => spoken.add(body))
  await signPayloads(harness, (body) => sent.add(unfolded(body)))
}, 180_000)

afterAll(() => harness.close())

const poolOf = (folder: string) => (folder === 'signed-payload' ? sent : spoken)

function bodyOf(folder: string, text: string): unknown {
  const parsed: Json = JSON.parse(text)
  if (folder === 'signed-payload') return unfolded(parsed)
  return folder === 'error' && 'http_status' in parsed ? parsed['body'] : parsed
}

const reasonOf = ({ path }: Field) => REASONS.find(({ fits }) => fits.test(path))?.reason ?? null

/** Error bodies of calls that the sandbox does not have: their fields may be anything. */
const OTHER_CALLS =
  /payment-links|tokenization|card-tokenize|mandates|lazypay|split-settlement|sessionapiresp|moto/

type Measured = {
  files: number
  whole: number
  fields: number
  same: number
  unexplained: string[]
  /** Every field that is not said, by its reason. */
  why: Map<string, Map<string, number>>
}

function measure(folder: string, files: readonly { name: string; text: string }[]): Measured {
  const found: Measured = {
    files: files.length,
    whole: 0,
    fields: 0,
    same: 0,
    unexplained: [],
    why: new Map(),
  }
  for (const { name, text } of files) {
    const body = bodyOf(folder, text)
    const all = new ShapePool()
    all.add(body)
    const missing = poolOf(folder).missing(body)
    const fields = fieldCount(body)
    found.fields += fields
    found.same += fields - missing.length
    if (missing.length === 0) found.whole += 1
    for (const field of missing) {
      const reason = reasonOf(field) ?? otherCall(folder, name)
      if (reason === null) found.unexplained.push(`${folder}/${name} ${field.path}: ${field.type}`)
      else note(found.why, reason, field.path)
    }
  }
  return found
}

function note(why: Measured['why'], reason: string, path: string): void {
  const paths = why.get(reason) ?? new Map<string, number>()
  why.set(reason, paths.set(path, (paths.get(path) ?? 0) + 1))
}

function fieldCount(body: unknown): number {
  return new ShapePool().missing(body).length
}

function otherCall(folder: string, name: string): string | null {
  return folder === 'error' && OTHER_CALLS.test(name)
    ? 'an error of a call that the sandbox does not have'
    : null
}

function tell(folder: string, { files, whole, fields, same, why }: Measured): void {
  const reasons = [...why]
    .map(([reason, paths]) => ({ reason, paths, count: [...paths.values()].reduce((sum, n) => sum + n, 0) }))
    .sort((a, b) => b.count - a.count)
    .flatMap(({ reason, paths, count }) => [
      `    ${count} × ${reason}`,
      ...[...paths].map(([path, n]) => `        ${path}${n === 1 ? '' : ` (${n})`}`),
    ])
  process.stdout.write(
    [`  ${folder}: ${whole} of ${files} bodies whole, ${same} of ${fields} fields`, ...reasons, ''].join(
      '\n',
    ),
  )
}

/** Bodies that are said whole, field for field; less would be a step back. */
const WHOLE_MIN: Readonly<Record<(typeof FOLDERS)[number], number>> = {
  session: 15,
  'order-status': 33,
  refund: 10,
  error: 15,
  'signed-payload': 4,
}

describe('the sandbox beside what Juspay publishes', () => {
  test.each(['order-charged-upi', 'session'] as const)(
    'our own fixture %s is said whole or with reasons',
    (name) => {
      const missing = spoken.missing(JSON.parse(fixtureText(name)))
      expect(missing.filter((field) => reasonOf(field) === null)).toEqual([])
      expect(fieldCount(JSON.parse(fixtureText(name)))).toBeGreaterThan(10)
    },
  )

  test('a field that nobody says is found', () => {
    expect(spoken.missing({ status: 'CHARGED', amount: 'text', made_up: 1 })).toEqual([
      { path: 'amount', type: 'string' },
      { path: 'made_up', type: 'number' },
    ])
  })

  test.each(FOLDERS)('every published field of %s is said or has a reason', (folder) => {
    const directory = join(SAMPLES, folder)
    if (!existsSync(directory)) {
      process.stdout.write(
        `  ../shared/data/juspay-samples/${folder} is not there: only our own fixtures are compared.\n`,
      )
      return
    }
    const files = readdirSync(directory)
      .filter((name) => name.endsWith('.json'))
      .map((name) => ({ name, text: readFileSync(join(directory, name), 'utf8') }))
    const measured = measure(folder, files)
    tell(folder, measured)
    expect(measured.unexplained).toEqual([])
    expect(measured.same / measured.fields).toBeGreaterThan(0.5)
    expect(measured.whole).toBeGreaterThanOrEqual(WHOLE_MIN[folder])
  })
})
