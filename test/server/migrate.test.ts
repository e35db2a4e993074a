import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { migrate, MigrationError } from '../../server/store/migrate.ts'
import { createBlankDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'

describe('migrate', () => {
  let database: TestDatabase
  let dir: string

  beforeEach(async () => {
    database = await createBlankDatabase()
    dir = mkdtempSync(join(tmpdir(), 'paydesk-migrations-'))
  })
  afterEach(async () => {
    rmSync(dir, { recursive: true })
    await database.drop()
  })

  function write(name: string, sql: string): void {
    mkdirSync(join(dir, name), { recursive: true })
    writeFileSync(join(dir, name, 'migration.sql'), sql)
  }

  async function query(sql: string): Promise<unknown[]> {
    const client = new pg.Client(database.url)
    await client.connect()
    try {
      return (await client.query(sql)).rows
    } finally {
      await client.end()
    }
  }

  test('applies in order of name, once', async () => {
    write('2_second', 'insert into thing values (1); insert into thing values (2);')
    write('1_first', 'create table thing (id int primary key);')
    expect(await migrate(database.url, dir)).toEqual(['1_first', '2_second'])
    expect(await migrate(database.url, dir)).toEqual([])
    expect(await query('select id from thing order by id')).toEqual([{ id: 1 }, { id: 2 }])
  })

  test('applies only what is new', async () => {
    write('1_first', 'create table thing (id int)')
    await migrate(database.url, dir)
    write('2_second', 'alter table thing add name text')
    expect(await migrate(database.url, dir)).toEqual(['2_second'])
  })

  test('two servers that start at once apply each migration once', async () => {
    write('1_first', 'create table thing (id int); insert into thing values (1)')
    const applied = await Promise.all([migrate(database.url, dir), migrate(database.url, dir)])
    expect(applied.flat()).toEqual(['1_first'])
    expect(await query('select id from thing')).toEqual([{ id: 1 }])
  })

  test('a failing migration leaves nothing of itself, names itself and the line, and can be repeated', async () => {
    write('1_first', 'create table thing (id int)')
    write('2_broken', 'create table half (id int);\nselect no_such_column;')
    await expect(migrate(database.url, dir)).rejects.toThrow(
      /^Migration 2_broken failed: column "no_such_column" does not exist \(line 2\)/,
    )
    expect(await query("select to_regclass('half') as half, to_regclass('thing') as thing")).toEqual([
      { half: null, thing: 'thing' },
    ])
    write('2_broken', 'create table half (id int)')
    expect(await migrate(database.url, dir)).toEqual(['2_broken'])
  })

  test('refuses a migration that was edited after it had been applied', async () => {
    write('1_first', 'create table thing (id int)')
    await migrate(database.url, dir)
    write('1_first', 'create table thing (id bigint)')
    await expect(migrate(database.url, dir)).rejects.toThrow('Migration 1_first was edited after')
  })

  test('refuses a database that a newer version has migrated', async () => {
    write('1_first', 'create table thing (id int)')
    write('2_newer', 'create table newer (id int)')
    await migrate(database.url, dir)
    rmSync(join(dir, '2_newer'), { recursive: true })
    await expect(migrate(database.url, dir)).rejects.toThrow(
      /has migration 2_newer, which this Paydesk does not know/,
    )
  })

  test('refuses a migration that another tool recorded as unfinished', async () => {
    write('1_first', 'create table thing (id int)')
    await migrate(database.url, dir)
    await query('update _prisma_migrations set finished_at = null')
    await expect(migrate(database.url, dir)).rejects.toThrow('Migration 1_first failed earlier')
  })

  test('names a migration without its file, and a missing directory', async () => {
    mkdirSync(join(dir, '1_empty'))
    await expect(migrate(database.url, dir)).rejects.toThrow('Migration 1_empty has no migration.sql.')
    await expect(migrate(database.url, join(dir, 'absent'))).rejects.toThrow(MigrationError)
  })
})
