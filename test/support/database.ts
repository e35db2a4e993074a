import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'

/** The migrated database that `global-setup.ts` makes once. */
export const templateDatabase = 'paydesk_template'

export interface TestDatabase {
  /** Connection string of the new database. */
  url: string
  /** Closes whatever is still connected and removes the database. */
  drop(): Promise<void>
}

/** A freshly migrated, empty database of one's own in the run's PostgreSQL; about 20 ms. */
export function createTestDatabase(): Promise<TestDatabase> {
  return createDatabase(`template ${templateDatabase} strategy file_copy`)
}

/** A database without even the migrations, for tests of what makes a schema. */
export function createBlankDatabase(): Promise<TestDatabase> {
  return createDatabase('template template0 strategy file_copy')
}

async function createDatabase(options: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`
  await administer(`create database ${name} ${options}`)
  const url = new URL(inject('postgresUrl'))
  url.pathname = `/${name}`
  return { url: url.href, drop: () => administer(`drop database if exists ${name} with (force)`) }
}

async function administer(statement: string): Promise<void> {
  const client = new pg.Client(inject('postgresUrl'))
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
