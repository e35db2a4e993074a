/** What a battery runs against: a durable cluster, a migrated database with one merchant account, and server processes. */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { connect } from '../../server/store/database.ts'
import { migrate } from '../../server/store/migrate.ts'
import { createAccount, TEST_SECRET_KEY, WEBHOOK_PASSWORD } from '../support/factories.ts'
import { openCluster, type Cluster, type ClusterOptions } from './cluster.ts'
import { startServer, type ServerEntry, type ServerProcess } from './server-process.ts'

export type Ground = {
  cluster: Cluster
  /** A new migrated database with an account of its own in the cluster. */
  newDatabase(): Promise<Database>
  close(): Promise<void>
}

export type Database = {
  url: string
  /** Connections of the judge, which no fault of a battery is aimed at. */
  pool: pg.Pool
  accountId: string
  slug: string
  /** What Juspay would send. */
  authorization: string
  close(): Promise<void>
}

/** By this name the database knows connections that no fault may cut. */
export const JUDGE = 'faults'

/** A cluster for several runs, each on a database of its own. */
export async function openGround(options: ClusterOptions = {}): Promise<Ground> {
  const cluster = await openCluster(options)
  return {
    cluster,
    newDatabase: () => newDatabase(cluster),
    close: () => cluster.close(),
  }
}

async function newDatabase(cluster: Cluster): Promise<Database> {
  const name = `faults_${randomUUID().replaceAll('-', '').slice(0, 12)}`
  await administer(cluster.url, `create database ${name}`)
  const address = new URL(cluster.url)
  address.pathname = `/${name}`
  await migrate(address.href)
  const database = connect(address.href, { poolSize: 1 })
  const account = await createAccount(database, { slug: 'shop' })
  await database.close()
  const pool = new pg.Pool({
    connectionString: address.href,
    max: 3,
    // Kept, so that it has them when a battery leaves no connections to anybody.
    idleTimeoutMillis: 0,
    application_name: JUDGE,
    // Whatever a battery has switched on for everybody must not hold for the judge.
    options:
      '-c timezone=UTC -c default_transaction_read_only=off -c default_transaction_isolation=read\\ committed',
  })
  pool.on('error', () => undefined)
  return {
    url: address.href,
    pool,
    accountId: account.id,
    slug: account.slug,
    authorization: `Basic ${Buffer.from(`hook:${WEBHOOK_PASSWORD}`).toString('base64')}`,
    async close() {
      await pool.end()
      await administer(cluster.url, `drop database if exists ${name} with (force)`)
    },
  }
}

/** One statement as the cluster's superuser, outside of the database the battery uses. */
export async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: JUDGE })
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/** Starts as many servers as there are addresses of the database, and waits until all are ready. */
export async function startServers(
  databaseUrls: readonly string[],
  entry: ServerEntry,
): Promise<{ servers: ServerProcess[]; close: () => Promise<void> }> {
  const servers: ServerProcess[] = []
  const close = async (): Promise<void> => void (await Promise.all(servers.map((one) => one.close())))
  try {
    for (const databaseUrl of databaseUrls)
      servers.push(await startServer({ databaseUrl, secretKey: TEST_SECRET_KEY, entry }))
    await Promise.all(servers.map((one) => one.ready()))
    // A start that a busy machine made too slow, and that was made again, is nothing that a fault has done.
    for (const server of servers) server.deaths.length = 0
    return { servers, close }
  } catch (error) {
    await close()
    throw error
  }
}
