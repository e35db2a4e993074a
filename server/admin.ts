/** `npm run admin -- <command>`: what an operator does on the server's own machine, without signing in. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { hashPassword } from 'better-auth/crypto'
import { z } from 'zod'
import { accountOptions, accountSecrets } from './admin-account.ts'
import { parseInput, readAccountSecrets, readPassword, UsageError } from './admin-input.ts'
import { removeSecondFactor } from './auth/second-factor.ts'
import type { SystemActor } from './domain/actor.ts'
import { Refusal } from './domain/refusal.ts'
import { EnvError, readProcessEnv, readSealingEnv, type Env } from './env.ts'
import { mintApiKey } from './http/api-key.ts'
import { API_KEY_RATE_DEFAULT } from './domain/api-key.ts'
import { addAccount } from './services/accounts/add-account.ts'
import { addApiKey, API_KEY_PREFIX_LENGTH, revokeApiKey } from './services/accounts/api-keys.ts'
import { createUser } from './services/staff/create-user.ts'
import { connect } from './store/database.ts'
import { DataDirectoryInUseError } from './store/embedded-postgres-owner.ts'
import { startEmbeddedPostgres } from './store/embedded-postgres.ts'
import { migrate, MigrationError } from './store/migrate.ts'
import { openSecrets, PRIVATE_KEYS, sealBytes, SealError, sealSecrets } from './store/sealing.ts'
import { createStore, type Store } from './store/store.ts'

const USAGE = `Usage:
  npm run admin -- add-account --slug <slug> --name <name> --environment sandbox|production
      --base-url <https://…> --merchant-id <id> --client-id <id> --api-version <yyyy-mm-dd>
      --webhook-username <name> [--return-page-url <https://…>] [--currency INR]
    Asks for the credentials; or reads them from standard input as one JSON object:
    {"apiKey":"…","webhookPassword":"…","responseKey":"…","signingKey":"<PEM>","signingKeyId":"…"}, the last two if used.

  npm run admin -- create-admin --email <address> --name <name> [--account <slug>]
    The password is read from standard input.

  npm run admin -- add-api-key --name <program> [--account <slug>]
    Makes a key for /sdk and prints it, once.

  npm run admin -- revoke-api-key --prefix <first characters> [--account <slug>]

  npm run admin -- reset-second-factor --email <address>
    For somebody who lost app and recovery codes, when no other admin can do it. Signs them out everywhere.

Uses DATABASE_URL (add-account also PUBLIC_URL and SECRET_KEY, as the server has them), or the embedded database
under DATA_DIR while no server runs on it.`

const ACTOR = 'admin-command'

type Values = Record<string, string | boolean | undefined>
type Command = { options: readonly string[]; run(values: Values): Promise<string> }

const COMMANDS: Readonly<Record<string, Command>> = {
  'create-admin': { options: ['email', 'name', 'account'], run: createAdmin },
  'add-api-key': { options: ['name', 'account'], run: addProgramKey },
  'revoke-api-key': { options: ['prefix', 'account'], run: revokeProgramKey },
  'reset-second-factor': { options: ['email'], run: resetSecondFactor },
  'add-account': {
    options: [
      'slug',
      'name',
      'environment',
      'base-url',
      'merchant-id',
      'client-id',
      'api-version',
      'webhook-username',
      'return-page-url',
      'currency',
    ],
    run: addMerchantAccount,
  },
}

const adminShape = z.object({
  email: z.email('--email needs an address, such as asha@example.com.'),
  name: z.string('--name is missing.').trim().min(1, '--name is empty.').max(100),
  account: z.string().optional(),
})

async function createAdmin(values: Values): Promise<string> {
  const options = parseInput(adminShape, values)
  return withStore(readProcessEnv('demo'), async (store) => {
    const account = await accountFor(store, options.account)
    const password = await readPassword()
    const deps = { store, ids: { uuid: randomUUID }, hashPassword, wake: () => undefined }
    const member = await createUser(deps, actorFor(account.id), { ...options, role: 'admin', password })
    return `${member.email} is an admin of ${account.name} (${account.slug}).`
  })
}

const keyShape = z.object({
  name: z
    .string('--name is missing: the program, such as shop-server.')
    .trim()
    .min(1, '--name is empty.')
    .max(100),
  account: z.string().optional(),
})

async function addProgramKey(values: Values): Promise<string> {
  const options = parseInput(keyShape, values)
  return withStore(readProcessEnv('demo'), async (store) => {
    const account = await accountFor(store, options.account)
    const mint = () => mintApiKey('live')
    const key = await addApiKey({ store, mint }, actorFor(account.id), {
      name: options.name,
      scopes: ['sdk'],
      ratePerMinute: API_KEY_RATE_DEFAULT,
      expiresAt: null,
    })
    return `Key of ${options.name} for ${account.slug}, shown only now:\n${key}`
  })
}

const prefixShape = z.object({
  prefix: z.string('--prefix is missing: the first characters of the key.').min(4, '--prefix is too short.'),
  account: z.string().optional(),
})

async function revokeProgramKey(values: Values): Promise<string> {
  const options = parseInput(prefixShape, values)
  return withStore(readProcessEnv('demo'), async (store) => {
    const account = await accountFor(store, options.account)
    const prefix = options.prefix.slice(0, API_KEY_PREFIX_LENGTH)
    const { name } = await revokeApiKey({ store }, actorFor(account.id), { prefix })
    return `The key of ${name} (${prefix}…) works no more.`
  })
}

const emailShape = z.object({ email: z.email('--email needs an address, such as asha@example.com.') })

async function resetSecondFactor(values: Values): Promise<string> {
  const { email } = parseInput(emailShape, values)
  return withStore(readProcessEnv('demo'), async (store) => {
    const [userId, accountId] = [
      await store.staff.idOfAddress(email),
      await store.staff.accountOfAddress(email),
    ]
    if (userId === null || accountId === null) throw new UsageError('Nobody has this address.')
    await removeSecondFactor(store, actorFor(accountId), userId, null)
    return `${email} signs in with the password alone until a second step is set up again.`
  })
}

function actorFor(accountId: string): SystemActor {
  return { kind: 'system', name: ACTOR, accountId, requestId: randomUUID() }
}

async function accountFor(store: Store, slug: string | undefined) {
  const accounts = await store.accounts.list()
  const names = accounts.map((account) => account.slug).join(', ')
  const [only] = accounts
  if (!only) throw new UsageError('There is no merchant account yet. Add one first: add-account.')
  if (slug === undefined && accounts.length === 1) return only
  const chosen = accounts.find((account) => account.slug === slug)
  if (!chosen) throw new UsageError(`--account must be one of: ${names}`)
  return chosen
}

async function addMerchantAccount(values: Values): Promise<string> {
  const options = parseInput(accountOptions, values)
  const env = readSealingEnv()
  const { signing, secrets } = parseInput(accountSecrets, await readAccountSecrets())
  return withStore(env, async (store) => {
    // Sealed with another key than the server's, they would stop it from reading any account.
    for (const account of await store.accounts.credentials())
      openSecrets(env.secretKey, account.sealedSecrets)
    await addAccount(
      {
        store,
        ids: { uuid: randomUUID },
        clock: { now: () => new Date() },
        seal: (opened) => sealSecrets(env.secretKey, opened),
        sealPrivateKey: (pem) => sealBytes(env.secretKey, PRIVATE_KEYS, Buffer.from(pem, 'utf8')),
      },
      { name: ACTOR, requestId: randomUUID() },
      { ...options, signing, secrets },
    )
    return [
      `${options.name} (${options.slug}) is added. Enter in Juspay’s dashboard:`,
      `  webhook address   ${env.publicUrl}/webhooks/juspay/${options.slug}`,
      `  webhook user name ${options.webhookUsername}`,
    ].join('\n')
  })
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
  const [name = '', ...args] = process.argv.slice(2)
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!command || args.includes('--help')) {
    process.stdout.write(`${USAGE}\n`)
    return name === '--help' || args.includes('--help') ? 0 : 2
  }
  const options = Object.fromEntries(command.options.map((option) => [option, { type: 'string' }] as const))
  const { values } = parseArgs({ args, options })
  process.stdout.write(`${await command.run(values)}\n`)
  return 0
}

function isExpected(error: unknown): boolean {
  return (
    error instanceof UsageError ||
    error instanceof EnvError ||
    error instanceof DataDirectoryInUseError ||
    error instanceof MigrationError ||
    error instanceof SealError ||
    error instanceof Refusal ||
    (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
  )
}

try {
  process.exitCode = await main()
} catch (error) {
  const text =
    error instanceof Error
      ? isExpected(error)
        ? error.message
        : (error.stack ?? error.message)
      : String(error)
  process.stderr.write(`${text}\n`)
  process.exitCode = 1
}
