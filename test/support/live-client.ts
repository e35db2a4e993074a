/**
 * A reader of the live feed over plain HTTP, one connection per stream: what a browser's EventSource does, with the
 * means to stop reading and to look at every frame.
 */
import { request, type IncomingMessage } from 'node:http'
import type { EventFilter } from '../../server/domain/event-filter.ts'

/** As JSON: dates are texts. */
export type WireMessage =
  | { kind: 'hello'; at: string; resumed: boolean }
  | {
      kind: 'batch'
      events: { id: string; eventName: string | null; status: string; deliveryCount: number }[]
      renewed: { id: string; status: string }[]
      changes: { subject: string; subjectId: string }[]
    }
  | { kind: 'pace'; oneIn: number; perSecond: number }
  | { kind: 'behind'; about: number }

export type LiveInput = {
  lastEventId?: string | null
  events?: Partial<EventFilter> | null
  sample?: boolean
}

export type LiveReader = {
  /** Where the stream stands: what to resume after. */
  lastId(): string | null
  /** All messages so far. */
  messages: readonly WireMessage[]
  /** Why the server ended it: its error code, `returned` or `cut`; null while it is open. */
  ended(): string | null
  pause(): void
  resume(): void
  close(): void
}

export type OpenOptions = {
  url: string
  cookie: string
  input: LiveInput
  onMessage?: (message: WireMessage, id: string | null) => void
  onEnd?: (why: string) => void
  /** Whether {@link LiveReader.messages} are kept. Default: yes. */
  keep?: boolean
}

/** Opens one stream. The resumption point travels in the input, as the dashboard sends it. */
export function openLiveStream({
  url,
  cookie,
  input,
  onMessage,
  onEnd,
  keep = true,
}: OpenOptions): LiveReader {
  const messages: WireMessage[] = []
  let lastId: string | null = input.lastEventId ?? null
  let why: string | null = null
  let response: IncomingMessage | null = null
  let paused = false
  const end = (reason: string): void => {
    if (why !== null) return
    why = reason
    onEnd?.(reason)
  }
  const hear = (frame: Frame): void => {
    if (frame.event === 'serialized-error') return end(codeOf(frame.data))
    if (frame.event === 'return') return end('returned')
    if (frame.event !== null || frame.data === '') return
    const { json }: { json: WireMessage } = JSON.parse(frame.data)
    if (frame.id !== null && frame.id !== '') lastId = frame.id
    if (keep) messages.push(json)
    onMessage?.(json, frame.id === '' ? null : frame.id)
  }
  const query = encodeURIComponent(JSON.stringify({ json: input }))
  const asked = request(`${url}/trpc/events.live?input=${query}`, {
    agent: false,
    headers: { accept: 'text/event-stream', cookie, 'sec-fetch-site': 'same-origin' },
  })
  asked.on('response', (reply) => {
    response = reply
    if (reply.statusCode !== 200) end(`status ${reply.statusCode}`)
    const read = createFrameReader(hear)
    reply.setEncoding('utf8').on('data', read)
    reply.on('close', () => end('cut'))
    reply.on('error', () => end('cut'))
    if (paused) reply.pause()
  })
  asked.on('error', () => end('cut'))
  asked.end()
  return {
    lastId: () => lastId,
    messages,
    ended: () => why,
    pause() {
      paused = true
      response?.pause()
    },
    resume() {
      paused = false
      response?.resume()
    },
    close() {
      end('closed')
      asked.destroy()
    },
  }
}

type Frame = { event: string | null; id: string | null; data: string }

/** Cuts the text of a stream into frames. */
function createFrameReader(hear: (frame: Frame) => void): (text: string) => void {
  let rest = ''
  return (text) => {
    rest += text
    for (let at = rest.indexOf('\n\n'); at >= 0; at = rest.indexOf('\n\n')) {
      const lines = rest.slice(0, at).split('\n')
      rest = rest.slice(at + 2)
      const frame: Frame = { event: null, id: null, data: '' }
      for (const line of lines) {
        if (line.startsWith('data: ')) frame.data = line.slice('data: '.length)
        else if (line.startsWith('id: ')) frame.id = line.slice('id: '.length)
        else if (line.startsWith('event: ')) frame.event = line.slice('event: '.length)
      }
      hear(frame)
    }
  }
}

function codeOf(data: string): string {
  return /"code":"([A-Z_]+)"/.exec(data)?.[1] ?? 'error'
}
