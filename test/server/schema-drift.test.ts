import { execFile } from 'node:child_process'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'

const root = join(import.meta.dirname, '../..')

/** What `prisma migrate diff --exit-code` means by its exit code. */
const noDifference = 0
const difference = 2

function prisma(args: readonly string[], databaseUrl: string): Promise<{ code: unknown; output: string }> {
  return new Promise((done) => {
    execFile(
      process.execPath,
      [join(root, 'prisma/cli.mjs'), ...args],
      { cwd: root, env: { ...process.env, DATABASE_URL: databaseUrl } },
      (error, stdout, stderr) => done({ code: error ? error.code : 0, output: stdout + stderr }),
    )
  })
}

function compareWithSchema(databaseUrl: string) {
  const sides = ['--from-config-datasource', '--to-schema', 'prisma/schema.prisma']
  return prisma(['migrate', 'diff', ...sides, '--script', '--exit-code'], databaseUrl)
}

describe('the schema and the migrations', () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await createTestDatabase()
  })
  afterEach(() => database.drop())

  test('a migrated database has exactly the models of schema.prisma', async () => {
    const { code, output } = await compareWithSchema(database.url)
    expect(output).toContain('This is an empty migration')
    expect(code).toBe(noDifference)
  })

  test('a column that only the database has is found', async () => {
    const client = new pg.Client(database.url)
    await client.connect()
    const { rows } = await client.query(
      "select table_name from information_schema.tables where table_schema = 'public' and table_name not like '\\_%' limit 1",
    )
    await client.query(`alter table ${pg.escapeIdentifier(rows[0].table_name)} add column stray int`)
    await client.end()
    const { code, output } = await compareWithSchema(database.url)
    expect(output).toMatch(/DROP COLUMN "stray"/)
    expect(code).toBe(difference)
  })

  test("Prisma's own command line accepts what the server's migrate recorded", async () => {
    const { code, output } = await prisma(['migrate', 'status'], database.url)
    expect(output).toContain('Database schema is up to date')
    expect(code).toBe(0)
  })
})
