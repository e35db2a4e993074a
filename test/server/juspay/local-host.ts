import { createServer } from 'node:http'
import type { IncomingMessage, RequestListener } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'

export type Seen = { method: string; url: string; headers: IncomingMessage['headers']; body: string }

export type LocalHost = {
  url: string
  /** Requests that arrived whole, oldest first. */
  seen: readonly Seen[]
  close(): Promise<void>
}

/** An HTTP server on a free port that answers as told, after the whole request has arrived. */
export async function httpHost(answer: RequestListener): Promise<LocalHost> {
  const seen: Seen[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      seen.push({
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      })
      answer(request, response)
    })
  })
  return { ...(await listening(server)), seen }
}

/** A TCP server that does as told with each connection: for answers no HTTP library would give. */
export async function tcpHost(connected: (socket: Socket) => void): Promise<Omit<LocalHost, 'seen'>> {
  return listening(
    createTcpServer((socket) => {
      socket.on('error', () => socket.destroy())
      connected(socket)
    }),
  )
}

async function listening(server: Server): Promise<Omit<LocalHost, 'seen'>> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address.port
}
