import { describe, expect, test } from 'vitest'
import {
  createLiveStream,
  RETRY_PAUSES_MS,
  type LiveConnection,
  type LiveWire,
  type WireHandlers,
} from '../../../client/lib/live-connection.ts'

type Opened = { lastId: string | null; query: string; handlers: WireHandlers<string>; closed: boolean }

/** A stream with a wire and a clock that the test moves by hand. `chance` 0 leaves the pauses whole. */
function harness({ online = true, chance = 0 } = {}) {
  const opened: Opened[] = []
  const heard: string[] = []
  let now = 0
  let waiting: { at: number; job: () => void } | null = null
  const wire: LiveWire<string, string> = (request, handlers) => {
    const one = { ...request, handlers, closed: false }
    opened.push(one)
    return () => void (one.closed = true)
  }
  const stream = createLiveStream<string, string>({
    wire,
    query: 'all',
    onMessage: (message) => heard.push(message),
    online,
    clock: {
      now: () => now,
      random: () => chance,
      after(delayMs, job) {
        waiting = { at: now + delayMs, job }
        return () => void (waiting = null)
      },
    },
  })
  const last = () => {
    const one = opened.at(-1)
    if (!one) throw new Error('nothing was opened')
    return one
  }
  return {
    stream,
    opened,
    heard,
    last,
    pause: () => (waiting === null ? null : waiting.at - now),
    pass: (ms: number) => {
      now += ms
      if (waiting === null || waiting.at > now) return
      const { job } = waiting
      waiting = null
      job()
    },
  }
}

const broken = { final: null }
const kinds = (states: readonly LiveConnection[]) => states.map(({ kind }) => kind)

describe('a stream that breaks', () => {
  test('goes on after the last message it heard, so nothing is missed', () => {
    const { stream, last, heard, pass } = harness()
    stream.start()
    last().handlers.onOpen()
    last().handlers.onMessage('7:1', 'first')
    last().handlers.onMessage('7:2', 'second')
    last().handlers.onDown(broken)
    pass(RETRY_PAUSES_MS[0])
    expect(last().lastId).toBe('7:2')
    last().handlers.onOpen()
    last().handlers.onMessage('7:3', 'third')
    expect(heard).toEqual(['first', 'second', 'third'])
  })

  test('hears nothing twice: not the message it resumed after, and no late word of the stream before', () => {
    const { stream, opened, last, heard, pass } = harness()
    stream.start()
    last().handlers.onOpen()
    last().handlers.onMessage('7:1', 'first')
    const [before] = opened
    last().handlers.onDown(broken)
    pass(RETRY_PAUSES_MS[0])
    last().handlers.onMessage('7:1', 'first')
    before?.handlers.onMessage('7:2', 'second')
    last().handlers.onMessage('7:2', 'second')
    expect(heard).toEqual(['first', 'second'])
    expect(before?.closed).toBe(true)
  })

  test('waits longer each time, up to a limit, and says when the next try is', () => {
    const { stream, last, pause, pass } = harness()
    stream.start()
    const pauses: (number | null)[] = []
    for (let i = 0; i < RETRY_PAUSES_MS.length + 2; i += 1) {
      last().handlers.onDown(broken)
      pauses.push(pause())
      const state = stream.state()
      expect(state).toMatchObject({ kind: 'reconnecting', attempt: i + 1 })
      expect(state.kind === 'reconnecting' && state.retryAt).toBeInstanceOf(Date)
      pass(pause() ?? 0)
      expect(stream.state()).toEqual({ kind: 'reconnecting', attempt: i + 1, retryAt: null })
    }
    expect(pauses).toEqual([...RETRY_PAUSES_MS, RETRY_PAUSES_MS.at(-1), RETRY_PAUSES_MS.at(-1)])
  })

  test('one that opens and falls at once does not begin the pauses again; one that held does', () => {
    const { stream, last, pause, pass } = harness()
    stream.start()
    for (const expected of [RETRY_PAUSES_MS[0], RETRY_PAUSES_MS[1]]) {
      last().handlers.onOpen()
      last().handlers.onDown(broken)
      expect(pause()).toBe(expected)
      pass(expected)
    }
    last().handlers.onOpen()
    pass(60_000)
    last().handlers.onDown(broken)
    expect(pause()).toBe(RETRY_PAUSES_MS[0])
  })

  test('chance shortens the pause and never lengthens it', () => {
    const { stream, last, pause } = harness({ chance: 1 })
    stream.start()
    last().handlers.onDown(broken)
    expect(pause()).toBe(700)
  })

  test('"Now" does not wait', () => {
    const { stream, opened, last, pause } = harness()
    stream.start()
    last().handlers.onDown(broken)
    stream.retryNow()
    expect(opened).toHaveLength(2)
    expect(pause()).toBeNull()
  })
})

describe('what it says', () => {
  test('connecting, live, reconnecting, in that order', () => {
    const { stream, last } = harness()
    const states: LiveConnection[] = []
    stream.watch(() => states.push(stream.state()))
    stream.start()
    last().handlers.onOpen()
    last().handlers.onDown(broken)
    expect(kinds(states)).toEqual(['connecting', 'live', 'reconnecting'])
  })

  test('an end by permission is final and keeps its sentence', () => {
    const { stream, opened, last, pause } = harness()
    stream.start()
    last().handlers.onOpen()
    last().handlers.onDown({ final: 'Your role (Viewer) cannot see webhook events.' })
    expect(stream.state()).toEqual({
      kind: 'ended',
      reason: 'Your role (Viewer) cannot see webhook events.',
    })
    expect(pause()).toBeNull()
    stream.setOnline(false)
    stream.setOnline(true)
    expect(opened).toHaveLength(1)
  })

  test('without a network it waits for the network, not for a timer', () => {
    const { stream, opened, last, pause } = harness()
    stream.start()
    last().handlers.onOpen()
    stream.setOnline(false)
    expect(stream.state()).toEqual({ kind: 'offline' })
    expect(last().closed).toBe(true)
    expect(pause()).toBeNull()
    stream.setOnline(true)
    expect(opened).toHaveLength(2)
    expect(stream.state()).toMatchObject({ kind: 'reconnecting', retryAt: null })
  })

  test('started offline, it opens nothing until there is a network', () => {
    const { stream, opened } = harness({ online: false })
    stream.start()
    expect(stream.state()).toEqual({ kind: 'offline' })
    expect(opened).toHaveLength(0)
  })

  test('stopped, it is off and closes its wire; started again, it goes on where it was', () => {
    const { stream, last } = harness()
    stream.start()
    last().handlers.onOpen()
    last().handlers.onMessage('9:4', 'one')
    const first = last()
    stream.stop()
    expect(stream.state()).toEqual({ kind: 'off' })
    expect(first.closed).toBe(true)
    stream.start()
    expect(last().lastId).toBe('9:4')
  })
})

describe('asking for something else', () => {
  test('goes on after the last message under a new wire, and stays live all the while', () => {
    const { stream, opened, last, heard } = harness()
    const states: LiveConnection[] = []
    stream.start()
    last().handlers.onOpen()
    last().handlers.onMessage('7:1', 'first')
    stream.watch(() => states.push(stream.state()))
    stream.setQuery('failed')
    expect(opened.map(({ query, lastId, closed }) => ({ query, lastId, closed }))).toEqual([
      { query: 'all', lastId: null, closed: true },
      { query: 'failed', lastId: '7:1', closed: false },
    ])
    last().handlers.onOpen()
    opened[0]?.handlers.onMessage('7:2', 'second, from the old wire')
    last().handlers.onMessage('7:2', 'second')
    expect(heard).toEqual(['first', 'second'])
    expect(kinds([...states, stream.state()])).toEqual(['live'])
  })

  test('an equal query changes nothing', () => {
    const { stream, opened, last } = harness()
    stream.start()
    last().handlers.onOpen()
    stream.setQuery('all')
    expect(opened).toHaveLength(1)
  })

  test('a new wire that fails is said, and tried again with the new query', () => {
    const { stream, last, pass } = harness()
    stream.start()
    last().handlers.onOpen()
    stream.setQuery('failed')
    last().handlers.onDown(broken)
    expect(stream.state()).toMatchObject({ kind: 'reconnecting', attempt: 1 })
    pass(RETRY_PAUSES_MS[0])
    expect(last().query).toBe('failed')
  })

  test('while off or waiting it is only remembered', () => {
    const { stream, opened, last, pass } = harness()
    stream.setQuery('failed')
    expect(opened).toHaveLength(0)
    stream.start()
    expect(last().query).toBe('failed')
    last().handlers.onDown(broken)
    stream.setQuery('dead')
    expect(opened).toHaveLength(1)
    pass(RETRY_PAUSES_MS[0])
    expect(last().query).toBe('dead')
  })

  test('words about the stream itself have no place in it', () => {
    const { stream, last, heard, pass } = harness()
    stream.start()
    last().handlers.onOpen()
    last().handlers.onMessage('7:1', 'first')
    last().handlers.onMessage(null, 'one in eight')
    last().handlers.onMessage(null, 'one in four')
    last().handlers.onDown(broken)
    pass(RETRY_PAUSES_MS[0])
    expect(last().lastId).toBe('7:1')
    expect(heard).toEqual(['first', 'one in eight', 'one in four'])
  })
})
