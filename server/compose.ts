/** Puts Paydesk together: environment and database in, a server that listens and works out. Used by main.ts and by tests. */
import { hkdfSync, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { hashPassword } from 'better-auth/crypto'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { createAccountAccess } from './account-access.ts'
import { createApp } from './app.ts'
import { createStaffAuth, type StaffAuth } from './auth/staff-auth.ts'
import { INVARIANTS } from './domain/invariant.ts'
import type { Env } from './env.ts'
import { mintApiKey } from './http/api-key.ts'
import type { Readiness } from './http/health-routes.ts'
import { paydeskJobs } from './jobs/all.ts'
import { startJobs, type Runner } from './jobs/runner.ts'
import { translateEvent } from './juspay/translate.ts'
import { createWakeups } from './live/wake.ts'
import { createMetrics } from './metrics.ts'
import { createProofKeeper } from './integration-proofs.ts'
import { createProviderWatch } from './provider-watch.ts'
import { createSandboxControl } from './sandbox-control.ts'
import type { AppDeps, DeploymentFacts } from './services/deps.ts'
import { adoptKeys } from './services/keys/adopt-keys.ts'
import { guardRestore } from './services/refunds/guard-restore.ts'
import { connect, type Database } from './store/database.ts'
import { databaseSocket } from './store/database-socket.ts'
import { openBytes, openSecrets, PRIVATE_KEYS, sealBytes, SDK_ANSWERS } from './store/sealing.ts'
import { createStore, type Store } from './store/store.ts'
import { createLive, type Live } from './trpc/live.ts'
import { webhookRoutes } from './webhooks/receive.ts'

/** Answers in progress get this long at the end; live feeds end at once. */
const CLOSE_MS = 3_000
const SWEEP_MS = 50

export type Paydesk = {
  app: FastifyInstance
  deps: AppDeps
  auth: StaffAuth
  database: Database
  /** The live feeds of this server. */
  live: Live
  /** Starts listening; returns the address. Port 0 picks a free one. */
  listen(host: string, port: number): Promise<string>
  /** Starts the background jobs of this process. */
  work(): void
  /** Stops in order: no new requests, no new work, connections last. May be called twice. */
  close(): Promise<void>
}

export type PaydeskOptions = {
  env: Pick<
    Env,
    'mode' | 'publicUrl' | 'trustProxy' | 'metricsToken' | 'secretKey' | 'webhookRetentionDays'
  > &
    Partial<Pick<Env, 'hyperSdkUrl'>>
  databaseUrl: string
  log: Logger
  /** Where the sandbox listens for us, and where a browser finds it; null without one. */
  sandbox: { apiUrl: string; browserUrl: string } | null
  demo: DeploymentFacts['demo']
  clock?: { now(): Date }
  clientRoot?: string
}

/** Connects and builds; nothing listens and no job runs yet. The database must be migrated. */
export async function createPaydesk(options: PaydeskOptions): Promise<Paydesk> {
  const { env, log } = options
  const clock = options.clock ?? { now: () => new Date() }
  const database = connect(options.databaseUrl)
  const store = createStore(database)
  const wakeups = createWakeups(options.databaseUrl, log, databaseSocket)
  const proofs = createProofKeeper({ store, clock, log })
  const provider = createProviderWatch({ store, clock, log, wake: (topic) => wakeups.wake(topic) })
  const access = createAccountAccess(store, env.secretKey, (accountId, client) =>
    provider.watch(accountId, proofs.watch(accountId, client)),
  )
  const metrics = createMetrics()
  metrics.watchBacklog(async () => {
    const { count, oldestAt } = await store.eventRates.backlog(null)
    return { count, oldestMs: oldestAt === null ? 0 : clock.now().getTime() - oldestAt.getTime() }
  })
  metrics.watchInvariants(() => invariantFigures(store, clock.now()))
  const deps: AppDeps = {
    store,
    clock,
    log,
    ids: { uuid: randomUUID },
    wake: (topic) => wakeups.wake(topic),
    juspay: (accountId) => access.juspay(accountId),
    signer: (accountId) => access.signer(accountId),
    noteProof: proofs.note,
    secretStates: (accountId) => access.secretStates(accountId),
    inspector: (accountId) => access.inspector(accountId),
    sealPrivateKey: (pem) => sealBytes(env.secretKey, PRIVATE_KEYS, Buffer.from(pem, 'utf8')),
    tryJwe: (accountId, key) => access.tryJwe(accountId, key),
    mintApiKey: () => mintApiKey(env.mode === 'demo' ? 'demo' : 'live'),
    sdkVault: {
      seal: (text) => sealBytes(env.secretKey, SDK_ANSWERS, Buffer.from(text, 'utf8')),
      open: (sealed) => openBytes(env.secretKey, SDK_ANSWERS, sealed).toString('utf8'),
    },
    readEvent: translateEvent,
    webhookRetentionDays: env.webhookRetentionDays,
    refundKeySecret: derive(env.secretKey, 'paydesk refund keys v1'),
    hashPassword,
    returnUrl: (slug) => `${env.publicUrl}/payments/return/${slug}`,
    sandboxControl: options.sandbox && createSandboxControl(options.sandbox.apiUrl),
    facts: {
      publicUrl: env.publicUrl,
      sandboxUrl: options.sandbox?.browserUrl ?? null,
      hyperSdkUrl: env.hyperSdkUrl ?? null,
      demo: options.demo,
    },
  }
  // Before anything can be sent: what a restored database has forgotten may exist at Juspay.
  await guardRestore(deps)
  // A database that is not migrated has no keys yet; the server starts on it and says so.
  if (await store.databaseIdentity.isKept()) await adoptKeys(deps, await earlierKeys(store, env.secretKey))
  const auth = createStaffAuth({
    database,
    store,
    clock,
    publicUrl: env.publicUrl,
    secretKey: env.secretKey,
    cookieSecret: Buffer.from(derive(env.secretKey, 'paydesk session cookies v1')).toString('base64'),
  })
  const live = createLive({ deps, auth, wakeups })
  metrics.watchStreams(() => live.streams())
  const closing = new AbortController()
  const app = await createApp({
    deps,
    auth,
    live,
    closing: closing.signal,
    env,
    log,
    metrics,
    webhooks: webhookRoutes({ deps, accountOf: access.webhookAccount, tally: metrics.webhooks }),
    readiness: () => readiness(database),
    clientRoot: options.clientRoot ?? join(import.meta.dirname, '../dist/client'),
  })

  let runner: Runner | null = null
  const close = async (): Promise<void> => {
    closing.abort()
    const late = setTimeout(() => app.server.closeAllConnections(), CLOSE_MS)
    // A connection that kept its last answer waiting is idle only now, and would linger for the next request.
    const sweep = setInterval(() => app.server.closeIdleConnections(), SWEEP_MS)
    await app.close().finally(() => {
      clearTimeout(late)
      clearInterval(sweep)
    })
    await runner?.stop()
    await access.close()
    await provider.close()
    await wakeups.close()
    await proofs.close()
    await database.close()
  }
  let closed: Promise<void> | null = null
  return {
    app,
    deps,
    auth,
    database,
    live,
    listen: (host, port) => app.listen({ host, port }),
    work: () => {
      runner ??= startJobs(deps, wakeups, paydeskJobs)
    },
    close: () => (closed ??= close()),
  }
}

/** Signing keys that earlier releases kept among the accounts' secrets. */
async function earlierKeys(store: Store, secretKey: Uint8Array) {
  const accounts = await store.accounts.withEarlierKeys()
  return accounts.flatMap(({ id, keyId, sealedSecrets }) => {
    const { signingKey } = openSecrets(secretKey, sealedSecrets)
    return signingKey === null ? [] : [{ accountId: id, keyId, privateKeyPem: signingKey }]
  })
}

/** Before the first check the age counts from the beginning of time: that no check has run must not look well. */
async function invariantFigures({ invariantChecks }: Store, now: Date) {
  const [check, open] = await Promise.all([invariantChecks.newest(), invariantChecks.openViolations(null)])
  return {
    ageMs: now.getTime() - (check?.at.getTime() ?? 0),
    tookMs: check?.tookMs ?? 0,
    unanswered: check?.failed.length ?? 0,
    violations: INVARIANTS.map(
      ({ code }) => [code, open.filter(({ invariant }) => invariant === code).length] as const,
    ),
  }
}

/** A key for one use, so that the uses share no key material. */
function derive(secretKey: Uint8Array, use: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secretKey, new Uint8Array(0), use, 32))
}

async function readiness(database: Database): Promise<Readiness> {
  try {
    const { rows } = await database.pool.query(
      'select count(*) filter (where finished_at is null and rolled_back_at is null) as open from _prisma_migrations',
    )
    const open: unknown = rows[0]?.open
    return open === 0n
      ? { ready: true }
      : { ready: false, reason: 'The database is not migrated: a migration did not finish.' }
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === '42P01'
    return {
      ready: false,
      reason: missing ? 'The database is not migrated.' : 'The database does not answer.',
    }
  }
}
