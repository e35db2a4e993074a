/**
 * A PostgreSQL of a battery's own, as durable as a merchant's: nothing is switched off. It can be killed, stopped and
 * started again on the same port, so that servers find it where it was.
 */
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../server/store/embedded-postgres.ts'
import { freePort } from './ports.ts'

/** How PostgreSQL comes to its end: as by a power cut, `pg_ctl stop -m immediate` and `-m fast`. */
export const DATABASE_ENDS = { kill: 'SIGKILL', immediate: 'SIGQUIT', restart: 'SIGINT' } as const
export type DatabaseEnd = keyof typeof DATABASE_ENDS

export type Cluster = {
  /** Connection string of the database `paydesk`, as its superuser. */
  url: string
  dataDir: string
  /** What the server says it is, such as `18.4`. */
  version: string
  /** The postmaster and everything it has started; empty while it does not run. */
  processes(): number[]
  /** Ends it and waits until none of its processes is left. */
  end(how: DatabaseEnd): Promise<void>
  /** Whether it takes connections. */
  answers(): Promise<boolean>
  /** Starts it again, or finds that it runs. Resolves when it takes connections. */
  start(): Promise<void>
  /** Freezes every process of it, as a machine that hangs. */
  freeze(): void
  thaw(): void
  /** Ends it for good and removes its files, unless they are kept. */
  close(): Promise<void>
}

/** Enough for two servers and the judge, few enough for somebody to take them all. */
const FLAGS = ['max_connections=70']
const POLL_MS = 40
const START_MS = 120_000

export type ClusterOptions = {
  /** Where its files go; by default a new directory of the system's temporary ones. */
  parent?: string
  /** Its files themselves: found there when they are, and left there. */
  kept?: string
  flags?: string[]
}

export async function openCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const name = `paydesk-faults-${process.pid}-${randomBytes(4).toString('hex')}`
  const wanted = options.kept ?? join(options.parent ?? tmpdir(), name)
  const port = await freePort()
  const start = (): Promise<EmbeddedPostgres> =>
    startEmbeddedPostgres({
      dataDir: wanted,
      port,
      flags: [...FLAGS, ...(options.flags ?? [])].flatMap((flag) => ['-c', flag]),
    })
  let running = await start()
  const { dataDir, url } = running
  const remove = (): void => {
    if (options.kept === undefined) rmSync(dataDir, { recursive: true, force: true })
  }
  let version: string
  try {
    version = await versionOf(url)
  } catch (error) {
    await running.stop()
    remove()
    throw error
  }
  let frozen: number[] = []
  const processes = (): number[] => familyOf(postmasterOf(dataDir))
  const answers = (): Promise<boolean> =>
    versionOf(url).then(
      () => true,
      () => false,
    )
  const thaw = (): void => {
    signalAll(frozen.toReversed(), 'SIGCONT')
    frozen = []
  }
  return {
    url,
    dataDir,
    version,
    processes,
    async end(how) {
      const [postmaster, ...children] = processes()
      if (postmaster === undefined) return
      signalAll([postmaster], DATABASE_ENDS[how])
      // Children notice the death of their postmaster by themselves, and hold its memory until they do.
      const family = new Set([postmaster, ...children])
      while (living().some((one) => family.has(one.pid))) await wait(POLL_MS)
      await running.stop()
    },
    answers,
    async start() {
      const deadline = performance.now() + START_MS
      while (!(await answers())) {
        if (performance.now() > deadline) throw new Error('PostgreSQL does not come back')
        // One that is about to stop still has processes, and its files are not free yet.
        if (processes().length === 0) running = await start().catch(() => running)
        await wait(POLL_MS)
      }
    },
    freeze() {
      const [postmaster] = processes()
      if (postmaster === undefined) return
      // First the one that makes new ones.
      signalAll([postmaster], 'SIGSTOP')
      frozen = processes()
      signalAll(frozen, 'SIGSTOP')
    },
    thaw,
    async close() {
      thaw()
      await running.stop()
      remove()
    },
  }
}

async function versionOf(url: string): Promise<string> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    const { rows } = await client.query<{ server_version: string }>('show server_version')
    return rows[0]?.server_version ?? 'unknown'
  } finally {
    await client.end()
  }
}

/** Null when it does not run, or has written no lock file yet. */
function postmasterOf(dataDir: string): number | null {
  try {
    const pid = Number(readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[0])
    return isAlive(pid) ? pid : null
  } catch {
    return null
  }
}

function familyOf(pid: number | null): number[] {
  if (pid === null) return []
  return [pid, ...living().flatMap((one) => (one.parent === pid ? [one.pid] : []))]
}

const isAlive = (pid: number): boolean => living().some((one) => one.pid === pid)

/** Without those that have ended and wait for somebody to notice. */
function living(): { pid: number; parent: number }[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' }).split('\n')
  return lines.flatMap((line) => {
    const [pid, parent, state] = line.trim().split(/\s+/)
    return state === undefined || state.startsWith('Z') ? [] : [{ pid: Number(pid), parent: Number(parent) }]
  })
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch {
      // It has ended by itself.
    }
  }
}
