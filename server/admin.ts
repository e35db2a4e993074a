/** `npm run admin -- <command>`: what an operator does on the server's own machine, without signing in. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { hashPassword } from 'better-auth/crypto'
import { z } from 'zod'
import type { SystemActor } from './domain/actor.ts'
import { Refusal } from './domain/refusal.ts'
import { EnvError, readProcessEnv, type Env } from './env.ts'
import { createUser } from './services/staff/create-user.ts'
import { connect } from './store/database.ts'
import { DataDirectoryInUseError } from './store/embedded-postgres-owner.ts'
import { startEmbeddedPostgres } from './store/embedded-postgres.ts'
import { migrate } from './store/migrate.ts'
import { createStore, type Store } from './store/store.ts'

const USAGE = `Usage:
  npm run admin -- create-admin --email <address> --name <name> [--account <slug>]

The password is read from standard input. Uses DATABASE_URL, or the embedded database under DATA_DIR when no server runs.`

const PASSWORD_MIN = 12
const PASSWORD_MAX = 128

/** What was typed cannot be used; the message says what to type. */
class UsageError extends Error {
  override name = 'UsageError'
}

const adminShape = z.object({
  email: z.email('--email needs an address, such as asha@example.com.'),
  name: z.string('--name is missing.').trim().min(1, '--name is empty.').max(100),
  account: z.string().optional(),
})

async function createAdmin(store: Store, options: z.infer<typeof adminShape>): Promise<string> {
  const account = await accountFor(store, options.account)
  const password = await readPassword()
  const actor: SystemActor = {
    kind: 'system',
    name: 'admin-command',
    accountId: account.id,
    requestId: randomUUID(),
  }
  const deps = { store, ids: { uuid: randomUUID }, hashPassword, wake: () => undefined }
  const member = await createUser(deps, actor, { ...options, role: 'admin', password })
  return `${member.email} is an admin of ${account.name} (${account.slug}).`
}

async function accountFor(store: Store, slug: string | undefined) {
  const accounts = await store.accounts.list()
  const names = accounts.map((account) => account.slug).join(', ')
  const [only] = accounts
  if (!only) throw new UsageError('There is no merchant account yet.')
  if (slug === undefined && accounts.length === 1) return only
  const chosen = accounts.find((account) => account.slug === slug)
  if (!chosen) throw new UsageError(`--account must be one of: ${names}`)
  return chosen
}

/** Never an argument: those are in the shell's history and in the process list. */
async function readPassword(): Promise<string> {
  const { stdin, stdout } = process
  if (stdin.isTTY) stdout.write(`Password (${PASSWORD_MIN} characters or more): `)
  const reader = createInterface({ input: stdin, terminal: false })
  try {
    for await (const line of reader) {
      if (line.length >= PASSWORD_MIN && line.length <= PASSWORD_MAX) return line
      throw new UsageError(`The password must have ${PASSWORD_MIN} to ${PASSWORD_MAX} characters.`)
    }
    throw new UsageError('No password came on standard input.')
  } finally {
    reader.close()
  }
}

/** Runs `work` on the database this environment names. */
async function withStore<T>(env: Env, work: (store: Store) => Promise<T>): Promise<T> {
  const dataDir = join(env.dataDir, 'postgres')
  const postgres = env.databaseUrl === null ? await startEmbeddedPostgres({ dataDir }) : null
  try {
    const url = env.databaseUrl ?? postgres?.url ?? ''
    await migrate(url)
    const database = connect(url, { poolSize: 2 })
    try {
      return await work(createStore(database))
    } finally {
      await database.close()
    }
  } finally {
    await postgres?.stop()
  }
}

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      email: { type: 'string' },
      name: { type: 'string' },
      account: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help || positionals[0] !== 'create-admin' || positionals.length !== 1) {
    process.stdout.write(`${USAGE}\n`)
    return values.help ? 0 : 2
  }
  const parsed = adminShape.safeParse(values)
  if (!parsed.success) throw new UsageError(parsed.error.issues.map((issue) => issue.message).join('\n'))
  const told = await withStore(readProcessEnv('demo'), (store) => createAdmin(store, parsed.data))
  process.stdout.write(`${told}\n`)
  return 0
}

try {
  process.exitCode = await main()
} catch (error) {
  const expected =
    error instanceof UsageError ||
    error instanceof EnvError ||
    error instanceof DataDirectoryInUseError ||
    error instanceof Refusal ||
    (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
  const text =
    error instanceof Error ? (expected ? error.message : (error.stack ?? error.message)) : String(error)
  process.stderr.write(`${text}\n`)
  process.exitCode = 1
}
