import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { manualClock } from '../../../server/sandbox/clock.ts'
import type { SandboxClock } from '../../../server/sandbox/clock.ts'
import { createSandbox } from '../../../server/sandbox/create.ts'
import type { Sandbox, SandboxOptions } from '../../../server/sandbox/create.ts'

export const START = Date.parse('2026-01-05T09:06:53Z')

export type Json = Record<string, unknown>

export type ReceivedWebhook = {
  path: string
  authorization: string
  headers: Json
  body: string
  at: number
  event: Json
}

/** A webhook target that remembers everything and answers as told. */
export type Receiver = {
  url: string
  received: ReceivedWebhook[]
  /** Status of the next answers; the last one stays. */
  answer(...statuses: number[]): void
  names(): unknown[]
  close(): Promise<void>
}

function parsed(body: string): Json {
  try {
    const event: Json = JSON.parse(body)
    return event
  } catch {
    return {}
  }
}

export async function startReceiver(clock: SandboxClock): Promise<Receiver> {
  const received: ReceivedWebhook[] = []
  let statuses = [200]
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8')
      const event = parsed(body)
      received.push({
        path: request.url ?? '',
        authorization: request.headers.authorization ?? '',
        headers: { ...request.headers },
        body,
        at: clock.now(),
        event,
      })
      response.statusCode = (statuses.length > 1 ? statuses.shift() : statuses[0]) ?? 200
      response.end('ok')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a TCP server has one
  return {
    url: `http://127.0.0.1:${port}/webhooks/juspay/demo`,
    received,
    answer: (...next) => void (statuses = next),
    names: () => received.map((delivery) => delivery.event['event_name']),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

export type Answer = { status: number; body: Json; headers: Headers; text: string }

export type Harness = {
  sandbox: Sandbox
  clock: SandboxClock
  receiver: Receiver
  address: string
  dir: string
  /** A call with the demo merchant's credentials; an object goes as a form, `json` as JSON. */
  call(method: 'GET' | 'POST', path: string, form?: Json, headers?: Record<string, string>): Promise<Answer>
  postJson(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>
  control(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<Answer>
  /** A charged order of this amount; returns its id. */
  charged(orderId: string, amount?: string): Promise<string>
  refund(orderId: string, id: string, amount: string): Promise<Answer>
  status(orderId: string): Promise<Json>
  /** Closes the sandbox and opens another on the same directory and clock. */
  restart(options?: Partial<SandboxOptions>): Promise<void>
  close(): Promise<void>
}

export const CREDENTIALS = {
  authorization: `Basic ${Buffer.from('sandbox-api-key:').toString('base64')}`,
  'x-merchantid': 'paydeskdemo',
  'x-routing-id': 'cust_1',
  version: '2023-06-30',
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text()
  const body: Json = text.startsWith('{') ? JSON.parse(text) : {}
  return { status: response.status, body, headers: response.headers, text }
}

function formText(fields: Json): string {
  return new URLSearchParams(Object.entries(fields).map(([key, value]) => [key, String(value)])).toString()
}

export async function startHarness(options: Partial<SandboxOptions> = {}): Promise<Harness> {
  const dir = mkdtempSync(join(tmpdir(), 'sandbox-'))
  const clock = manualClock(START)
  const receiver = await startReceiver(clock)
  const open = (more: Partial<SandboxOptions>) =>
    createSandbox({ dir, webhookUrl: receiver.url, clock, ...options, ...more })
  let sandbox = open({})
  let address = await sandbox.listen(0)
  const call: Harness['call'] = async (method, path, form, headers = {}) => {
    const type = method === 'POST' ? { 'content-type': 'application/x-www-form-urlencoded' } : {}
    const init = { method, headers: { ...CREDENTIALS, ...type, ...headers } }
    return answerOf(
      await fetch(address + path, method === 'POST' ? { ...init, body: formText(form ?? {}) } : init),
    )
  }
  const postJson: Harness['postJson'] = async (path, body, headers = {}) => {
    const type = { 'content-type': 'application/json' }
    const init = {
      method: 'POST',
      headers: { ...CREDENTIALS, ...type, ...headers },
      body: JSON.stringify(body),
    }
    return answerOf(await fetch(address + path, init))
  }
  const control: Harness['control'] = async (method, path, body) => {
    const json =
      body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    return answerOf(await fetch(address + path, { method, ...json }))
  }
  return {
    get sandbox() {
      return sandbox
    },
    get address() {
      return address
    },
    clock,
    receiver,
    dir,
    call,
    postJson,
    control,
    async charged(orderId, amount = '10.80') {
      await control('POST', '/control/orders', { orderId, amount, scenario: 'charged' })
      await sandbox.control.idle()
      return orderId
    },
    refund: (orderId, id, amount) =>
      call('POST', `/orders/${orderId}/refunds`, { unique_request_id: id, amount }),
    status: async (orderId) => (await call('GET', `/orders/${orderId}`)).body,
    async restart(more = {}) {
      await sandbox.close()
      sandbox = open(more)
      address = await sandbox.listen(0)
    },
    async close() {
      await sandbox.close()
      await receiver.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** The refunds of an order answer; [] when the key is absent. */
export function refundsOf(order: Json): Json[] {
  const refunds = order['refunds']
  return Array.isArray(refunds) ? refunds.map((refund: Json) => refund) : []
}

/** A nested object of an answer, {} when it is missing. */
export function nested(object: Json | undefined, ...keys: string[]): Json {
  let at: unknown = object
  for (const key of keys)
    at = typeof at === 'object' && at !== null ? Object.entries(at).find(([name]) => name === key)?.[1] : null
  return typeof at === 'object' && at !== null ? Object.fromEntries(Object.entries(at)) : {}
}

export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
