#!/usr/bin/env node
/**
 * Stands in for the schema engine that Prisma's command line would download: the same JSON-RPC on standard input and
 * output, answered by the engine's WebAssembly build from the package registry. No other host is needed.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils'

/** PostgreSQL's object ids of the internal type "char" and its array, and of text and its array. */
const internalChar = 18
const internalCharArray = 1002
const text = 25
const textArray = 1009

/** Our own calls need numbers that the command line's do not reach. */
const printIdBase = 1_000_000

/** The code by which the engine's protocol marks an error that is explained in its `data`. */
const explainedError = 4466

/** Result columns that were of type "char" before `acceptInternalChars` renamed their type. */
const charFields = new WeakSet()

/** The engine reads catalogue columns of type "char", a type that the adapter refuses to read. */
function acceptInternalChars() {
  const original = pg.Result.prototype.addFields
  pg.Result.prototype.addFields = function (fields) {
    for (const field of fields) {
      if (field.dataTypeID === internalCharArray) field.dataTypeID = textArray
      if (field.dataTypeID !== internalChar) continue
      field.dataTypeID = text
      charFields.add(field)
    }
    return original.call(this, fields)
  }
}

/** Connects an adapter that tells the engine which columns are "char": it demands a character there, not a text. */
async function connectAdapter(config, schema) {
  const adapter = await new PrismaPg(config, { schema }).connect()
  const queryRaw = async (query) => {
    let fields = []
    const performIO = async (statement) => {
      const result = await adapter.performIO(statement)
      fields = result.fields
      return result
    }
    const watched = Object.create(adapter, { performIO: { value: performIO } })
    const result = await Object.getPrototypeOf(adapter).queryRaw.call(watched, query)
    const columnTypes = result.columnTypes.map((type, index) =>
      charFields.has(fields[index]) ? ColumnTypeEnum.Character : type,
    )
    return { ...result, columnTypes }
  }
  return Object.assign(adapter, { queryRaw })
}

/** Prisma's connection string: PostgreSQL's, plus `?schema=`, which PostgreSQL does not know. */
function parseUrl(url) {
  const parsed = new URL(url)
  const schema = parsed.searchParams.get('schema') ?? undefined
  const config = {
    host: parsed.searchParams.get('host') ?? decodeURIComponent(parsed.hostname),
    port: Number(parsed.port || 5432),
    user: decodeURIComponent(parsed.username) || undefined,
    password: decodeURIComponent(parsed.password) || undefined,
    database: decodeURIComponent(parsed.pathname.slice(1)) || 'postgres',
    max: 1,
  }
  return { config, schema }
}

function adapterFactory({ url, shadowDatabaseUrl }) {
  const { config, schema } = parseUrl(url || 'postgresql://localhost/none')
  return {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: () => connectAdapter(config, schema),
    connectToShadowDb: () => {
      if (!shadowDatabaseUrl) return connectToOwnShadow(config, schema)
      const shadow = parseUrl(shadowDatabaseUrl)
      return connectAdapter(shadow.config, shadow.schema)
    },
  }
}

/**
 * A shadow database is wiped at will. The adapter's own way to connect to one can end up in the main database when it
 * was given a connection string, so ours makes one by name and removes it.
 */
async function connectToOwnShadow(config, schema) {
  const name = `prisma_migrate_shadow_db_${crypto.randomUUID()}`
  const admin = new pg.Client(config)
  await admin.connect()
  await admin.query(`create database ${pg.escapeIdentifier(name)}`)
  const shadow = await connectAdapter({ ...config, database: name }, schema)
  const dispose = shadow.dispose.bind(shadow)
  shadow.dispose = async () => {
    await dispose()
    await admin.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`)
    await admin.end()
  }
  return shadow
}

/** The `cli` subcommands, by which the command line looks after the database itself. Answers the exit code. */
async function administer(command, url) {
  const { config } = parseUrl(url)
  const connect = command === 'can-connect-to-database'
  const client = new pg.Client(connect ? config : { ...config, database: 'postgres' })
  const name = pg.escapeIdentifier(config.database)
  try {
    await client.connect()
    if (command === 'create-database') await client.query(`create database ${name}`)
    if (command === 'drop-database') await client.query(`drop database ${name}`)
    await client.end()
    return 0
  } catch (error) {
    const codes = { '3D000': 'P1003', '28P01': 'P1000', '42P04': 'P1009' }
    const fields = {
      is_panic: false,
      error_code: codes[error.code] ?? 'P1001',
      message: error.message || error.code,
    }
    const entry = {
      timestamp: new Date().toISOString(),
      level: 'ERROR',
      fields,
      target: 'schema_engine::logger',
    }
    process.stderr.write(`\n${JSON.stringify(entry)}\n`)
    return 1
  }
}

/** What the engine said before it broke down; its exception says only "unreachable". */
let panic
globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (message) => (panic = message) }

async function loadEngine(datasource, datamodels) {
  const bindings = await import('@prisma/schema-engine-wasm/schema_engine_bg')
  const script = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg')
  const wasm = readFileSync(script.replace(/\.js$/, '.wasm'))
  const { instance } = await WebAssembly.instantiate(wasm, { './schema_engine_bg.js': bindings })
  bindings.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
  const adapter = bindMigrationAwareSqlAdapterFactory(adapterFactory(datasource))
  return bindings.SchemaEngine.new({ datamodels }, () => {}, adapter)
}

function send(message) {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
}

/** Names that differ between the two builds of the engine. */
const renamed = { getDatabaseVersion: 'version' }

/** The call being answered; a breakdown inside the engine arrives outside of it, as an uncaught exception. */
let current

async function answer(engine, { id, method, params }) {
  current = id
  try {
    let result = await (await engine())[renamed[method] ?? method](params)
    if (method === 'diff' && result.stdout != null) {
      // The native engine prints through a call of its own, before it answers.
      send({ id: printIdBase + id, method: 'print', params: { content: result.stdout } })
      result = { ...result, stdout: null }
    }
    send({ id, result: result ?? {} })
  } catch (error) {
    fail(id, error)
  }
}

function fail(id, error) {
  send({ id, error: { code: explainedError, message: 'The schema engine failed.', data: explain(error) } })
}

function explain(error) {
  // Not `is_panic: true`: the command line would offer to send a report, and end with 0 where nobody can answer.
  if (panic !== undefined) return { is_panic: false, message: panic }
  const code = error.error_code ?? error.code
  if (code === undefined) {
    try {
      return JSON.parse(error.message)
    } catch {
      // Not every error comes as JSON; then its words are all there is.
    }
  }
  return { is_panic: false, message: error.message, meta: error.meta, error_code: code }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  strict: false,
  options: {
    version: { type: 'boolean' },
    datamodels: { type: 'string', multiple: true },
    datasource: { type: 'string' },
    'enabled-preview-features': { type: 'string' },
    'extension-types': { type: 'string' },
  },
})
const datasource = JSON.parse(values.datasource ?? '{}')

if (values.version) {
  process.stdout.write('schema-engine-cli wasm\n')
} else if (positionals[0] === 'cli') {
  acceptInternalChars()
  process.exitCode = await administer(positionals[1], datasource.url)
} else {
  acceptInternalChars()
  // Without an answer the command line would print nothing and end with 0, as if all were well.
  process.on('uncaughtException', (error) => {
    fail(current, error)
    process.exit(1)
  })
  let loading
  const engine = () =>
    (loading ??= loadEngine(
      datasource,
      values.datamodels?.map((path) => [path, readFileSync(path, 'utf8')]),
    ))
  const lines = createInterface({ input: process.stdin, crlfDelay: Infinity })
  for await (const line of lines) {
    const request = JSON.parse(line)
    if (request.method) await answer(engine, request)
  }
  // Its connections would keep the process for a while after the command line has gone.
  process.exit(0)
}
