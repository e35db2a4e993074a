/**
 * Stands between Paydesk and the sandbox: lets questions through, and answers refund calls as it is told, while the
 * sandbox takes the refund at once, later, or never. So what Juspay says and what it does can differ in every way.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import { z } from 'zod'

/** What really becomes of the call. */
export const DEEDS = ['now', 'never', 'later'] as const
export type Deed = (typeof DEEDS)[number]

/** An answer of the sandbox, or one that somebody makes of it. */
export type Said = { status: number; headers: Readonly<Record<string, string>>; body: string }

export type Script = {
  deed: Deed
  /** Writes whatever it likes; `truth` is what the sandbox said, or would have said, about an accepted refund. */
  answer(response: ServerResponse, truth: Said, call: { key: string; orderRef: string }): void
}

export type Door = {
  url: string
  /** For the next refund call only. */
  script(next: Script): void
  /** Lets the sandbox take what was to be taken later. */
  catchUp(): Promise<void>
  close(): Promise<void>
}

type Call = { path: string; headers: Record<string, string>; body: string }

const orderShape = z.looseObject({ refunds: z.array(z.unknown()).optional() })

/** Opens the door of a sandbox. */
export async function openDoor(sandboxUrl: string): Promise<Door> {
  let next: Script | null = null
  const late: Call[] = []

  const pass = async (method: string, { path, headers, body }: Call): Promise<Said> => {
    const reply = await fetch(`${sandboxUrl}${path}`, {
      method,
      headers,
      ...(method === 'POST' ? { body } : {}),
    })
    return {
      status: reply.status,
      headers: { 'content-type': reply.headers.get('content-type') ?? 'application/json' },
      body: await reply.text(),
    }
  }
  /** What the sandbox would say had it taken the refund: the order, with the refund in it. */
  const supposed = async (call: Call): Promise<Said> => {
    const asked = await pass('GET', { ...call, path: call.path.replace(/\/refunds$/, ''), body: '' })
    const order = orderShape.parse(JSON.parse(asked.body))
    const form = new URLSearchParams(call.body)
    const refund = {
      unique_request_id: form.get('unique_request_id'),
      amount: Number(form.get('amount')),
      status: 'PENDING',
      sent_to_gateway: false,
      initiated_by: 'API',
    }
    return { ...asked, body: JSON.stringify({ ...order, refunds: [...(order.refunds ?? []), refund] }) }
  }
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const call = await readCall(request)
    const script = request.method === 'POST' && call.path.endsWith('/refunds') ? next : null
    if (script === null) return send(response, await pass(request.method ?? 'GET', call))
    next = null
    if (script.deed === 'later') late.push(call)
    const truth = script.deed === 'now' ? await pass('POST', call) : await supposed(call)
    const key = new URLSearchParams(call.body).get('unique_request_id') ?? ''
    script.answer(response, truth, { key, orderRef: call.path.split('/')[2] ?? '' })
  }
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    script(script) {
      next = script
    },
    async catchUp() {
      for (const call of late.splice(0)) await pass('POST', call)
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function readCall(request: IncomingMessage): Promise<Call> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(Buffer.from(part))
  const names = ['authorization', 'x-merchantid', 'version', 'content-type', 'x-routing-id', 'accept']
  const headers = Object.fromEntries(
    names.flatMap((name) => {
      const value = request.headers[name]
      return typeof value === 'string' ? [[name, value]] : []
    }),
  )
  return { path: request.url ?? '/', headers, body: Buffer.concat(parts).toString('utf8') }
}

export function send(response: ServerResponse, said: Said): void {
  response.writeHead(said.status, said.headers)
  response.end(said.body)
}
