/**
 * Runs once before all tests: one throw-away PostgreSQL for the whole run with one migrated template database, from
 * which each test file clones its own in milliseconds; and Chromium when a browser is needed.
 */
import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { startEmbeddedPostgres } from '../../server/store/embedded-postgres.ts'
import { migrate } from '../../server/store/migrate.ts'
import { prepareChromium } from './chromium.ts'
import { templateDatabase } from './database.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Connection string of the run's PostgreSQL, as its superuser. */
    postgresUrl: string
  }
}

/** The data dies with the run, so nothing needs to survive a power cut. */
const noDurability = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=300']

const projectsWithDatabase = ['server', 'e2e']
const projectsWithBrowser = ['component', 'e2e']

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const chosen = project.vitest.projects.map(({ name }) => name.split(' ')[0] ?? '')
  const wants = (names: readonly string[]) => chosen.some((name) => names.includes(name))
  if (wants(projectsWithBrowser)) await prepareChromium()
  if (!wants(projectsWithDatabase)) return async () => {}

  // Not mkdtemp: its directory would be closed to the account that runs PostgreSQL when the tests run as root.
  const postgres = await startEmbeddedPostgres({
    dataDir: join(tmpdir(), `paydesk-test-${process.pid}-${randomBytes(4).toString('hex')}`),
    flags: noDurability.flatMap((setting) => ['-c', setting]),
    initdbFlags: ['--no-sync'],
  })
  const teardown = async () => {
    await postgres.stop()
    rmSync(postgres.dataDir, { recursive: true, force: true })
  }
  try {
    await makeTemplate(postgres.url)
  } catch (error) {
    await teardown()
    throw error
  }
  project.provide('postgresUrl', postgres.url)
  return teardown
}

async function makeTemplate(url: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    await client.query(`create database ${templateDatabase}`)
    const template = new URL(url)
    template.pathname = `/${templateDatabase}`
    await migrate(template.href)
    // A connection to the template would make every clone fail.
    await client.query(`alter database ${templateDatabase} with is_template true allow_connections false`)
  } finally {
    await client.end()
  }
}
