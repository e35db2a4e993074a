import dns from 'node:dns'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import tls from 'node:tls'
import { Juspay } from 'expresscheckout-nodejs'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { selfSigned } from './self-signed.ts'
import { nested, refundsOf, startHarness } from './support.ts'
import type { Harness, Json } from './support.ts'

/**
 * Juspay's own client runs here as published. It always speaks TLS and resolves `host:port` as if it were a name,
 * so the test stands a TLS door before the sandbox and teaches the resolver that one name; the client is not touched.
 */
let harness: Harness
let door: tls.Server
let juspay: Juspay
const open = new Set<tls.TLSSocket>()

beforeAll(async () => {
  harness = await startHarness()
  const { key, cert } = selfSigned('localhost')
  const port = Number(new URL(harness.address).port)
  door = tls.createServer({ key, cert }, (socket) => {
    const inner = connect(port, '127.0.0.1')
    open.add(socket)
    socket.on('close', () => inner.destroy()).on('error', () => inner.destroy())
    inner.on('close', () => socket.destroy()).on('error', () => socket.destroy())
    socket.pipe(inner).pipe(socket)
  })
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve))
  const host = `localhost:${(door.address() as AddressInfo).port}` // a TCP server has one
  tls.setDefaultCACertificates([cert])
  const lookup = dns.lookup
  vi.spyOn(dns, 'lookup').mockImplementation(((name: string, ...rest: [object, () => void]) =>
    lookup(name === host ? '127.0.0.1' : name, ...rest)) as typeof dns.lookup) // one overload of several is all `net` uses
  juspay = new Juspay({ merchantId: 'paydeskdemo', apiKey: 'sandbox-api-key', baseUrl: `https://${host}` })
})

afterAll(async () => {
  vi.restoreAllMocks()
  for (const socket of open) socket.destroy()
  await new Promise((resolve) => door.close(resolve))
  await harness.close()
})

describe('the official client, unmodified', () => {
  it('creates a session, reads the status, refunds, and reads the refund', async () => {
    const session: Json = await juspay.orderSession.create({
      order_id: 'NODE1',
      amount: 10.8,
      payment_page_client_id: 'paydeskdemo',
      customer_id: 'cust_1',
      action: 'paymentPage',
      return_url: 'http://localhost:4000/back',
    })
    expect(session).toMatchObject({ status: 'NEW', order_id: 'NODE1' })
    expect(nested(session, 'sdk_payload', 'payload')).toMatchObject({
      amount: '10.8',
      clientId: 'paydeskdemo',
    })

    const fresh: Json = await juspay.order.status('NODE1')
    expect(fresh).toMatchObject({ status: 'NEW', status_id: 10, amount: 10.8 })

    await harness.control('POST', '/control/orders/NODE1/attempts', { outcome: 'success' })
    const paid: Json = await juspay.order.status('NODE1')
    expect(paid).toMatchObject({ status: 'CHARGED', status_id: 21, txn_id: 'paydeskdemo-NODE1-1' })

    const refunded: Json = await juspay.order.refund('NODE1', {
      order_id: 'NODE1',
      unique_request_id: 'RFNODE1',
      amount: 5,
    })
    expect(refundsOf(refunded)[0]).toMatchObject({
      unique_request_id: 'RFNODE1',
      status: 'PENDING',
      amount: 5,
    })

    await harness.sandbox.control.advance(5_000)
    const after: Json = await juspay.order.status('NODE1')
    expect(refundsOf(after)[0]).toMatchObject({ status: 'SUCCESS', id: 'RFNODE1' })
  })

  it('gets errors of the kinds it maps', async () => {
    await expect(
      juspay.order.refund('NOSUCH', { order_id: 'NOSUCH', unique_request_id: 'RF1', amount: 5 }),
    ).rejects.toMatchObject({
      name: 'InvalidRequestError',
      status: 'NOT_FOUND',
    })
    const stranger = { merchantId: 'paydeskdemo', apiKey: 'wrong' }
    await expect(juspay.order.status('NODE1', {}, stranger)).rejects.toMatchObject({
      name: 'AuthenticationError',
      error_code: 'access_denied',
    })
  })
})
