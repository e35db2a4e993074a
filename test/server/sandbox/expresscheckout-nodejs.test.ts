import { generateKeyPairSync } from 'node:crypto'
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
let basic: Juspay
let jwe: Juspay
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
  const account = { merchantId: 'paydeskdemo', apiKey: 'sandbox-api-key', baseUrl: `https://${host}` }
  basic = new Juspay(account)
  jwe = new Juspay({ ...account, jweAuth: await exchangeKeys() })
})

/** What the dashboard does under "Upload New JWT": our public half goes there, an id and Juspay's half come back. */
async function exchangeKeys() {
  const ours = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const uploaded = await harness.control('POST', '/control/jwt-keys', {
    publicKey: ours.publicKey.export({ type: 'spki', format: 'pem' }),
  })
  return {
    keyId: String(uploaded.body['keyId']),
    publicKey: String(uploaded.body['juspayPublicKey']),
    privateKey: ours.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

afterAll(async () => {
  vi.restoreAllMocks()
  for (const socket of open) socket.destroy()
  await new Promise((resolve) => door.close(resolve))
  await harness.close()
})

const MODES = [
  ['Basic', 'B', () => basic],
  ['JWE', 'J', () => jwe],
] as const

describe.each(MODES)('the official client, unmodified, in %s mode', (mode, mark, client) => {
  it('creates a session, reads the status, refunds, and reads the refund', async () => {
    const juspay = client()
    const orderId = `NODE1${mark}`
    const session: Json = await juspay.orderSession.create({
      order_id: orderId,
      amount: 10.8,
      payment_page_client_id: 'paydeskdemo',
      customer_id: 'cust_1',
      action: 'paymentPage',
      return_url: 'http://localhost:4000/back',
    })
    expect(session).toMatchObject({ status: 'NEW', order_id: orderId })
    expect(nested(session, 'sdk_payload', 'payload')).toMatchObject({
      amount: '10.8',
      clientId: 'paydeskdemo',
    })

    const fresh: Json = await juspay.order.status(orderId)
    expect(fresh).toMatchObject({ status: 'NEW', status_id: 10, amount: 10.8 })

    await harness.control('POST', `/control/orders/${orderId}/attempts`, { outcome: 'success' })
    const paid: Json = await juspay.order.status(orderId)
    expect(paid).toMatchObject({ status: 'CHARGED', status_id: 21, txn_id: `paydeskdemo-${orderId}-1` })

    const refunded: Json = await juspay.order.refund(orderId, {
      order_id: orderId,
      unique_request_id: `RF${orderId}`,
      amount: 5,
    })
    expect(refundsOf(refunded)[0]).toMatchObject({
      unique_request_id: `RF${orderId}`,
      status: 'PENDING',
      amount: 5,
    })

    await harness.sandbox.control.advance(5_000)
    const after: Json = await juspay.order.status(orderId)
    expect(refundsOf(after)[0]).toMatchObject({ status: 'SUCCESS', id: `RF${orderId}` })
  })

  it('creates an order and pays it', async () => {
    const juspay = client()
    const orderId = `NODE2${mark}`
    const created: Json = await juspay.order.create({ order_id: orderId, amount: 99 })
    expect(created).toMatchObject({ status: 'NEW', order_id: orderId })
    const paying: Json = await juspay.payments.create({
      order_id: orderId,
      payment_method_type: 'NB',
      payment_method: 'NB_HDFC',
      redirect_after_payment: true,
    })
    expect(paying).toMatchObject({ order_id: orderId, status: 'PENDING_VBV' })
    expect(nested(paying, 'payment', 'authentication')).toMatchObject({ method: 'GET' })
  })

  it('creates, reads and changes a customer', async () => {
    const juspay = client()
    const reference = `shopper-000${mark}`
    const created: Json = await juspay.customer.create({
      object_reference_id: reference,
      mobile_number: '9876543210',
      email_address: 'asha@example.test',
      first_name: 'Asha',
    })
    expect(created).toMatchObject({ object: 'customer', object_reference_id: reference })
    await juspay.customer.update(reference, { mobile_number: '9000000001' })
    expect(await juspay.customer.get(String(created['id']))).toMatchObject({
      mobile_number: '9000000001',
      email_address: 'asha@example.test',
    })
    await expect(
      juspay.customer.create({ object_reference_id: reference, mobile_number: '9876543210' }),
    ).rejects.toMatchObject({ name: 'InvalidRequestError' })
  })

  it('gets errors of the kinds it maps', async () => {
    const juspay = client()
    await expect(
      juspay.order.refund('NOSUCH', { order_id: 'NOSUCH', unique_request_id: 'RF1', amount: 5 }),
    ).rejects.toMatchObject({
      name: 'InvalidRequestError',
      status: 'NOT_FOUND',
    })
    const stranger = { merchantId: mode === 'JWE' ? 'somebodyelse' : 'paydeskdemo', apiKey: 'wrong' }
    await expect(juspay.order.status('NODE1', {}, stranger)).rejects.toMatchObject({
      name: 'AuthenticationError',
      error_code: 'access_denied',
    })
  })
})
