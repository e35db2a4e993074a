/**
 * How much of what Juspay publishes the sandbox says in the same shape: field names, types and nullness. What it does
 * not say has a reason; a published field with neither fails.
 */
import { generateKeyPairSync } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SCENARIOS } from '../../../server/sandbox/scenario-steps.ts'
import { fixtureText } from '../../support/juspay-fixtures/fixtures.ts'
import { REASONS, ShapePool, type Field } from './sample-shapes.ts'
import { startHarness, type Answer, type Harness, type Json } from './support.ts'

const SAMPLES = join(import.meta.dirname, '../../../../shared/data/juspay-samples')
const FOLDERS = ['session', 'order-status', 'refund', 'error'] as const

const spoken = new ShapePool()
let harness: Harness

beforeAll(async () => {
  harness = await startHarness()
  await payments()
  await sessions()
  await refusals()
}, 120_000)

afterAll(() => harness.close())

const say = (answer: Answer) => spoken.add(answer.body)

/** Every scenario with every kind of instrument, looked at before and after a refund. */
async function payments(): Promise<void> {
  const wishes = SCENARIOS.flatMap((scenario) =>
    ['UPI', 'CARD', 'NB', 'WALLET'].map((paymentMethodType) => ({ scenario, paymentMethodType })),
  )
  for (const [n, wish] of wishes.entries()) {
    const orderId = `SHAPE${n}`
    const customer = { customerId: 'c', customerEmail: 'a@example.test', customerPhone: '9999999999' }
    const metadata = n % 2 === 0 ? {} : { 'JUSPAY:gateway_reference_id': 'acct_1' }
    await harness.control('POST', '/control/orders', {
      orderId,
      amount: '10.80',
      ...customer,
      metadata,
      ...wish,
    })
    await harness.sandbox.control.advance(60_000)
    say(await harness.call('GET', `/orders/${orderId}?options.add_full_gateway_response=true`))
    say(await harness.refund(orderId, `RF${orderId}`, '1'))
    await harness.sandbox.control.advance(60_000)
    spoken.add(await harness.status(orderId))
    const transactions = await harness.status(orderId)
    const txnId = transactions['txn_id']
    if (typeof txnId === 'string')
      say(await harness.call('POST', '/refunds', { txn_id: txnId, unique_request_id: `TX${n}`, amount: '1' }))
  }
}

async function sessions(): Promise<void> {
  const session = {
    order_id: 'SESSION1',
    amount: '10.80',
    payment_page_client_id: 'paydeskdemo',
    customer_id: 'c',
    action: 'paymentPage',
    return_url: 'https://shop.test/',
    customer_email: 'a@example.test',
    customer_phone: '9999999999',
    first_name: 'A',
    last_name: 'B',
    description: 'd',
    'options.create_mandate': 'REQUIRED',
    'mandate.max_amount': '1.0',
    'mandate.start_date': '1',
    'mandate.end_date': '2',
  }
  say(await harness.postJson('/session', session))
  const order = { amount: '10.80', 'options.get_client_auth_token': 'true' }
  say(await harness.call('POST', '/orders', { order_id: 'ORDER1', ...order }))
  const response = await fetch(`${harness.address}/orders`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('sandbox-api-key:')}`, 'x-merchantid': 'paydeskdemo' },
    body: new URLSearchParams({ order_id: 'ORDER2', ...order }),
  })
  spoken.add(await response.json())
  say(await harness.call('POST', '/orders/ORDER1', { amount: '11' }))
  const attempt = { payment_method_type: 'NB', payment_method: 'NB_HDFC' }
  say(await harness.call('POST', '/txns', { 'order.order_id': 'ORDER3', 'order.amount': '5', ...attempt }))
}

/** One refusal of each family (reference 9.6). */
async function refusals(): Promise<void> {
  say(await harness.call('GET', '/orders/NOSUCH'))
  say(await harness.call('GET', '/orders/NOSUCH', {}, { authorization: 'Basic eA==' }))
  say(await harness.refund('NOSUCH', 'R1', '1'))
  say(await harness.refund('SHAPE0', 'R2', '99999'))
  say(await harness.postJson('/session', {}))
  say(await harness.postJson('/session', { order_id: 'no good', amount: '1' }))
  say(await harness.postJson('/session', { order_id: 'X', amount: '1', payment_page_client_id: 'x' }))
  say(await harness.call('POST', '/customers', { object_reference_id: 'short' }))
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  await harness.control('POST', '/control/jwt-keys', {
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }),
  })
  say(await harness.postJson('/v4/session', { header: 'x' }))
}

function bodyOf(folder: string, text: string): unknown {
  const parsed: Json = JSON.parse(text)
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
  why: Map<string, number>
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
    const missing = spoken.missing(body)
    const fields = fieldCount(body)
    found.fields += fields
    found.same += fields - missing.length
    if (missing.length === 0) found.whole += 1
    for (const field of missing) {
      const reason = reasonOf(field) ?? otherCall(folder, name)
      if (reason === null) found.unexplained.push(`${folder}/${name} ${field.path}: ${field.type}`)
      else found.why.set(reason, (found.why.get(reason) ?? 0) + 1)
    }
  }
  return found
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
  const reasons = [...why].sort(([, a], [, b]) => b - a).map(([reason, count]) => `    ${count} × ${reason}`)
  process.stdout.write(
    [`  ${folder}: ${whole} of ${files} bodies whole, ${same} of ${fields} fields`, ...reasons, ''].join(
      '\n',
    ),
  )
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
  })
})
