/** Every row of the table in reliability §2.3, over real sockets: what Juspay or the network does, and what we conclude. */
import { afterEach, describe, expect, test } from 'vitest'
import type { ServerResponse } from 'node:http'
import { createJuspayClient } from '../../../server/juspay/client.ts'
import type { JuspayClient, RefundResult } from '../../../server/juspay/client.ts'
import { describeError, mayHaveActed } from '../../../server/domain/provider-error.ts'
import { CONNECTIONS_MAX, RESPONSE_BYTES_MAX } from '../../../server/juspay/http.ts'
import { httpHost, tcpHost } from './local-host.ts'

const closing: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

function clientOf(baseUrl: string, timeouts = { connectMs: 1_000, totalMs: 5_000 }): JuspayClient {
  const client = createJuspayClient({
    baseUrl,
    merchantId: 'paydeskdemo',
    clientId: 'paydeskdemo',
    apiKey: 'sk_test_key',
    apiVersion: '2024-01-01',
    timeouts,
  })
  closing.push(() => client.close())
  return client
}

function refundWith(client: JuspayClient): Promise<RefundResult> {
  return client.refund({
    orderRef: 'PD1',
    uniqueRequestId: 'PDKEY1',
    amountMinor: 500n,
    currency: 'INR',
    routingId: 'buyer-7',
  })
}

/** The refund call against a host that answers as told. */
async function against(
  answer: (response: ServerResponse) => void,
  timeouts?: { connectMs: number; totalMs: number },
): Promise<RefundResult> {
  const host = await httpHost((_request, response) => answer(response))
  closing.push(() => host.close())
  return refundWith(clientOf(host.url, timeouts))
}

function json(status: number, body: string, headers: Record<string, string> = {}) {
  return (response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(body)
  }
}

function errorOf(result: RefundResult) {
  if (result.ok) throw new Error('the call succeeded')
  return result.error
}

describe('refusals in Juspay’s own words', () => {
  test.each([
    [
      '{"status_id":-1,"status":"ERROR","error_code":"duplicate.call","error_message":"A refund call was already completed with this unique_request_id for the order."}',
      'duplicate_id',
    ],
    [
      '{"status_id":"-1","status":"ERROR","error_code":"duplicate.call","error_message":"A refund call was already processing with this amount for the order."}',
      'duplicate_amount',
    ],
    ['{"status_id":-1,"status":"ERROR","error_code":"duplicate.call"}', 'duplicate_id'],
    ['{"status":"error","error_info":{"code":"DUPLICATE_REQUEST","category":"USER_ERROR"}}', 'duplicate_id'],
    [
      '{"status_id":-1,"status":"ERROR","error_code":"invalid.amount.exceeded","error_message":"Refund amount exceeds the refundable amount."}',
      'amount_exceeds',
    ],
    [
      '{"status_id":-1,"status":"ERROR","error_code":"invalid amount","error_message":"Amount is invalid."}',
      'amount_invalid',
    ],
    [
      '{"status_id":-1,"status":"ERROR","error_code":"invalid.order.not_successful","error_message":"Cannot process unsuccessful order."}',
      'not_charged',
    ],
    [
      '{"status":"Bad Request","error_code":"Mandatory fields are missing","error_message":"Mandatory fields are missing"}',
      'mandatory_missing',
    ],
    ['{"status":"Bad Request","error_code":"mandatory.fields.missing"}', 'mandatory_missing'],
    ['{"status":"ERROR","error_code":"request.exceeded","error_message":"Too many"}', 'too_many'],
    ['{"status_id":40,"status":"NOT_FOUND","order_id":"PD1"}', 'not_found'],
    ['{"status":"error","error_code":"order_not_found"}', 'not_found'],
    [
      '{"status":"ERROR","error_code":"No txn Found","error_info":{"code":"RESOURCE_NOT_FOUND"}}',
      'not_found',
    ],
    [
      '{"status":"Invalid Request","error_code":"bad_request","error_message":"Please send order_id"}',
      'other',
    ],
    ['{"error":true,"error_message":"INVALID_REQUEST","user_message":"wrong"}', 'other'],
    ['{"error_info":{"code":"NETWORK_ERROR_CODE","user_message":"x"}}', 'other'],
    ['{"session_id":"s","user_message":"u","code":"INVALID_REQUEST","type":"t","message":"m"}', 'other'],
  ])('400 %s', async (body, reason) => {
    const error = errorOf(await against(json(400, body)))
    expect(error).toMatchObject({ kind: 'rejected', reason, httpStatus: 400 })
    expect(mayHaveActed(error)).toBe(false)
  })

  test('404 with the not-found body is the same as 400 with it', async () => {
    expect(
      errorOf(await against(json(404, '{"status_id":40,"status":"NOT_FOUND","order_id":"PD1"}'))),
    ).toMatchObject({
      kind: 'rejected',
      reason: 'not_found',
      httpStatus: 404,
      statusId: 40,
    })
  })

  test('keeps code, sentence and support id', async () => {
    const body =
      '{"status":"ERROR","error_code":"x.y","error_message":"Sentence.","error_info":{"request_id":"support-1","code":"INVALID_INPUT"}}'
    const error = errorOf(await against(json(400, body)))
    expect(error).toMatchObject({ code: 'x.y', message: 'Sentence.', providerRequestId: 'support-1' })
    expect(describeError(error)).toBe('Juspay refused (x.y): Sentence.')
  })

  test.each([401, 403])('%d is our configuration, whatever the body', async (status) => {
    const body =
      '{"status":"error","error_code":"access_denied","error_info":{"user_message":"Unauthorized."}}'
    expect(errorOf(await against(json(status, body)))).toMatchObject({
      kind: 'unauthorised',
      httpStatus: status,
      code: 'access_denied',
    })
    expect(errorOf(await against(json(status, '<html>', { 'content-type': 'text/html' })))).toMatchObject({
      kind: 'unauthorised',
      code: null,
    })
  })
})

describe('throttled', () => {
  test.each([
    ['7', 7_000],
    ['999999', 3_600_000],
    ['soon', null],
    ['Thu, 01 Jan 2004 00:00:00 GMT', 0],
  ])('429 with Retry-After %s', async (value, retryAfterMs) => {
    expect(errorOf(await against(json(429, '{}', { 'retry-after': value })))).toEqual({
      kind: 'unavailable',
      cause: 'throttled',
      code: null,
      retryAfterMs,
    })
  })
})

describe('nobody knows', () => {
  const good = '{"order_id":"PD1","refunds":[{"unique_request_id":"PDKEY1","status":"PENDING","amount":5}]}'

  test('the same body with nothing wrong is a success', async () => {
    expect((await against(json(200, good))).ok).toBe(true)
  })

  test.each([
    ['500', json(500, '{"error_code":"INTERNAL_ERROR"}'), 'server_error'],
    ['502 with HTML', json(502, '<html>', { 'content-type': 'text/html' }), 'server_error'],
    ['503', json(503, good), 'server_error'],
    ['302', json(302, '', { location: 'http://127.0.0.1:1/' }), 'redirect'],
    ['304', json(304, ''), 'redirect'],
    ['200 with HTML', json(200, '<html>ok</html>', { 'content-type': 'text/html' }), 'content_type'],
    ['200 as plain text', json(200, good, { 'content-type': 'text/plain' }), 'content_type'],
    ['200 compressed', json(200, good, { 'content-encoding': 'gzip' }), 'content_type'],
    ['200 with nothing', json(200, ''), 'empty'],
    ['204', json(204, ''), 'empty'],
    ['200 with blanks', json(200, ' \n'), 'empty'],
    ['200 with half a body', json(200, good.slice(0, -3)), 'not_json'],
    ['200 with a list', json(200, '[]'), 'undocumented'],
    ['400 with HTML', json(400, '<html>', { 'content-type': 'text/html' }), 'content_type'],
    ['404 of a proxy', json(404, '{"message":"no Route matched with those values"}'), 'undocumented'],
    ['404 of a framework', json(404, '{"status":404,"error":"Not Found","path":"/x"}'), 'undocumented'],
    ['404 with a code of its own', json(404, '{"code":404,"message":"nothing here"}'), 'undocumented'],
    ['408', json(408, '{}'), 'undocumented'],
  ])('%s', async (_title, answer, cause) => {
    const error = errorOf(await against(answer))
    expect(error).toMatchObject({ kind: 'uncertain', cause })
    expect(mayHaveActed(error)).toBe(true)
  })

  test('a redirect is not followed', async () => {
    const elsewhere = await httpHost((_request, response) => response.end(good))
    closing.push(() => elsewhere.close())
    await against(json(307, '', { location: `${elsewhere.url}/orders/PD1/refunds` }))
    expect(elsewhere.seen).toHaveLength(0)
  })

  test('a connection reset after the request', async () => {
    const result = await against((response) => response.socket?.resetAndDestroy())
    expect(errorOf(result)).toMatchObject({ kind: 'uncertain', cause: 'connection_lost', httpStatus: null })
  })

  test('a connection closed in the middle of the body', async () => {
    const result = await against((response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(good.length) })
      response.write(good.slice(0, 20), () => response.socket?.destroy())
    })
    expect(errorOf(result)).toMatchObject({ kind: 'uncertain', cause: 'connection_lost', httpStatus: 200 })
  })

  test('a chunked body that never ends properly', async () => {
    const result = await against((response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.write(good, () => response.socket?.end())
    })
    expect(errorOf(result)).toMatchObject({ kind: 'uncertain', cause: 'connection_lost' })
  })

  test('no answer at all', async () => {
    const result = await against(() => undefined, { connectMs: 1_000, totalMs: 1_000 })
    expect(errorOf(result)).toMatchObject({ kind: 'uncertain', cause: 'timeout', httpStatus: null })
  })

  test('an answer that drips past the total time', async () => {
    const result = await against(
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        const drip = setInterval(() => response.write(' '), 10)
        response.on('close', () => clearInterval(drip))
      },
      { connectMs: 1_000, totalMs: 1_000 },
    )
    expect(errorOf(result)).toMatchObject({ kind: 'uncertain', cause: 'timeout', httpStatus: 200 })
  })

  test('a body over the cap is cut off, one at the cap is read', async () => {
    const padded = (bytes: number): string => good + ' '.repeat(bytes - good.length)
    expect((await against(json(200, padded(RESPONSE_BYTES_MAX)))).ok).toBe(true)
    expect(errorOf(await against(json(200, padded(RESPONSE_BYTES_MAX + 1))))).toMatchObject({
      kind: 'uncertain',
      cause: 'too_large',
    })
  })

  test('bytes that are not HTTP', async () => {
    const host = await tcpHost((socket) => socket.on('data', () => socket.end('SSH-2.0-nothing\r\n\r\n')))
    closing.push(() => host.close())
    expect(errorOf(await refundWith(clientOf(host.url)))).toMatchObject({ kind: 'uncertain' })
  })

  test('a kept connection that dies under the next call is uncertain, and the call is not repeated', async () => {
    let calls = 0
    const host = await httpHost((_request, response) => {
      calls += 1
      if (calls === 1) json(200, good)(response)
      else response.socket?.resetAndDestroy()
    })
    closing.push(() => host.close())
    const client = clientOf(host.url)
    expect((await refundWith(client)).ok).toBe(true)
    expect(errorOf(await refundWith(client)).kind).toBe('uncertain')
    expect(host.seen).toHaveLength(2)
  })
})

describe('not sent', () => {
  test('nobody listens', async () => {
    const host = await tcpHost(() => undefined)
    await host.close()
    expect(errorOf(await refundWith(clientOf(host.url)))).toMatchObject({
      kind: 'unavailable',
      cause: 'not_sent',
      code: 'ECONNREFUSED',
    })
  })

  test('the name does not resolve', async () => {
    const error = errorOf(await refundWith(clientOf('http://juspay.invalid')))
    expect(error).toMatchObject({ kind: 'unavailable', cause: 'not_sent' })
    expect(mayHaveActed(error)).toBe(false)
  })

  test('TLS never completes', async () => {
    let bytes = ''
    const host = await tcpHost((socket) =>
      socket.on('data', (chunk: Buffer) => (bytes += chunk.toString('latin1'))),
    )
    closing.push(() => host.close())
    const client = clientOf(host.url.replace('http:', 'https:'), { connectMs: 80, totalMs: 5_000 })
    expect(errorOf(await refundWith(client))).toMatchObject({ kind: 'unavailable', cause: 'not_sent' })
    expect(bytes).not.toContain('PDKEY1')
  })

  test('TLS with a host that does not speak it', async () => {
    const host = await httpHost(() => undefined)
    closing.push(() => host.close())
    expect(errorOf(await refundWith(clientOf(host.url.replace('http:', 'https:'))))).toMatchObject({
      kind: 'unavailable',
      cause: 'not_sent',
    })
  })

  test('a call that gives up while it waits for a free connection is never written, not even later', async () => {
    const host = await httpHost((request, response) => {
      if (request.url === '/orders/MARK') json(200, '{"order_id":"MARK","status":"NEW"}')(response)
    })
    closing.push(() => host.close())
    const client = clientOf(host.url, { connectMs: 1_000, totalMs: 1_000 })
    const results = await Promise.all(Array.from({ length: 12 }, () => refundWith(client)))
    const kinds = results.map((result) => errorOf(result).kind)
    const written = kinds.filter((kind) => kind === 'uncertain').length
    expect(written).toBeLessThanOrEqual(CONNECTIONS_MAX)
    expect(kinds.filter((kind) => kind === 'unavailable').length).toBe(12 - written)
    // Calls that come after show that the waiting ones have had their turn on a connection.
    for (let round = 0; round < CONNECTIONS_MAX; round += 1) await client.getOrder('MARK', { routingId: 'r' })
    expect(host.seen.filter(({ method }) => method === 'POST').length).toBeLessThanOrEqual(written)
  })
})
