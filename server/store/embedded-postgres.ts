/**
 * A real PostgreSQL for those who set no DATABASE_URL: made on first start, run on a loopback port with a random
 * password, and never outliving this process, not even after `kill -9`.
 */
import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { chooseAccount, findBinaries, placeData, renameInto } from './embedded-postgres-binaries.ts'
import type { Account } from './embedded-postgres-binaries.ts'
import { claim, ownerSetting } from './embedded-postgres-owner.ts'

export interface EmbeddedPostgresOptions {
  /** The directory of the database files; made when absent. */
  dataDir: string
  /** A loopback port; by default a free one. */
  port?: number
  /** More arguments for `postgres` and, on first start, `initdb`. */
  flags?: readonly string[]
  initdbFlags?: readonly string[]
  log?: (message: string) => void
}

export interface EmbeddedPostgres {
  /** Connection string of the database `paydesk`, password included. */
  url: string
  /** Where the data really lies; differs from what was asked for when root's account could not reach that. */
  dataDir: string
  /** Shuts the database down cleanly; may be called twice. */
  stop(): Promise<void>
}

const user = 'paydesk'
const database = 'paydesk'
const passwordFile = 'paydesk.password'
/** Room for a recovery after a crash with much unwritten work. */
const readyMs = 120_000
const stopMs = 30_000
const startAttemptsMax = 10
const takenMs = 500
const logTailChars = 4_000

/**
 * Outlives a `kill -9` of this process for as long as it takes to shut PostgreSQL down: its standard input is a pipe
 * of ours, and the kernel closes that whatever happens to us.
 */
const guardian = `exec 3<&0
"$@" </dev/null 3<&- &
server=$!
(read line <&3; kill -INT $server 2>/dev/null) &
watcher=$!
wait $server
code=$?
kill $watcher 2>/dev/null
exit $code`

/**
 * Starts PostgreSQL on `dataDir`. Throws `DataDirectoryInUseError` when a living Paydesk uses it already; a server
 * that a killed one left behind is stopped first.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const log = options.log ?? (() => {})
  const wanted = resolve(options.dataDir)
  const account = chooseAccount(wanted)
  const dataDir = placeData(wanted, account)
  if (dataDir !== wanted) log(`${wanted} is closed to the database's account; its data is in ${dataDir}`)
  const binaries = findBinaries(account)
  if (!existsSync(join(dataDir, 'PG_VERSION')))
    makeCluster(binaries, dataDir, account, options.initdbFlags ?? [])
  checkVersion(binaries, dataDir)
  await claim(dataDir, log)
  const password = readFileSync(join(dataDir, passwordFile), 'utf8').trim()
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort())
    try {
      const child = await run(binaries, dataDir, account, port, options.flags ?? [], log)
      const url = await makeDatabase(`postgresql://${user}:${password}@127.0.0.1:${port}/`, child)
      return { url, dataDir, stop: () => stop(child) }
    } catch (error) {
      const message = error instanceof Error ? error.message : ''
      // Between our look and PostgreSQL's bind somebody else may have taken the port.
      const lostPort = options.port === undefined && message.includes('could not bind')
      // Two starts at the same moment: PostgreSQL's own lock file decided. Or a postmaster was killed, and its
      // children need a moment to notice.
      const taken = /postmaster\.pid|pre-existing shared memory block/.test(message)
      if (!(lostPort || taken) || attempt === startAttemptsMax) throw error
      if (taken) await wait(takenMs)
      await claim(dataDir, log)
    }
  }
}

/** What every PostgreSQL program is started with: no inherited settings, no translated messages. */
function surroundings(account: Account | undefined) {
  return { ...account, cwd: '/', env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } }
}

/** initdb works beside the final place and the result is renamed, so that an interrupted one leaves nothing half-made. */
function makeCluster(
  binaries: string,
  dataDir: string,
  account: Account | undefined,
  flags: readonly string[],
) {
  if (existsSync(dataDir) && readdirSync(dataDir).length > 0) {
    throw new Error(`${dataDir} holds something that is not a database. Set DATA_DIR to another directory.`)
  }
  const partial = `${dataDir}.init-${process.pid}`
  const secret = `${partial}.password`
  mkdirSync(dirname(dataDir), { recursive: true })
  rmSync(partial, { recursive: true, force: true })
  mkdirSync(partial, { mode: 0o700 })
  rmSync(secret, { force: true })
  writeFileSync(secret, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
  if (account) for (const path of [partial, secret]) chownSync(path, account.uid, account.gid)
  const locale = ['-E', 'UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
  const auth = ['-U', user, '-A', 'scram-sha-256', `--pwfile=${secret}`]
  try {
    execFileSync(join(binaries, 'bin/initdb'), ['-D', partial, ...auth, ...locale, ...flags], {
      ...surroundings(account),
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    renameInto(secret, join(partial, passwordFile))
    renameInto(partial, dataDir)
  } catch (cause) {
    for (const path of [partial, secret]) rmSync(path, { recursive: true, force: true })
    throw new Error(`Could not create the database files in ${dataDir}: ${reason(cause)}`, { cause })
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'stderr' in error && String(error.stderr).trim() ? String(error.stderr).trim() : error.message
}

function checkVersion(binaries: string, dataDir: string): void {
  const found = readFileSync(join(dataDir, 'PG_VERSION'), 'utf8').trim()
  const version = execFileSync(join(binaries, 'bin/postgres'), ['--version'], { encoding: 'utf8' })
  const ours = /(\d+)\./.exec(version)?.[1]
  if (found === ours) return
  throw new Error(
    `${dataDir} holds the data of PostgreSQL ${found}, but this Paydesk comes with ${ours}. ` +
      'Move it with pg_dump, or run the older server yourself and set DATABASE_URL.',
  )
}

function run(
  binaries: string,
  dataDir: string,
  account: Account | undefined,
  port: number,
  flags: readonly string[],
  log: (message: string) => void,
): Promise<ChildProcess> {
  const settings = [`listen_addresses=127.0.0.1`, 'unix_socket_directories=', ownerSetting()]
  const args = [
    '-D',
    dataDir,
    '-p',
    String(port),
    ...settings.flatMap((setting) => ['-c', setting]),
    ...flags,
  ]
  const child = spawn(
    '/bin/sh',
    ['-c', guardian, 'paydesk-postgres', join(binaries, 'bin/postgres'), ...args],
    {
      ...surroundings(account),
      // A session of its own: Ctrl-C must reach us first and the database last.
      detached: true,
      stdio: ['pipe', 'ignore', 'pipe'],
    },
  )
  return new Promise((done, fail) => {
    let tail = ''
    let ready = false
    const late = setTimeout(() => {
      void stop(child)
      fail(new Error(`PostgreSQL on ${dataDir} was not ready within ${readyMs / 1000} s\n${tail}`))
    }, readyMs)
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      tail = (tail + text).slice(-logTailChars)
      if (/\b(PANIC|FATAL):/.test(text) && ready) log(`PostgreSQL: ${text.trim()}`)
      if (ready || !tail.includes('ready to accept connections')) return
      ready = true
      clearTimeout(late)
      done(child)
    })
    // The pipe breaks when the guardian dies first; its exit is what we act on.
    child.stdin?.on('error', () => {})
    child.on('error', fail)
    child.on('close', (code) => {
      clearTimeout(late)
      if (ready) return
      fail(new Error(`PostgreSQL on ${dataDir} stopped with code ${code}\n${tail}`))
    })
  })
}

async function makeDatabase(server: string, child: ChildProcess): Promise<string> {
  const client = new pg.Client({ connectionString: `${server}postgres` })
  try {
    await client.connect()
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [database])
    if (rowCount === 0) await client.query(`create database ${database}`)
  } catch (error) {
    await stop(child)
    throw error
  } finally {
    await client.end()
  }
  return `${server}${database}`
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = new Promise<void>((done) => child.once('exit', () => done()))
  child.stdin?.end()
  // A fast shutdown that hangs becomes an immediate one, from which PostgreSQL recovers at the next start.
  const late = setTimeout(() => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGQUIT')
  }, stopMs)
  await exited
  clearTimeout(late)
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer()
    probe.once('error', fail)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() =>
        address !== null && typeof address === 'object'
          ? done(address.port)
          : fail(new Error('no free loopback port')),
      )
    })
  })
}
