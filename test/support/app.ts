/**
 * The real application on a loopback port and a database of its own: what main.ts starts, without the process around it.
 * Signs people in the way a browser does.
 */
import { createTRPCClient, httpBatchLink, type TRPCClient } from '@trpc/client'
import { pino, type Logger } from 'pino'
import { clientTransformer } from '../../client/lib/transformer.ts'
import { createPaydesk, type Paydesk } from '../../server/compose.ts'
import { DEMO_PASSWORD, DEMO_STAFF, seedDemo } from '../../server/demo.ts'
import type { Role } from '../../server/domain/permission.ts'
import { connect } from '../../server/store/database.ts'
import { createStore } from '../../server/store/store.ts'
import type { AppRouter } from '../../server/trpc/router.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'

export const TEST_SECRET = new Uint8Array(32).fill(11)

export type TestAppOptions = {
  /** A database of the caller; by default one of its own, dropped with the application. */
  database?: TestDatabase
  /** Where a sandbox answers as Juspay; by default nobody does. */
  sandboxUrl?: string
  /** Whether background jobs run. Default: not. */
  jobs?: boolean
  clock?: { now(): Date }
  /** Directory of a built dashboard. */
  clientRoot?: string
  /** The port to listen on; by default a free one. */
  port?: number
  metricsToken?: string
  /** Juspay's own script for the demo checkout. */
  hyperSdkUrl?: string
  /** Where the server writes its log; by default nowhere. */
  log?: Logger
}

export type TestApp = {
  paydesk: Paydesk
  /** Address without a trailing slash. */
  url: string
  accountId: string
  /** Key of the demo shop with the scope `sdk`. */
  apiKey: string
  /** Signs the demo's person of that role in; the same session for every call, while it needs no step-up. */
  as(role: Role): Promise<SignedIn>
  close(): Promise<void>
}

export type SignedIn = {
  /** What a browser would send. */
  cookie: string
  userId: string
  trpc: TRPCClient<AppRouter>
  /** A request of the dashboard's page. */
  fetch(path: string, init?: RequestInit): Promise<Response>
}

/** Well under the time after which acts on money want a step-up. */
export const FRESH_MS = 180_000

const NOBODY = 'http://127.0.0.1:9'

/** Starts Paydesk with the demo workspace. */
export async function createTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const database = options.database ?? (await createTestDatabase())
  const port = options.port ?? (await freePort())
  const url = `http://127.0.0.1:${port}`
  const sandboxUrl = options.sandboxUrl ?? NOBODY
  const workspace = await makeWorkspace(database.url, sandboxUrl, url)
  const paydesk = await createPaydesk({
    env: {
      mode: 'demo',
      publicUrl: url,
      trustProxy: false,
      metricsToken: options.metricsToken ?? null,
      hyperSdkUrl: options.hyperSdkUrl ?? null,
      secretKey: TEST_SECRET,
      webhookRetentionDays: 400,
    },
    databaseUrl: database.url,
    log: options.log ?? pino({ level: 'silent' }),
    sandbox: { apiUrl: sandboxUrl, browserUrl: sandboxUrl },
    demo: { password: DEMO_PASSWORD, staff: DEMO_STAFF },
    ...(options.clock ? { clock: options.clock } : {}),
    ...(options.clientRoot === undefined ? {} : { clientRoot: options.clientRoot }),
  })
  await paydesk.listen('127.0.0.1', port)
  if (options.jobs === true) paydesk.work()
  const sessions = new Map<Role, { at: number; person: Promise<SignedIn> }>()
  return {
    paydesk,
    url,
    accountId: workspace.accountId,
    apiKey: workspace.apiKey ?? '',
    as: (role) => {
      const known = sessions.get(role)
      if (known && performance.now() - known.at < FRESH_MS) return known.person
      const person = signIn(url, `${role}@demo.test`, DEMO_PASSWORD)
      sessions.set(role, { at: performance.now(), person })
      return person
    },
    async close() {
      await paydesk.close()
      if (!options.database) await database.drop()
    },
  }
}

/** Signs somebody in over HTTP. @throws when the sign-in is refused */
export async function signIn(url: string, email: string, password: string): Promise<SignedIn> {
  const reply = await postSignIn(url, email, password)
  if (!reply.ok) throw new Error(`sign-in of ${email} was refused: ${reply.status} ${await reply.text()}`)
  const cookie = reply.headers
    .getSetCookie()
    .map((line) => line.split(';')[0] ?? '')
    .join('; ')
  const body: unknown = await reply.json()
  return signedIn(url, cookie, userIdOf(body))
}

/** The sign-in request itself, as the page sends it. */
export function postSignIn(url: string, email: string, password: string): Promise<Response> {
  return fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify({ email, password }),
  })
}

/** The API as its page calls it, with whatever cookie. */
export function trpcClient(url: string, cookie: string): TRPCClient<AppRouter> {
  return createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        url: `${url}/trpc`,
        transformer: clientTransformer,
        maxItems: 10,
        headers: { cookie, 'sec-fetch-site': 'same-origin' },
      }),
    ],
  })
}

function signedIn(url: string, cookie: string, userId: string): SignedIn {
  return {
    cookie,
    userId,
    trpc: trpcClient(url, cookie),
    fetch: (path, init = {}) => {
      const headers = new Headers(init.headers)
      headers.set('cookie', cookie)
      if (!headers.has('sec-fetch-site')) headers.set('sec-fetch-site', 'same-origin')
      return fetch(`${url}${path}`, { redirect: 'manual', ...init, headers })
    },
  }
}

function userIdOf(body: unknown): string {
  const user = typeof body === 'object' && body !== null && 'user' in body ? body.user : null
  return typeof user === 'object' && user !== null && 'id' in user ? String(user.id) : ''
}

/** Before the server listens, as main.ts does with `migrate`: its first request finds the workspace. */
async function makeWorkspace(databaseUrl: string, sandboxUrl: string, publicUrl: string) {
  const database = connect(databaseUrl, { poolSize: 2 })
  try {
    const store = createStore(database)
    return await seedDemo({ store, secretKey: TEST_SECRET, sandboxUrl, publicUrl, now: new Date() })
  } finally {
    await database.close()
  }
}

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net')
  return new Promise((done, fail) => {
    const probe = createServer()
    probe.once('error', fail)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      probe.close(() => done(port))
    })
  })
}
