import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { refundsOf, startHarness } from './support.ts'
import type { Harness, Json } from './support.ts'

let harness: Harness
beforeEach(async () => {
  harness = await startHarness()
  await harness.charged('ORD1', '100.00')
})
afterEach(() => harness.close())

const inject = (fault: Json) => harness.control('POST', '/control/faults', fault)

const refundsMade = async () => refundsOf(await harness.status('ORD1')).length

describe('faults of the API', () => {
  it('takes the refund and loses the answer; the same id then finds it landed', async () => {
    await inject({ kind: 'drop_response', route: 'refund', count: 1 })
    await expect(harness.refund('ORD1', 'RF1', '5')).rejects.toThrow()
    expect(await refundsMade()).toBe(1)
    const again = await harness.refund('ORD1', 'RF1', '5')
    expect(again.body).toMatchObject({ error_code: 'duplicate.call', status_id: -1 })
    const { body } = await harness.control('GET', '/control/ledger?limit=500')
    expect(JSON.stringify(body)).toContain('spoiled: drop_response')
  })

  it.each(['reset', 'timeout'])('%s does nothing by default', async (kind) => {
    await inject({ kind, route: 'refund', count: 1 })
    const signal = AbortSignal.timeout(300)
    const headers = {
      authorization: `Basic ${Buffer.from('sandbox-api-key:').toString('base64')}`,
      'x-merchantid': 'paydeskdemo',
    }
    const body = new URLSearchParams({ unique_request_id: 'RF1', amount: '5' })
    const call = fetch(`${harness.address}/orders/ORD1/refunds`, { method: 'POST', headers, body, signal })
    await expect(call).rejects.toThrow()
    expect(await refundsMade()).toBe(0)
  })

  it('can process and then time out', async () => {
    await inject({ kind: 'status', status: 504, route: 'refund', processed: true, count: 1 })
    expect((await harness.refund('ORD1', 'RF1', '5')).status).toBe(504)
    expect(await refundsMade()).toBe(1)
  })

  it('answers a status with a body of choice, HTML, half a body, nothing', async () => {
    await inject({ kind: 'status', status: 429, body: { slow: 'down' }, route: 'order_status', count: 1 })
    const limited = await harness.call('GET', '/orders/ORD1')
    expect([limited.status, limited.body]).toEqual([429, { slow: 'down' }])
    await inject({ kind: 'html', status: 502, route: 'order_status', count: 1 })
    const proxy = await harness.call('GET', '/orders/ORD1')
    expect([proxy.status, proxy.headers.get('content-type')]).toEqual([502, 'text/html'])
    await inject({ kind: 'empty', route: 'order_status', count: 1 })
    expect((await harness.call('GET', '/orders/ORD1')).text).toBe('')
    await inject({ kind: 'malformed', route: 'refund', count: 1 })
    const response = await fetch(`${harness.address}/orders/ORD1/refunds`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from('sandbox-api-key:').toString('base64')}`,
        'x-merchantid': 'paydeskdemo',
      },
      body: new URLSearchParams({ unique_request_id: 'RF1', amount: '5' }),
    })
    const text = await response.text()
    expect(() => void JSON.parse(text)).toThrow()
    expect(await refundsMade()).toBe(1)
  })

  it('strikes as often as told, only on its route, and ends when deleted', async () => {
    await inject({ kind: 'status', status: 500, route: 'refund', count: 2 })
    expect((await harness.call('GET', '/orders/ORD1')).status).toBe(200)
    const statuses = []
    for (const id of ['RF1', 'RF2', 'RF3']) statuses.push((await harness.refund('ORD1', id, '5')).status)
    expect(statuses).toEqual([500, 500, 200])
    await inject({ kind: 'status' })
    expect((await harness.call('GET', '/orders/ORD1')).status).toBe(500)
    await harness.control('DELETE', '/control/faults')
    expect((await harness.call('GET', '/orders/ORD1')).status).toBe(200)
  })

  it('never strikes at probability 0 and refuses what it does not know', async () => {
    await inject({ kind: 'status', probability: 0 })
    expect((await harness.call('GET', '/orders/ORD1')).status).toBe(200)
    const unknown = await inject({ kind: 'gremlins' })
    expect(unknown.status).toBe(400)
    expect(unknown.body['error']).toMatch(/kind|Invalid/)
  })
})
