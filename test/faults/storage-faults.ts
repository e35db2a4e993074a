/** The ways in which storage and PostgreSQL itself refuse, each as something that begins and can be ended. */
import pg from 'pg'
import { setTimeout as wait } from 'node:timers/promises'
import type { Cluster } from './cluster.ts'
import { fillDisk } from './small-disk.ts'
import { failSystemCalls } from './system-calls.ts'
import { administer, JUDGE, type Database } from './world.ts'

export type Target = { database: Database; cluster: Cluster }

export type StorageFault = {
  kind: string
  /** What the machine must have for it. */
  needs: 'nothing' | 'disk' | 'strace'
  /** Whether every webhook that comes while it lasts must be refused, some of them, or perhaps none. */
  refuses: 'all' | 'some' | 'perhaps'
  /** Whether it makes PostgreSQL slow to answer rather than quick to refuse. */
  slow: boolean
  /** Begins, and answers the way to end it. */
  begin: (target: Target) => Promise<() => Promise<void>>
  /** Whether it has been in force until now; for one that a server may slip through. */
  held?: (target: Target) => Promise<boolean>
}

const POLL_MS = 50
const TRIES_MAX = 20
/** Longer than a recovery of so little takes. */
const RECOVERING_MS = 4_000
/** Rounds in which a server was quicker to the last connection than we. */
const TAKE_TRIES_MAX = 50
/** Rounds in a row in which nobody got a connection before all count as taken. */
const QUIET_ROUNDS = 5
/** Connections asked for at once by whoever wants all of them. */
const HOGS_AT_ONCE = 16

/** Writes of the log and of tables; how a file system says that a quota is used up. */
const WRITES = 'pwrite64,pwritev,pwritev2,fallocate'
const SYNCS = 'fsync,fdatasync'

export const STORAGE_FAULTS: readonly StorageFault[] = [
  { kind: 'read_only', needs: 'nothing', refuses: 'all', slow: false, begin: readOnly },
  {
    kind: 'connections_taken',
    needs: 'nothing',
    refuses: 'all',
    slow: false,
    begin: takeConnections,
    // On a busy machine a server may be quicker to a connection; what it then answers says nothing.
    held: async ({ database }) => (await servedConnections(database)) === 0,
  },
  { kind: 'connections_refused', needs: 'nothing', refuses: 'all', slow: false, begin: refuseConnections },
  { kind: 'table_locked', needs: 'nothing', refuses: 'all', slow: true, begin: lockTable },
  { kind: 'statement_timeout', needs: 'nothing', refuses: 'all', slow: true, begin: sleepInInserts },
  { kind: 'deadlock', needs: 'nothing', refuses: 'some', slow: false, begin: deadlockSometimes },
  { kind: 'serialization', needs: 'nothing', refuses: 'perhaps', slow: false, begin: serialise },
  { kind: 'disk_full', needs: 'disk', refuses: 'some', slow: false, begin: fillUp },
  { kind: 'disk_quota', needs: 'strace', refuses: 'all', slow: false, begin: failing(WRITES, 'EDQUOT') },
  { kind: 'fsync_error', needs: 'strace', refuses: 'all', slow: false, begin: failing(SYNCS, 'EIO') },
]

async function readOnly({ database: { pool } }: Target): Promise<() => Promise<void>> {
  const reload = async (statement: string): Promise<void> => {
    await pool.query(statement)
    await pool.query('select pg_reload_conf()')
  }
  await reload('alter system set default_transaction_read_only = on')
  return () => reload('alter system reset default_transaction_read_only')
}

/** Connections to the database but the judge's ($1). One that is only being made has no database yet, and already its place. */
const OF_SERVERS = `backend_type = 'client backend' and application_name <> $1
       and (datname = current_database() or datname is null)`

/** Cuts every connection to the database but the judge's. */
async function cutServers({ pool }: Database): Promise<void> {
  await pool.query(
    `select pg_terminate_backend(pid, 1000) from pg_stat_activity
     where ${OF_SERVERS}`,
    [JUDGE],
  )
}

/** How many connections the servers have. */
async function servedConnections({ pool }: Database): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity
     where ${OF_SERVERS}`,
    [JUDGE],
  )
  return rows[0]?.count ?? 0
}

/** Takes every connection that PostgreSQL has to give, while the servers are kept out for a moment. */
async function takeConnections(target: Target): Promise<() => Promise<void>> {
  const hogs: pg.Client[] = []
  const takeOne = async (): Promise<boolean> => {
    const hog = new pg.Client({ connectionString: target.cluster.url, application_name: JUDGE })
    hog.on('error', () => undefined)
    try {
      await hog.connect()
      hogs.push(hog)
      return true
    } catch {
      return false
    }
  }
  /** Answers whether any was to be had. */
  const takeAll = async (): Promise<boolean> => {
    const before = hogs.length
    for (let more = true; more;)
      more = (await Promise.all(Array.from({ length: HOGS_AT_ONCE }, takeOne))).every(Boolean)
    return hogs.length > before
  }
  const door = await shutOut(target)
  await takeAll()
  await door.open()
  // Servers knock all the time, and a knock holds a place for a moment: one that let go of it leaves it free for another.
  for (let tries = 0, quiet = 0; tries < TAKE_TRIES_MAX && quiet < QUIET_ROUNDS; tries += 1) {
    const served = (await servedConnections(target.database)) > 0
    if (served) await cutServers(target.database)
    quiet = (await takeAll()) || served ? 0 : quiet + 1
    await wait(POLL_MS)
  }
  return async () => {
    // The door's own connection stays until now: it would be one that a server could have.
    await Promise.all([door.leave(), ...hogs.map((hog) => hog.end())])
  }
}

/** The database takes no new connections, and the servers have lost theirs. */
async function refuseConnections(target: Target): Promise<() => Promise<void>> {
  const door = await shutOut(target)
  return async () => {
    await door.open()
    await door.leave()
  }
}

async function shutOut({ database, cluster }: Target) {
  const name = new URL(database.url).pathname.slice(1)
  // From another database, and over a connection that there is already when the fault has to end.
  const client = new pg.Client({ connectionString: cluster.url, application_name: JUDGE })
  await client.connect()
  await client.query(`alter database ${name} with allow_connections false`)
  await cutServers(database)
  return {
    open: () => client.query(`alter database ${name} with allow_connections true`),
    leave: () => client.end(),
  }
}

async function lockTable({ database: { pool } }: Target): Promise<() => Promise<void>> {
  const client = await pool.connect()
  await client.query('begin')
  await client.query('lock table webhook_event in access exclusive mode')
  return async () => {
    await client.query('rollback')
    client.release()
  }
}

/** Every insert takes longer than a statement may. */
function sleepInInserts(target: Target): Promise<() => Promise<void>> {
  return withTrigger(target, 'perform pg_sleep(3);', ['insert on webhook_event'])
}

/** Storing and processing both meet what PostgreSQL says to the loser of a deadlock. */
function deadlockSometimes(target: Target): Promise<() => Promise<void>> {
  const body = `if random() < 0.3 then raise exception 'deadlock detected' using errcode = '40P01'; end if;`
  return withTrigger(target, body, ['insert on webhook_event', 'update on orders'])
}

async function withTrigger(
  { database: { pool } }: Target,
  body: string,
  occasions: readonly string[],
): Promise<() => Promise<void>> {
  const define = (what: string): Promise<void> =>
    persist(
      pool,
      `create or replace function faults_trouble() returns trigger language plpgsql as $$ begin ${what} return new; end $$`,
    )
  await define(body)
  for (const occasion of occasions)
    await persist(
      pool,
      `create or replace trigger faults_trouble before ${occasion} for each row execute function faults_trouble()`,
    )
  return async () => {
    await define('')
    for (const occasion of occasions)
      await persist(pool, `drop trigger if exists faults_trouble on ${occasion.split(' on ')[1]}`)
  }
}

/** Changes a table that is in use: may itself be the loser of a deadlock, and then tries again. */
async function persist(pool: pg.Pool, statement: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await pool.query(statement)
      return
    } catch (error) {
      if (tries === TRIES_MAX || !(error instanceof pg.DatabaseError && error.code === '40P01')) throw error
    }
  }
}

/** Real conflicts: every transaction of the servers is serializable, and none was written for that. */
async function serialise({ database, cluster }: Target): Promise<() => Promise<void>> {
  const name = new URL(database.url).pathname.slice(1)
  const change = async (setting: string): Promise<void> => {
    await administer(cluster.url, `alter database ${name} ${setting}`)
    await cutServers(database)
  }
  await change(`set default_transaction_isolation = 'serializable'`)
  return () => change('reset default_transaction_isolation')
}

async function fillUp({ cluster }: Target): Promise<() => Promise<void>> {
  const empty = fillDisk(cluster.dataDir)
  return async () => {
    empty()
    await comeBack(cluster)
  }
}

/** System calls of PostgreSQL fail, which makes it stop rather than lose anything; it is started again afterwards. */
function failing(calls: string, error: string): StorageFault['begin'] {
  return async ({ cluster }) => {
    const stop = await failSystemCalls(cluster.processes(), calls, error)
    return async () => {
      await stop()
      await comeBack(cluster)
    }
  }
}

/** What whoever runs PostgreSQL does: starts it when it has stopped, and ends it first when it does not come back. */
async function comeBack(cluster: Cluster): Promise<void> {
  for (let tries = 1; tries < TRIES_MAX; tries += 1) {
    await answerAgain(cluster)
    // Answering is not yet being well: what could not be written before may bring it down once more.
    const well = await administer(cluster.url, 'checkpoint').then(
      () => true,
      () => false,
    )
    if (well) return
  }
  throw new Error('PostgreSQL answers and cannot write')
}

async function answerAgain(cluster: Cluster): Promise<void> {
  const deadline = performance.now() + RECOVERING_MS
  while (!(await cluster.answers())) {
    if (cluster.processes().length === 0) break
    // When its recovery has failed as well, PostgreSQL 18 stays in "recovery mode" for ever.
    if (performance.now() > deadline) await cluster.end('kill')
    await wait(POLL_MS)
  }
  await cluster.start()
}
