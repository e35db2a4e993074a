/**
 * Every published Juspay payload, against an independent reading of the same text (independent.ts). The payloads are
 * shared data beside the project; without them the project's own fixtures (translate.test.ts) still check the shapes.
 */
import { describe, expect, test } from 'vitest'
import type { ProviderOrder } from '../../../server/domain/provider-order.ts'
import { readResult } from '../../../server/juspay/classify.ts'
import { isObject, jsonText, parseJson } from '../../../server/juspay/json.ts'
import type { Json, JsonObject } from '../../../server/juspay/json.ts'
import { readSession } from '../../../server/juspay/session.ts'
import { refundsAreReadable, translateRefund } from '../../../server/juspay/translate-refund.ts'
import { isParseFailure, translateEvent, translateOrder } from '../../../server/juspay/translate.ts'
import { GOLDEN } from './golden.ts'
import { isPlain, items, looselyParsed, plain, sharedFiles, shifted, str } from './independent.ts'
import type { Plain } from './independent.ts'

const FOLDERS = {
  webhook: 63,
  'order-status': 66,
  refund: 13,
  session: 24,
  error: 18,
  'signed-payload': 10,
} as const

const corpus = Object.fromEntries(
  Object.keys(FOLDERS).map((folder) => [folder, sharedFiles(`juspay-samples/${folder}`)]),
)
const total = Object.values(corpus).reduce((count, files) => count + files.length, 0)

function parsed(raw: Uint8Array): Json {
  const result = parseJson(raw)
  if (!result.ok) throw new Error(result.message)
  return result.json
}

function objectOf(raw: Uint8Array): JsonObject {
  const json = parsed(raw)
  if (!isObject(json)) throw new Error('not an object')
  return json
}

/** Refund triples of an order object and of its split attempts, read independently. */
function expectedRefunds(order: Plain, currency: string): readonly unknown[] {
  const lists = [order['refunds'], ...items(order['txn_list']).map((attempt) => plain(attempt)['refunds'])]
  return lists
    .flatMap(items)
    .map(plain)
    .map((refund) => ({
      id: refund['unique_request_id'],
      status: str(refund['status'])?.toUpperCase(),
      minor: shifted(refund['amount'], currency),
      sent: refund['sent_to_gateway'] === true || refund['sent_to_gateway'] === 'true',
      ref: str(refund['ref']) === '' ? null : str(refund['ref']),
    }))
}

function expectSame(order: ProviderOrder | null, source: Plain, name: string): void {
  const currency = str(source['currency']) ?? 'INR'
  expect(order, name).not.toBeNull()
  expect(order?.orderRef, name).toBe(source['order_id'])
  expect(order?.providerStatus, name).toBe(source['status'])
  expect(order?.currency, name).toBe(str(source['currency']))
  expect(order?.amountMinor, name).toBe(shifted(source['amount'], currency))
  expect(order?.effectiveAmountMinor, name).toBe(shifted(source['effective_amount'], currency))
  const refunds = order?.refunds.map((refund) => ({
    id: refund.uniqueRequestId,
    status: refund.providerStatus,
    minor: refund.amountMinor,
    sent: refund.sentToGateway,
    ref: refund.ref,
  }))
  expect(refunds, name).toEqual(expectedRefunds(source, currency))
  expectSameAttempts(order, source, currency, name)
}

function expectSameAttempts(
  order: ProviderOrder | null,
  source: Plain,
  currency: string,
  name: string,
): void {
  const attempts = [source, ...items(source['txn_list']).map(plain)]
    .map((attempt) => ({ attempt, detail: plain(attempt['txn_detail']) }))
    .map(({ attempt, detail }) => ({
      ref: str(attempt['txn_id']) || str(detail['txn_id']),
      status: str(detail['status']) ?? str(attempt['status']),
      minor: shifted(detail['txn_amount'], currency),
    }))
    .filter(({ ref }) => ref !== null && ref !== '')
  const translated = order?.transactions.map((txn) => ({
    ref: txn.txnRef,
    status: txn.providerStatus,
    minor: txn.amountMinor,
  }))
  expect(translated, name).toEqual(attempts)
}

test('the published payloads are all there or not at all', () => {
  expect([0, 194]).toContain(total)
})

const whenPresent = total > 0 ? describe : (_title: string, _tests: () => void): void => undefined

whenPresent('published payloads', () => {
  test('each folder is complete', () => {
    for (const [folder, count] of Object.entries(FOLDERS)) expect(corpus[folder]?.length, folder).toBe(count)
  })

  test('webhooks: id, name, order, status, amounts, attempts and refunds', () => {
    for (const { name, raw } of corpus['webhook'] ?? []) {
      const source = plain(looselyParsed(raw.toString('utf8')))
      const event = translateEvent(raw)
      if (isParseFailure(event)) throw new Error(`${name}: ${event.message}`)
      expect(event.eventRef, name).toBe(str(source['id']))
      expect(event.name, name).toBe(source['event_name'])
      expect(event.family, name).not.toBe('unknown')
      expect(event.occurredAt === null, name).toBe(source['date_created'] === undefined)
      const content = plain(source['content'])
      if (isPlain(content['order'])) {
        expectSame(event.order, content['order'], name)
      } else if (isPlain(content['txn'])) {
        const txn = content['txn']
        expect(event.order?.providerStatus, name).toBeNull()
        expect(event.order?.orderRef, name).toBe(txn['order_id'])
        expect(event.order?.transactions, name).toHaveLength(1)
        expect(event.order?.transactions[0], name).toMatchObject({
          txnRef: txn['txn_id'],
          providerStatus: txn['status'],
          amountMinor: shifted(txn['txn_amount'], 'INR'),
        })
      } else {
        expect(event.order, name).toBeNull()
        expect(event.orderRef, name).toBe(str(plain(content['mandate'])['order_id']))
      }
    }
  })

  test('order status: order, status, amounts, attempts and refunds; every refund list is complete', () => {
    for (const { name, raw } of corpus['order-status'] ?? []) {
      const json = objectOf(raw)
      expectSame(translateOrder(json), plain(looselyParsed(raw.toString('utf8'))), name)
      expect(refundsAreReadable(json), name).toBe(true)
    }
  })

  test('refund answers: orders as orders, flat bodies as refunds', () => {
    const flat: string[] = []
    for (const { name, raw } of corpus['refund'] ?? []) {
      const source = plain(looselyParsed(raw.toString('utf8')))
      if (source['unique_request_id'] === undefined) {
        expectSame(translateOrder(parsed(raw)), source, name)
        continue
      }
      flat.push(name)
      expect(translateRefund(parsed(raw), 'INR'), name).toMatchObject({
        orderRef: source['order_id'],
        txnRef: source['txn_id'],
        refund: {
          uniqueRequestId: source['unique_request_id'],
          providerStatus: source['status'],
          amountMinor: shifted(source['amount'], 'INR'),
          sentToGateway: source['sent_to_gateway'],
        },
      })
    }
    expect(flat).toHaveLength(5)
  })

  test('sessions: our order, the payload unchanged, the links', () => {
    let withPayload = 0
    for (const { name, raw } of corpus['session'] ?? []) {
      const text = raw.toString('utf8')
      const source = plain(looselyParsed(text))
      const order = translateOrder(parsed(raw))
      expect(order?.orderRef, name).toBe(source['order_id'])
      expect(order?.providerStatus, name).toBe(source['status'])
      const payload = plain(plain(source['sdk_payload'])['payload'])
      const amountMinor = shifted(payload['amount'], 'INR') ?? 100n
      const session = readSession(objectOf(raw), {
        orderRef: String(source['order_id']),
        amountMinor,
        currency: 'INR',
        customerRef: '',
        routingId: 'r',
      })
      if (typeof session === 'string') throw new Error(`${name}: ${session}`)
      expect(session.paymentLinks['web'], name).toBe(plain(source['payment_links'])['web'])
      expect(session.providerOrderRef, name).toBe(source['id'])
      if (session.sdkPayloadJson === null) continue
      withPayload += 1
      expect(looselyParsed(session.sdkPayloadJson), name).toEqual(source['sdk_payload'])
    }
    expect(withPayload).toBe(16)
  })

  test('errors: refused with Juspay’s own code and sentence', () => {
    for (const { name, raw } of corpus['error'] ?? []) {
      const outer = objectOf(raw)
      const source = plain(looselyParsed(raw.toString('utf8')))
      const wrapped = isObject(outer['body'])
      const httpStatus = wrapped ? Number(source['http_status']) : 400
      const body = wrapped ? plain(source['body']) : source
      const reading = readResult(
        {
          ok: true,
          httpStatus,
          header: () => null,
          body: Buffer.from(jsonText(wrapped ? (outer['body'] ?? null) : outer)),
        },
        new Date(0),
      )
      if (reading.ok) throw new Error(`${name} was read as a success`)
      const { error } = reading
      expect(error.kind, name).toBe(httpStatus === 401 ? 'unauthorised' : 'rejected')
      if (error.kind !== 'rejected') continue
      const info = plain(body['error_info'])
      expect(error.code, name).toBe(str(body['error_code']) ?? str(info['code']) ?? str(body['code']))
      expect(error.message, name).toBe(
        str(body['error_message']) ?? str(info['developer_message']) ?? str(body['message']),
      )
    }
  })

  test('signed payloads parse, tell of no order, and are written back unchanged', () => {
    for (const { name, raw } of corpus['signed-payload'] ?? []) {
      expect(translateOrder(parsed(raw)), name).toBeNull()
      expect(looselyParsed(jsonText(parsed(raw))), name).toEqual(looselyParsed(raw.toString('utf8')))
    }
  })

  test.each(GOLDEN)('$file', ({ file, ...expected }) => {
    const [folder = '', name = ''] = file.split('/')
    const sample = corpus[folder]?.find((candidate) => candidate.name.startsWith(`${name}-`))
    if (!sample) throw new Error(`${file} is missing`)
    const event = folder === 'webhook' ? translateEvent(sample.raw) : null
    if (event !== null && isParseFailure(event)) throw new Error(event.message)
    const order = event === null ? translateOrder(parsed(sample.raw)) : event.order
    expect({
      order: order?.orderRef,
      status: order?.providerStatus,
      minor: order?.amountMinor,
      effective: order?.effectiveAmountMinor,
      attempts: order?.transactions.map((txn) => `${txn.txnRef} ${txn.providerStatus}`),
      refunds: order?.refunds.map(
        (entry) => `${entry.uniqueRequestId} ${entry.providerStatus} ${entry.amountMinor}`,
      ),
      statedAt: order?.statedAt?.toISOString() ?? null,
    }).toEqual(expected)
  })
})
