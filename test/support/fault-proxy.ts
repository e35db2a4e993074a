/**
 * A TCP proxy that does to a connection what networks do: refuses, resets, swallows, delays, cuts and spoils. It knows no
 * protocol, so it can stand before PostgreSQL as well as before an HTTP host. One fault at a time, for all connections.
 */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { createLane, type Lane } from './fault-lane.ts'

export const PROXY_FAULTS = [
  'refuse',
  'reset_before_request',
  'stall_reply',
  'garbage_reply',
  'reset_after_request',
  'black_hole',
  'latency',
  'trickle',
  'cut_request',
  'cut_reply',
  'truncate_reply',
  'duplicate_reply',
  'reorder_reply',
  'half_close',
] as const
export type ProxyFaultKind = (typeof PROXY_FAULTS)[number]

export type ProxyFault = {
  kind: ProxyFaultKind
  /** `latency`: every piece waits up to this long. */
  delayMs?: number
  /** Strikes only connections on which the client has said something that contains this. */
  matching?: RegExp
  /** Strikes this many times, and then only looks on. Default: until healed. */
  times?: number
}

export type FaultProxy = {
  port: number
  /** The same address with the proxy's host and port. */
  through(url: string): string
  inject(fault: ProxyFault): Promise<void>
  /** Ends the fault. What was held back goes on; what was cut stays cut. */
  heal(): Promise<void>
  /** How often the fault in force, or the last one, has struck. */
  struck(): number
  close(): Promise<void>
}

const LATENCY_MAX_MS = 60_000
const TRICKLE_EVERY_MS = 1_000

type Link = {
  client: Socket
  upstream: Socket
  /** A request that the fault is about has gone through: its reply gets the treatment. */
  marked: boolean
}

/** Starts a proxy on a free loopback port before `target`. */
export async function startFaultProxy(target: { host?: string; port: number }): Promise<FaultProxy> {
  const links = new Set<Link>()
  let fault: ProxyFault | null = null
  let epoch = new AbortController()
  let strikes = 0

  const change = (next: ProxyFault | null): void => {
    fault = next
    if (next !== null) strikes = 0
    const ended = epoch
    epoch = new AbortController()
    ended.abort()
  }
  const accept = (client: Socket): void => {
    const upstream = connect({ host: target.host ?? '127.0.0.1', port: target.port })
    const link = { client, upstream, marked: false }
    links.add(link)
    const world: World = {
      fault: () => fault,
      epoch: () => epoch.signal,
      strike: () => {
        strikes += 1
        // The last of a counted few: from here on the proxy only looks on.
        if (fault?.times !== undefined && strikes >= fault.times) fault = null
      },
    }
    join(link, world, () => links.delete(link))
  }
  let server = await listen(accept, 0)
  const port = portOf(server)
  return {
    port,
    through: (url) => {
      const address = new URL(url)
      address.hostname = '127.0.0.1'
      address.port = String(port)
      return address.href
    },
    async inject(next) {
      change(next)
      if (next.kind !== 'refuse') return
      strikes += 1
      for (const link of links) cut(link)
      await closed(server)
    },
    async heal() {
      change(null)
      if (!server.listening) server = await listen(accept, port)
    },
    struck: () => strikes,
    async close() {
      change(null)
      for (const link of links) cut(link)
      if (server.listening) await closed(server)
    },
  }
}

type World = { fault(): ProxyFault | null; epoch(): AbortSignal; strike(): void }

/** Carries bytes both ways, each direction in order, through whatever fault is in force at that moment. */
function join(link: Link, world: World, gone: () => void): void {
  const { client, upstream } = link
  const up = createLane(upstream, (chunk) => carryRequest(link, world, up, chunk))
  const down = createLane(client, (chunk) => carryReply(link, world, down, chunk))
  up.from(client)
  down.from(upstream)
  for (const socket of [client, upstream]) {
    socket.setNoDelay(true)
    socket.on('error', () => cut(link))
    socket.on('close', () => {
      // A closed end takes the other with it, but not before what it sent has been passed on.
      const [lane, other] = socket === client ? [up, upstream] : [down, client]
      void lane.empty().then(() => other.destroySoon())
      if (client.closed && upstream.closed) gone()
    })
  }
}

/** Both ends see a reset. */
function cut({ client, upstream }: Link): void {
  client.resetAndDestroy()
  upstream.resetAndDestroy()
}

async function carryRequest(link: Link, world: World, lane: Lane, chunk: Buffer): Promise<void> {
  const fault = world.fault()
  if (fault === null) {
    link.marked = false
    return lane.write(chunk)
  }
  if (fault.matching !== undefined && !fault.matching.test(chunk.toString('latin1'))) return lane.write(chunk)
  link.marked = true
  switch (fault.kind) {
    case 'reset_before_request':
      world.strike()
      return cut(link)
    case 'cut_request':
      world.strike()
      lane.write(chunk.subarray(0, Math.max(1, chunk.length >> 1)))
      return cut(link)
    case 'half_close':
      world.strike()
      lane.write(chunk)
      link.upstream.end()
      return
    case 'black_hole':
    case 'latency':
    case 'trickle':
      return slowly(fault, world, lane, chunk)
    default:
      return lane.write(chunk)
  }
}

async function carryReply(link: Link, world: World, lane: Lane, chunk: Buffer): Promise<void> {
  const fault = world.fault()
  if (fault === null || !link.marked) return lane.write(chunk)
  const half = Math.max(1, chunk.length >> 1)
  switch (fault.kind) {
    case 'reset_after_request':
      world.strike()
      return cut(link)
    case 'cut_reply':
      world.strike()
      lane.write(chunk.subarray(0, half))
      return cut(link)
    case 'truncate_reply':
      world.strike()
      lane.write(chunk.subarray(0, half))
      link.client.end()
      link.upstream.destroy()
      return
    case 'stall_reply':
      world.strike()
      lane.write(chunk.subarray(0, half))
      // As when a firewall has forgotten the connection: nobody is told, and nothing comes any more.
      return new Promise(() => undefined)
    case 'duplicate_reply':
      world.strike()
      return lane.write(Buffer.concat([chunk, chunk]))
    case 'reorder_reply':
      world.strike()
      return lane.write(Buffer.concat([chunk.subarray(half), chunk.subarray(0, half)]))
    case 'garbage_reply':
      world.strike()
      return lane.write(randomBytes(chunk.length))
    case 'black_hole':
    case 'latency':
    case 'trickle':
      return slowly(fault, world, lane, chunk)
    default:
      return lane.write(chunk)
  }
}

async function slowly(fault: ProxyFault, world: World, lane: Lane, chunk: Buffer): Promise<void> {
  world.strike()
  const epoch = world.epoch()
  if (fault.kind === 'black_hole') await until(epoch)
  if (fault.kind === 'latency') await until(epoch, Math.random() * (fault.delayMs ?? LATENCY_MAX_MS))
  if (fault.kind !== 'trickle') return lane.write(chunk)
  let sent = 0
  for (; sent < chunk.length && !epoch.aborted; sent += 1) {
    lane.write(chunk.subarray(sent, sent + 1))
    await until(epoch, TRICKLE_EVERY_MS)
  }
  lane.write(chunk.subarray(sent))
}

/** Resolves when the fault is over, or after `ms`. */
function until(epoch: AbortSignal, ms?: number): Promise<void> {
  if (epoch.aborted) return Promise.resolve()
  return new Promise((done) => {
    const timer = ms === undefined ? undefined : setTimeout(over, ms)
    function over(): void {
      clearTimeout(timer)
      epoch.removeEventListener('abort', over)
      done()
    }
    epoch.addEventListener('abort', over)
  })
}

async function listen(accept: (socket: Socket) => void, port: number): Promise<Server> {
  // The half that a peer has closed is passed on as such; the other half stays open.
  const server = createServer({ allowHalfOpen: true }, accept)
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
  return address.port
}

function closed(server: Server): Promise<void> {
  return new Promise((done) => {
    server.close(() => done())
  })
}
