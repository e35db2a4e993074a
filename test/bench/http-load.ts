/**
 * A load that costs its own side as little as can be, because it shares the machine with what it measures: requests
 * are made ready before the clock starts, sent over plain sockets, and of an answer only its status is read.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export type LoadOptions = {
  url: string
  /** Request number `n`, made by {@link postOf} or {@link getOf}. */
  requests: readonly Buffer[]
  /** Sends them over and over for so long; without it each is sent once. */
  seconds?: number
  connections: number
  /** Requests a second over all connections; null for as many as there can be. */
  rate: number | null
}

export type LoadResult = {
  seconds: number
  requests: number
  /** Answers other than 200. */
  other: number
  /** Milliseconds from the moment a request was due to its answer: a late start counts as waiting. */
  p50: number
  p95: number
  p99: number
}

const OK = 'HTTP/1.1 200'
const LAST_CHUNK = '\r\n0\r\n\r\n'

/** Sends the requests and answers how it went. */
export async function sendAll(options: LoadOptions): Promise<LoadResult> {
  const { requests, connections, rate, seconds: limit } = options
  const { hostname, port } = new URL(options.url)
  const sockets = await Promise.all(
    Array.from({ length: connections }, async () => {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true })
      await once(socket, 'connect')
      return socket
    }),
  )
  const times: number[] = []
  let [next, other] = [0, 0]
  const startedAt = performance.now()
  const goesOn = (n: number): boolean =>
    limit === undefined ? n < requests.length : performance.now() < startedAt + limit * 1_000
  await Promise.all(
    sockets.map(async (socket) => {
      const ask = asker(socket)
      for (let n = next++; goesOn(n); n = next++) {
        const due = rate === null ? performance.now() : startedAt + (n * 1_000) / rate
        await until(due)
        const answer = await ask(requests[n % requests.length] ?? Buffer.alloc(0))
        times.push(performance.now() - due)
        if (!answer.startsWith(OK)) other += 1
      }
      socket.destroy()
    }),
  )
  const seconds = (performance.now() - startedAt) / 1_000
  times.sort((a, b) => a - b)
  const at = (share: number): number =>
    times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0
  return { seconds, requests: times.length, other, p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}

type Headers = Readonly<Record<string, string>>

/** A POST as bytes. */
export function postOf(url: string, path: string, headers: Headers, body: Buffer): Buffer {
  const head = headOf('POST', url, path, { ...headers, 'content-length': String(body.length) })
  return Buffer.concat([head, body])
}

/** A GET as bytes. */
export function getOf(url: string, path: string, headers: Headers): Buffer {
  return headOf('GET', url, path, headers)
}

function headOf(method: string, url: string, path: string, headers: Headers): Buffer {
  const lines = Object.entries({ host: new URL(url).host, ...headers })
  const text = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${text}\r\n`, 'latin1')
}

/** One request after the other on a kept connection. */
function asker(socket: Socket): (request: Buffer) => Promise<string> {
  let received = ''
  let answered: ((answer: string) => void) | null = null
  let failed: ((error: Error) => void) | null = null
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1')
    const length = lengthOf(received)
    if (length === null || received.length < length) return
    const answer = received.slice(0, length)
    received = received.slice(length)
    answered?.(answer)
  })
  socket.on('close', () => failed?.(new Error(`the connection was closed: ${received}`)))
  socket.on('error', (error) => failed?.(error))
  return (request) =>
    new Promise((resolve, reject) => {
      answered = resolve
      failed = reject
      socket.write(request)
    })
}

/** The length of a whole answer, once its head is there. */
function lengthOf(received: string): number | null {
  const end = received.indexOf('\r\n\r\n')
  if (end < 0) return null
  const head = received.slice(0, end + 2)
  // One answer at a time: what ends like the last chunk is it.
  if (/\r\ntransfer-encoding: chunked/i.test(head))
    return received.endsWith(LAST_CHUNK) ? received.length : null
  const length = /\r\ncontent-length: (\d+)/i.exec(head)
  if (!length) throw new Error(`an answer without a length: ${received.slice(0, end)}`)
  return end + 4 + Number(length[1])
}

/**
 * Resolves when that moment of the monotonic clock has come, or up to a millisecond late, which counts as waiting. Turning
 * in the event loop until the exact moment would take a whole core from what is measured.
 */
async function until(at: number): Promise<void> {
  for (let left = at - performance.now(); left > 0; left = at - performance.now())
    await new Promise((resolve) => setTimeout(resolve, left))
}
