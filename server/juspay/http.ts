/**
 * One HTTP call to one merchant account's Juspay host. The origin is fixed when the transport is made and only paths
 * are ever passed, so no order reference or redirect can make us call another host. Redirects are not followed, no
 * proxy is used, bodies are capped, and nothing is logged here: requests carry the API key.
 *
 * The result says whether the request could have left this machine, because that decides between "not sent, try
 * again" and "nobody knows" (reliability §2.3). Bytes are only ever written after undici's `onRequestStart`.
 */
import { Pool } from 'undici'
import type { Dispatcher } from 'undici'

/** Time to connect, including TLS (reliability §2.1.5). */
export const CONNECT_TIMEOUT_MS = 3_000

/** Time for the whole call, from asking for a connection to the last byte of the answer. */
export const TOTAL_TIMEOUT_MS = 20_000

/**
 * Share of the total time a call may wait for a free connection. A refund written just before its time is up would
 * only become one more unknown outcome; given up unwritten it is simply not sent.
 */
export const WAIT_SHARE_MAX = 0.5

/** Largest answer read. Orders are a few KB; 25 attempts with full gateway bodies stay far below. */
export const RESPONSE_BYTES_MAX = 1024 * 1024

/** Connections kept to one account's host. */
export const CONNECTIONS_MAX = 8

/** How long an idle connection is reused: short, because a call on a connection just closed by the host is uncertain. */
export const KEEP_ALIVE_MS = 4_000

export type HttpTimeouts = { connectMs?: number; totalMs?: number }

export type HttpRequest = {
  method: 'GET' | 'POST'
  /** Path and query, starting with "/". */
  path: string
  headers: Readonly<Record<string, string>>
  body?: string
}

export type HttpAnswer = {
  ok: true
  httpStatus: number
  header(name: string): string | null
  body: Uint8Array
}

export type HttpFailure = {
  ok: false
  /** Whether any byte of the request may have left. */
  sent: boolean
  cause: 'timeout' | 'connection_lost' | 'too_large'
  /** System or undici error code; never a message, which could quote addresses or headers. */
  code: string | null
  /** Known when the answer had begun. */
  httpStatus: number | null
}

export type HttpTransport = {
  send(request: HttpRequest): Promise<HttpAnswer | HttpFailure>
  close(): Promise<void>
}

/** Makes the transport of one account. `baseUrl` may carry a path prefix; its query and credentials are refused. */
export function createHttpTransport(baseUrl: string, timeouts: HttpTimeouts = {}): HttpTransport {
  const base = new URL(baseUrl)
  if (base.protocol !== 'https:' && base.protocol !== 'http:')
    throw new TypeError('The Juspay base URL must start with https:// (or http:// for the sandbox).')
  if (base.username !== '' || base.password !== '' || base.search !== '' || base.hash !== '')
    throw new TypeError('The Juspay base URL must hold only a host and an optional path.')
  const prefix = base.pathname.replace(/\/+$/, '')
  const pool = new Pool(base.origin, {
    connections: CONNECTIONS_MAX,
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: timeouts.connectMs ?? CONNECT_TIMEOUT_MS },
  })
  const totalMs = timeouts.totalMs ?? TOTAL_TIMEOUT_MS
  return {
    send: (request) => sendOnce(pool, { ...request, path: `${prefix}${request.path}` }, totalMs),
    close: () => pool.destroy(),
  }
}

function sendOnce(pool: Pool, request: HttpRequest, totalMs: number): Promise<HttpAnswer | HttpFailure> {
  return new Promise((resolve) => {
    const call = new Call(resolve, performance.now() + totalMs * WAIT_SHARE_MAX)
    const timer = setTimeout(() => call.fail('timeout', null), totalMs)
    call.onSettled(() => clearTimeout(timer))
    const options: Dispatcher.DispatchOptions = {
      method: request.method,
      path: request.path,
      headers: request.headers,
      body: request.body ?? null,
      // A GET may be repeated by undici on a fresh connection; a refund must never be.
      idempotent: request.method === 'GET',
    }
    try {
      pool.dispatch(options, call)
    } catch (error) {
      call.onResponseError(null, error)
    }
  })
}

/** The course of one call: settles exactly once, and after that cuts the connection if the request is still on it. */
class Call implements Dispatcher.DispatchHandler {
  readonly #resolve: (result: HttpAnswer | HttpFailure) => void
  readonly #startBefore: number
  #cleanup: () => void = () => undefined
  #controller: Dispatcher.DispatchController | null = null
  #settled = false
  #sent = false
  #httpStatus: number | null = null
  #headers: Readonly<Record<string, string | string[] | undefined>> = {}
  #chunks: Uint8Array[] = []
  #bytes = 0

  constructor(resolve: (result: HttpAnswer | HttpFailure) => void, startBefore: number) {
    this.#resolve = resolve
    this.#startBefore = startBefore
  }

  onSettled(cleanup: () => void): void {
    this.#cleanup = cleanup
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (performance.now() > this.#startBefore) this.fail('timeout', null)
    // Given up while waiting for a connection, or started once before: do not write (again).
    if (this.#settled || this.#sent) {
      controller.abort(new Error('not sent'))
      return
    }
    this.#controller = controller
    this.#sent = true
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    httpStatus: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    if (httpStatus < 200) return
    this.#httpStatus = httpStatus
    this.#headers = headers
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (this.#settled) return
    this.#bytes += chunk.byteLength
    if (this.#bytes > RESPONSE_BYTES_MAX) this.fail('too_large', null)
    else this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    if (this.#httpStatus === null) {
      this.fail('connection_lost', null)
      return
    }
    const headers = this.#headers
    this.#settle({
      ok: true,
      httpStatus: this.#httpStatus,
      header: (name) => firstOf(headers[name]),
      body: Buffer.concat(this.#chunks, this.#bytes),
    })
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: unknown): void {
    const code = codeOf(error)
    this.fail(code === 'UND_ERR_CONNECT_TIMEOUT' ? 'timeout' : 'connection_lost', code)
  }

  fail(cause: HttpFailure['cause'], code: string | null): void {
    this.#settle({ ok: false, sent: this.#sent, cause, code, httpStatus: this.#httpStatus })
    this.#controller?.abort(new Error(cause))
  }

  #settle(result: HttpAnswer | HttpFailure): void {
    if (this.#settled) return
    this.#settled = true
    this.#cleanup()
    this.#resolve(result)
  }
}

function firstOf(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null
}

/** The code of a system error, also inside the AggregateError that a failed dual-stack connect makes. */
function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null
  if ('code' in error && typeof error.code === 'string') return error.code
  if (error instanceof AggregateError) return codeOf(error.errors[0])
  return null
}
