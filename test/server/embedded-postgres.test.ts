import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { startEmbeddedPostgres } from '../../server/store/embedded-postgres.ts'

const ownerProgram = join(import.meta.dirname, '../support/embedded-postgres-owner.ts')
const ownerReady = z.object({ url: z.string(), dataDir: z.string() })

const root = process.getuid?.() === 0

/** The process of the database below `dataDir`, by its own lock file. */
function databasePid(dataDir: string): number {
  return Number(readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[0])
}

/** A dead process that its parent has not collected yet still has a number; it counts as dead. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !existsSync('/proc') || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

describe('the embedded PostgreSQL', () => {
  let parent: string
  let dataDir: string
  const cleanUps: (() => Promise<void>)[] = []

  beforeEach(() => {
    parent = join(tmpdir(), `paydesk-embedded-${randomBytes(6).toString('hex')}`)
    mkdirSync(parent, { mode: 0o755 })
    dataDir = join(parent, 'postgres')
  })
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp()
    rmSync(parent, { recursive: true, force: true })
  })

  async function start(options: { dataDir?: string; log?: (message: string) => void } = {}) {
    const postgres = await startEmbeddedPostgres({ dataDir, initdbFlags: ['--no-sync'], ...options })
    cleanUps.push(() => postgres.stop())
    return postgres
  }

  /** Starts it in another process, which then owns it. */
  async function startElsewhere() {
    const child: ChildProcess = spawn(process.execPath, [ownerProgram, dataDir], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const exited = once(child, 'exit')
    cleanUps.push(async () => {
      child.stdin?.end()
      await exited
    })
    if (!child.stdout) throw new Error('the owner has no standard output')
    const [line] = await once(createInterface({ input: child.stdout }), 'line')
    const { url } = ownerReady.parse(JSON.parse(String(line)))
    const kill = async (signal: NodeJS.Signals) => {
      child.kill(signal)
      await exited
    }
    return { url, pid: child.pid, kill }
  }

  test('keeps its data from one start to the next, and stops when told', async () => {
    const first = await start()
    await query(first.url, 'create table kept as select 42 as answer')
    const pid = databasePid(first.dataDir)
    await first.stop()
    await first.stop()
    expect(isAlive(pid)).toBe(false)

    const second = await start()
    expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }])
  })

  test('speaks UTF-8 and UTC, whatever this process is set to', async () => {
    const { url } = await start()
    expect(await query(url, "select current_setting('TimeZone') as zone, upper('é₹') as text")).toEqual([
      { zone: 'UTC', text: 'É₹' },
    ])
  })

  test('listens on loopback only, demands its password, and keeps that in a closed file', async () => {
    const { url, dataDir: at } = await start()
    expect(
      await query(
        url,
        "select current_setting('listen_addresses') as listens, current_setting('unix_socket_directories') as sockets",
      ),
    ).toEqual([{ listens: '127.0.0.1', sockets: '' }])
    const wrong = new URL(url)
    wrong.password = 'wrong'
    await expect(query(wrong.href, 'select 1')).rejects.toThrow(/password authentication failed/)
    const file = join(at, 'paydesk.password')
    expect(new URL(url).password).toBe(readFileSync(file, 'utf8').trim())
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  test('dies with an owner that is killed, and keeps what was committed', async () => {
    const owner = await startElsewhere()
    await query(owner.url, 'create table kept as select 42 as answer')
    const pid = databasePid(dataDir)
    await owner.kill('SIGKILL')
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 10_000 })

    const { url } = await start()
    expect(await query(url, 'select answer from kept')).toEqual([{ answer: 42 }])
  })

  test('survives the death of its owner and itself at the same moment', async () => {
    const owner = await startElsewhere()
    await query(owner.url, 'create table kept as select 42 as answer')
    process.kill(databasePid(dataDir), 'SIGKILL')
    await owner.kill('SIGKILL')

    const { url } = await start()
    expect(await query(url, 'select answer from kept')).toEqual([{ answer: 42 }])
  })

  test('refuses a second start on the same data directory, and the first goes on undisturbed', async () => {
    const owner = await startElsewhere()
    await expect(start()).rejects.toThrow(
      `The data directory ${dataDir} is in use by another Paydesk (process ${owner.pid}).`,
    )
    expect(await query(owner.url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  test('of two that start at the same moment on a new directory, exactly one gets it', async () => {
    const outcomes = await Promise.allSettled([start(), start()])
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
    expect(refused).toHaveLength(1)
    expect(String(refused[0])).toMatch(/^DataDirectoryInUseError: The data directory .* is in use/)
  })

  test.runIf(existsSync('/proc'))(
    'takes over from a database whose guardian died with its owner',
    async () => {
      const owner = await startElsewhere()
      await query(owner.url, 'create table kept as select 42 as answer')
      const pid = databasePid(dataDir)
      const guardian = Number(/PPid:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
      // The whole group of the guardian, so that nobody is left to shut the database down.
      for (const child of readFileSync(`/proc/${guardian}/task/${guardian}/children`, 'utf8')
        .trim()
        .split(' ')) {
        if (Number(child) !== pid) process.kill(Number(child), 'SIGKILL')
      }
      process.kill(guardian, 'SIGKILL')
      await owner.kill('SIGKILL')
      expect(isAlive(pid)).toBe(true)

      const said: string[] = []
      const { url } = await start({ log: (message) => said.push(message) })
      expect(said).toContainEqual(
        expect.stringContaining(`(process ${pid}) that a killed Paydesk left behind`),
      )
      expect(isAlive(pid)).toBe(false)
      expect(await query(url, 'select answer from kept')).toEqual([{ answer: 42 }])
    },
  )

  test('is not held up by a lock file whose process number belongs to someone else by now', async () => {
    const first = await start()
    await first.stop()
    writeFileSync(join(dataDir, 'postmaster.pid'), `${process.pid}\n${dataDir}\n0\n5432\n\n127.0.0.1\n`)
    const { url } = await start()
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  test('is not held up by the empty lock file that a power cut leaves', async () => {
    const first = await start()
    await first.stop()
    writeFileSync(join(dataDir, 'postmaster.pid'), '')
    utimesSync(join(dataDir, 'postmaster.pid'), 0, 0)
    const { url } = await start()
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  test('refuses a directory with something else in it, and data of another PostgreSQL', async () => {
    mkdirSync(dataDir)
    writeFileSync(join(dataDir, 'thesis.txt'), 'chapter one')
    await expect(start()).rejects.toThrow(`${dataDir} holds something that is not a database.`)
    rmSync(join(dataDir, 'thesis.txt'))
    writeFileSync(join(dataDir, 'PG_VERSION'), '9.6\n')
    await expect(start()).rejects.toThrow(/holds the data of PostgreSQL 9.6/)
  })

  test('leaves nothing half-made when the database files cannot be created', async () => {
    await expect(startEmbeddedPostgres({ dataDir, initdbFlags: ['--no-such-flag'] })).rejects.toThrow(
      /Could not create the database files in .*no-such-flag/,
    )
    expect(existsSync(dataDir)).toBe(false)
    const { url } = await start()
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  test.runIf(root)(
    'as root, puts the data of a closed directory where its account can work, and says so',
    async () => {
      const closed = join(parent, 'closed')
      mkdirSync(closed, { mode: 0o700 })
      const said: string[] = []
      const log = (message: string) => said.push(message)
      const first = await start({ dataDir: join(closed, 'postgres'), log })
      cleanUps.unshift(async () => rmSync(first.dataDir, { recursive: true, force: true }))
      expect(first.dataDir).toMatch(/^\/var\/lib\/paydesk\/data-/)
      expect(said[0]).toContain(`its data is in ${first.dataDir}`)
      await query(first.url, 'create table kept as select 42 as answer')
      await first.stop()

      const second = await start({ dataDir: join(closed, 'postgres') })
      expect(second.dataDir).toBe(first.dataDir)
      expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }])
    },
  )

  test.runIf(root)('as root, does not run as root', async () => {
    const { dataDir: at } = await start()
    expect(statSync(`/proc/${databasePid(at)}`).uid).not.toBe(0)
  })
})
