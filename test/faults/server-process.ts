/** A Paydesk server as a process of its own, in production mode, on a port that it keeps over its deaths. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from './ports.ts'

const root = join(import.meta.dirname, '../..')
/** What a production start runs, servers with one thing broken that a battery must find out, and what benchmarks compare. */
export const SERVER_ENTRIES = {
  real: ['server/main.ts', '--serve'],
  /** Acknowledges before it has stored. */
  hasty: ['test/faults/broken-server.ts', 'hasty'],
  /** Acknowledges what it cannot parse, and drops it. */
  picky: ['test/faults/broken-server.ts', 'picky'],
  /** Takes everybody for Juspay. */
  trusting: ['test/faults/broken-server.ts', 'trusting'],
  /** Resumes the live feed by the number of a row alone. */
  numbered: ['test/faults/broken-feed-server.ts', '--serve'],
  /** Checks what is left to refund without the order's lock, and knows no gestures. */
  unlocked: ['test/faults/broken-refund-server.ts', 'unlocked'],
  /** Makes a new refund key for each call. */
  rekeying: ['test/faults/broken-refund-server.ts', 'rekeying'],
  receiving: ['test/bench/receiving-server.ts', '--serve'],
  bare: ['test/bench/bare-server.ts', '--serve'],
  bareList: ['test/bench/bare-list-server.ts', '--serve'],
} as const
export type ServerEntry = keyof typeof SERVER_ENTRIES

export type ServerProcess = {
  /** Address without a trailing slash. */
  url: string
  /** Resolves when it says that it is ready. @throws with its last words when it does not within the time */
  ready(limitMs?: number): Promise<void>
  /** `kill -9`; resolves when it is dead. It stays dead until `start`. */
  kill(): Promise<void>
  start(): void
  /** Deaths that nobody ordered, with its last words. Each was followed by a new start. */
  readonly deaths: string[]
  /** Of its present life; null while it is dead. */
  pid(): number | null
  /** The end of what all its lives have printed. */
  output(): string
  close(): Promise<void>
}

const OUTPUT_MAX = 8_000
const POLL_MS = 25
const READY_MS = 60_000
const STOP_MS = 20_000

export type ServerOptions = {
  databaseUrl: string
  secretKey: Uint8Array
  entry: ServerEntry
  /** Beside what every server gets. */
  env?: Readonly<Record<string, string>>
}

/** Starts a server; `ready` says when it listens. */
export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const deaths: string[] = []
  let printed = ''
  let child: ChildProcess | null = null
  let wanted = true

  const start = (): void => {
    if (isRunning(child)) return
    wanted = true
    const born = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', ...SERVER_ENTRIES[options.entry]],
      {
        cwd: root,
        // A Ctrl-C is for us, who end the servers in order.
        detached: true,
        // The channel closes however we die, and the server takes that as the order to stop.
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        env: environment(options, url, port),
      },
    )
    child = born
    for (const stream of [born.stdout, born.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        printed = (printed + text).slice(-OUTPUT_MAX)
      })
    born.once('exit', (code, signal) => {
      if (child !== born || !wanted) return
      deaths.push(`code ${code}, signal ${signal}: ${printed.slice(-1_000)}`)
      start()
    })
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    wanted = false
    if (!isRunning(child)) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }
  start()
  return {
    url,
    deaths,
    start,
    pid: () => (isRunning(child) ? (child.pid ?? null) : null),
    output: () => printed,
    kill: () => end('SIGKILL'),
    async ready(limitMs = READY_MS) {
      const deadline = performance.now() + limitMs
      for (;;) {
        if (await answersReady(url)) return
        if (performance.now() > deadline) throw new Error(`a server is not ready:\n${printed}`)
        await wait(POLL_MS)
      }
    },
    async close() {
      const late = setTimeout(() => child?.kill('SIGKILL'), STOP_MS)
      await end('SIGTERM')
      clearTimeout(late)
    },
  }
}

const isRunning = (child: ChildProcess | null): child is ChildProcess =>
  child !== null && child.exitCode === null && child.signalCode === null

function environment(
  { databaseUrl, secretKey, env }: ServerOptions,
  url: string,
  port: number,
): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    DATABASE_URL: databaseUrl,
    PUBLIC_URL: url,
    PORT: String(port),
    HOST: '127.0.0.1',
    SECRET_KEY: Buffer.from(secretKey).toString('base64'),
    LOG_LEVEL: 'error',
    NODE_ENV: 'production',
    // A thousand starts of the same program compile it once.
    NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/faults'),
    ...env,
  }
}

async function answersReady(url: string): Promise<boolean> {
  try {
    const reply = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) })
    await reply.body?.cancel()
    return reply.ok
  } catch {
    return false
  }
}
