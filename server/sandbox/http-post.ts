import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'

export type PostOutcome = { status: number | null; error: string | null }

/** A small keep-alive sender whose sockets can be closed; `timeoutMs` is real time for the whole exchange. */
export type Sender = {
  send(
    method: 'GET' | 'POST',
    url: string,
    headers: Record<string, string>,
    body: string,
    timeoutMs: number,
  ): Promise<PostOutcome>
  close(): void
}

export function createSender(): Sender {
  const plain = new HttpAgent({ keepAlive: true, maxSockets: 8 })
  const secure = new HttpsAgent({ keepAlive: true, maxSockets: 8 })
  return {
    send(method, url, headers, body, timeoutMs) {
      return new Promise((resolve) => {
        let target: URL
        try {
          target = new URL(url)
        } catch {
          resolve({ status: null, error: 'invalid webhook URL' })
          return
        }
        const isSecure = target.protocol === 'https:'
        const open = isSecure ? httpsRequest : httpRequest
        const length = method === 'POST' ? { 'content-length': String(Buffer.byteLength(body)) } : {}
        const options = { method, agent: isSecure ? secure : plain, headers: { ...headers, ...length } }
        const request = open(target, options, (response) => {
          response.resume()
          response.on('end', () => finish({ status: response.statusCode ?? null, error: null }))
          response.on('error', (error) => finish({ status: null, error: error.message }))
        })
        const timer = setTimeout(
          () => request.destroy(new Error(`no answer within ${timeoutMs} ms`)),
          timeoutMs,
        )
        const finish = (outcome: PostOutcome) => {
          clearTimeout(timer)
          resolve(outcome)
        }
        request.on('error', (error: NodeJS.ErrnoException) =>
          finish({ status: null, error: error.code ?? error.message }),
        )
        request.end(body)
      })
    },
    close() {
      plain.destroy()
      secure.destroy()
    },
  }
}
