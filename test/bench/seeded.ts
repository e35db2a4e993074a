/** Databases of many orders that are made once and kept: making a million takes minutes, and reading them changes nothing. */
import { hash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { load } from '../../prisma/seed/load.ts'
import { worldOf } from '../../prisma/seed/world.ts'
import { DEMO_SLUG, seedDemo } from '../../server/demo.ts'
import { connect } from '../../server/store/database.ts'
import { migrate } from '../../server/store/migrate.ts'
import { createStore } from '../../server/store/store.ts'
import { administer } from '../faults/world.ts'
import { TEST_SECRET_KEY } from '../support/factories.ts'

const generator = join(import.meta.dirname, '../../prisma/seed')
const DAYS = 90
const SEED = 1
const KEY_LENGTH = 10
const PREFIX = 'seeded_'
const NOBODY = 'http://127.0.0.1:9'

/** Which generator made a database: another one makes other orders, and the database anew. */
export function generatorKey(): string {
  const names = readdirSync(generator).toSorted()
  const sources = names.map((name) => readFileSync(join(generator, name), 'utf8'))
  return hash('sha256', JSON.stringify([names, sources, DAYS, SEED])).slice(0, KEY_LENGTH)
}

/**
 * The migrated database of so many orders for the demo account in the cluster of `clusterUrl`; made when it is not there.
 * Databases of other generators are dropped.
 */
export async function seededDatabase(
  clusterUrl: string,
  orders: number,
  progress: (line: string) => void,
): Promise<{ url: string; seededInSeconds: number | null }> {
  const key = generatorKey()
  const name = `${PREFIX}${orders}_${key}`
  const there = await databases(clusterUrl)
  for (const other of there)
    if (other.startsWith(PREFIX) && !other.endsWith(`_${key}`))
      await administer(clusterUrl, `drop database ${other} with (force)`)
  const address = new URL(clusterUrl)
  address.pathname = `/${name}`
  if (there.includes(name)) {
    await migrate(address.href)
    return { url: address.href, seededInSeconds: null }
  }
  // Under another name until it is whole: a run that is stopped leaves nothing that looks finished.
  const building = `building_${orders}`
  await administer(clusterUrl, `drop database if exists ${building} with (force)`)
  await administer(clusterUrl, `create database ${building}`)
  address.pathname = `/${building}`
  const startedAt = performance.now()
  await fill(address.href, orders, progress)
  const seededInSeconds = (performance.now() - startedAt) / 1_000
  await administer(clusterUrl, `alter database ${building} rename to ${name}`)
  address.pathname = `/${name}`
  return { url: address.href, seededInSeconds }
}

async function fill(url: string, orders: number, progress: (line: string) => void): Promise<void> {
  await migrate(url)
  const database = connect(url, { poolSize: 2 })
  try {
    const store = createStore(database)
    const end = new Date()
    await seedDemo({ store, secretKey: TEST_SECRET_KEY, sandboxUrl: NOBODY, publicUrl: NOBODY, now: end })
    const wanted = { account: DEMO_SLUG, orders, days: DAYS, seed: SEED, end, allowProduction: false }
    let told = ''
    await load(url, await worldOf(store, wanted), DAYS, ({ done, what }) => {
      const line = what === 'orders' ? `${Math.floor((done * 10) / orders) * 10} %` : what
      if (line !== told) progress(`seeding ${orders} orders: ${line}`)
      told = line
    })
  } finally {
    await database.close()
  }
}

async function databases(clusterUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: clusterUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ name: string }>('select datname as name from pg_database')
    return rows.map(({ name }) => name)
  } finally {
    await client.end()
  }
}
