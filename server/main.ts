/**
 * The server's composition root: environment, database, workspace, application, jobs; and an orderly end. `--serve` is
 * production: nothing is made up, and what is missing is named.
 */
import { join } from 'node:path'
import { createPaydesk, type Paydesk } from './compose.ts'
import { registerDemoKey } from './demo-signing-key.ts'
import { DEMO_PASSWORD, DEMO_STAFF, seedDemo } from './demo.ts'
import { EnvError, readProcessEnv, type Env } from './env.ts'
import { createLog } from './log.ts'
import { DataDirectoryInUseError } from './store/embedded-postgres-owner.ts'
import { describeUnsafe, UnsafeDatabaseError, unsafeSettings } from './store/durability.ts'
import { startEmbeddedPostgres, type EmbeddedPostgres } from './store/embedded-postgres.ts'
import { migrate, MigrationError } from './store/migrate.ts'
import type { Store } from './store/store.ts'

/** A shutdown that takes longer than this is given up; the database recovers by itself. */
const SHUTDOWN_MS = 15_000

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Everything started so far, so that whatever fails is undone in reverse. */
type Started = {
  postgres: EmbeddedPostgres | null
  paydesk: Paydesk | null
  /** The demo's key on its way to the sandbox, which may start later than we do. */
  registration: { stopped: AbortController; done: Promise<void> } | null
  stopping: boolean
}

async function start(env: Env, started: Started): Promise<void> {
  const log = createLog(env.logLevel)
  if (env.databaseUrl === null)
    started.postgres = await startEmbeddedPostgres({
      dataDir: join(env.dataDir, 'postgres'),
      // What it says about connections while we stop it is expected and alarms people.
      log: (line) => {
        if (!started.stopping) say(line)
      },
    })
  const databaseUrl = env.databaseUrl ?? started.postgres?.url ?? ''
  await migrate(databaseUrl)
  const demo = env.mode === 'demo'
  const sandboxApi = `http://127.0.0.1:${env.sandboxPort}`
  const paydesk = await createPaydesk({
    env,
    databaseUrl,
    log,
    sandbox: demo ? { apiUrl: sandboxApi, browserUrl: sandboxForBrowsers(env) } : null,
    demo: demo ? { password: DEMO_PASSWORD, staff: DEMO_STAFF } : null,
  })
  started.paydesk = paydesk
  await demandDurability(env, paydesk)
  const workspace = demo
    ? await seedDemo({
        store: paydesk.deps.store,
        secretKey: env.secretKey,
        sandboxUrl: sandboxApi,
        publicUrl: env.publicUrl,
        now: new Date(),
      })
    : null
  await paydesk.listen(env.host, env.port)
  paydesk.work()
  if (workspace) {
    const stopped = new AbortController()
    const key = { accountId: workspace.accountId, signal: stopped.signal }
    started.registration = { stopped, done: registerDemoKey(paydesk.deps, key) }
  }
  announce(env, started.postgres?.dataDir ?? null, workspace?.apiKey ?? null)
  // It serves by now: words that a busy database keeps back must not end it.
  if (!demo)
    await sayWhatIsMissing(paydesk.deps.store).catch((error: unknown) =>
      paydesk.deps.log.warn({ error: String(error) }, 'could not say what a new database is missing'),
    )
}

/** A 200 is a promise that the event is kept; a database that forgets commits cannot keep it. */
async function demandDurability(env: Env, { database, deps }: Paydesk): Promise<void> {
  const settings = await unsafeSettings(database.intake)
  if (settings.length === 0) return
  if (!env.allowUnsafeDatabase) throw new UnsafeDatabaseError(describeUnsafe(settings))
  deps.log.error({ settings }, 'ALLOW_UNSAFE_DATABASE: acknowledged webhooks will be lost in a crash')
  say(
    `  UNSAFE DATABASE: ${settings.join(', ')} off. A crash loses webhooks and refunds that were confirmed.`,
  )
}

/** A new production database serves nobody: the commands that change that, rather than a sign-in nobody can pass. */
async function sayWhatIsMissing(store: Store): Promise<void> {
  const accounts = await store.accounts.list()
  if (accounts.length === 0) {
    say('  There is no merchant account yet. Add one, then its first admin:')
    say('    npm run admin -- add-account --help')
    say('    npm run admin -- create-admin --email <address> --name <name>')
  }
  for (const { id, slug, name } of accounts) {
    if ((await store.staff.list(id)).length > 0) continue
    say(`  Nobody works on ${name} yet. Add its first admin:`)
    say(`    npm run admin -- create-admin --account ${slug} --email <address> --name <name>`)
  }
}

/** The sandbox's page and script are opened from the browser, under the name people use for this machine. */
function sandboxForBrowsers(env: Env): string {
  return `http://${new URL(env.publicUrl).hostname}:${env.sandboxPort}`
}

function announce(env: Env, dataDir: string | null, apiKey: string | null): void {
  say(`Paydesk is at ${env.publicUrl}`)
  if (env.mode === 'demo') {
    say(`  Sign in as ${DEMO_STAFF.map(({ email }) => email).join(', ')}`)
    say(`  with the password ${DEMO_PASSWORD}`)
  }
  if (apiKey !== null) say(`  API key of the demo shop for /sdk, shown only now: ${apiKey}`)
  if (dataDir !== null) say(`  Data is in ${dataDir}`)
}

/** Errors that a person can act on: their message is the whole story. */
function explain(error: unknown, env: Env | null): string {
  if (
    error instanceof EnvError ||
    error instanceof DataDirectoryInUseError ||
    error instanceof MigrationError ||
    error instanceof UnsafeDatabaseError
  )
    return error.message
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
    return `Port ${env?.port} is in use by another program. Stop that one, or set PORT to another port.`
  if (error instanceof Error && 'code' in error && error.code === 'EACCES')
    return `Port ${env?.port} may not be used by this account. Set PORT to a number above 1023.`
  if (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ECONNREFUSED' || error.code === 'ENOTFOUND')
  )
    return `The database at DATABASE_URL does not answer (${error.code}). Start it, or correct DATABASE_URL.`
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

async function stop(started: Started): Promise<void> {
  started.registration?.stopped.abort()
  await started.registration?.done
  await started.paydesk?.close()
  await started.postgres?.stop()
}

async function main(): Promise<void> {
  const started: Started = { postgres: null, paydesk: null, registration: null, stopping: false }
  let env: Env | null = null
  const end = (code: number): void => {
    if (started.stopping) return
    started.stopping = true
    setTimeout(() => process.exit(code === 0 ? 1 : code), SHUTDOWN_MS).unref()
    stop(started).then(
      () => process.exit(code),
      (error: unknown) => {
        process.stderr.write(`${explain(error, env)}\n`)
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const)
    process.on(signal, () => end(0))
  try {
    env = readProcessEnv(process.argv.includes('--serve') ? 'serve' : 'demo')
    await start(env, started)
  } catch (error) {
    if (started.stopping) return
    process.stderr.write(`${explain(error, env)}\n`)
    end(1)
  }
}

await main()
