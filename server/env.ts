/**
 * The only reader of the environment. Every bad variable is named, with what to put there, before anything starts:
 * somebody setting a server up should need one round, not one per variable.
 */
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'

/** `demo`: embedded database, sandbox, demo workspace. `serve`: production, nothing made up. */
export type Mode = 'demo' | 'serve'

export type Env = {
  mode: Mode
  port: number
  host: string
  /** Null: start the embedded PostgreSQL under `dataDir`. */
  databaseUrl: string | null
  dataDir: string
  sandboxPort: number
  /** Scheme, host and port people open; without a trailing slash. */
  publicUrl: string
  /** 32 bytes from which every key of ours is derived. */
  secretKey: Uint8Array
  /** What Fastify's `trustProxy` takes: false, true, a count of hops, or addresses. */
  trustProxy: boolean | number | string
  logLevel: LogLevel
  /** Juspay's HyperServices.js for the demo checkout; null: the sandbox's own. */
  hyperSdkUrl: string | null
  /** Bearer token of `/metrics`; null: loopback only in the demo, closed in production. */
  metricsToken: string | null
  /** Days after which a webhook event may be forgotten. */
  webhookRetentionDays: number
  /** Whether to start on a database that may forget commits: throw-away data only. */
  allowUnsafeDatabase: boolean
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

const SECRET_BYTES = 32
const TOKEN_LENGTH_MIN = 16
const PORT_MAX = 65_535
/** A chargeback may come half a year after a payment, and PCI DSS 10.5.1 wants a year of history. */
const RETENTION_DAYS = 400
const RETENTION_DAYS_MIN = 30

/** The environment cannot be used. The message lists every problem, one line each. */
export class EnvError extends Error {
  override name = 'EnvError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`Paydesk cannot start:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
    this.problems = problems
  }
}

type Source = Readonly<Record<string, string | undefined>>

const port = z.coerce.number().int().min(0).max(PORT_MAX)

/** Reads and checks everything. @throws EnvError that names every bad or missing variable. */
export function readEnv(source: Source, mode: Mode): Env {
  const problems: string[] = []
  const demand = (name: string, fix: string): void => void problems.push(`${name} is missing. ${fix}`)
  const read = <T>(name: string, shape: z.ZodType<T>, otherwise: T, fix: string): T => {
    const text = source[name]
    if (text === undefined || text === '') return otherwise
    const parsed = shape.safeParse(text)
    if (parsed.success) return parsed.data
    problems.push(`${name} is not usable. ${fix}`)
    return otherwise
  }

  const portNumber = read('PORT', port, 4_000, `Use a number from 0 to ${PORT_MAX}.`)
  const databaseUrl = read(
    'DATABASE_URL',
    z.string().regex(/^postgres(ql)?:\/\/\S+$/),
    null,
    'Use postgresql://user:password@host:5432/database.',
  )
  const publicUrl = read(
    'PUBLIC_URL',
    publicUrlShape,
    `http://localhost:${portNumber}`,
    'Use the address people open, such as https://paydesk.example.com, without a path.',
  )
  const dataDir = resolve(source['DATA_DIR'] || '.data')
  const secret = read(
    'SECRET_KEY',
    secretShape,
    null,
    `Use ${SECRET_BYTES} random bytes in base64: openssl rand -base64 ${SECRET_BYTES}`,
  )
  if (mode === 'serve') {
    const database =
      'Set it to the PostgreSQL database, such as postgresql://user:password@host:5432/paydesk.'
    if (!source['DATABASE_URL']) demand('DATABASE_URL', database)
    if (!source['PUBLIC_URL'])
      demand('PUBLIC_URL', 'Set it to the address people open, such as https://paydesk.example.com.')
    if (!source['SECRET_KEY'])
      demand(
        'SECRET_KEY',
        `Set it to ${SECRET_BYTES} random bytes in base64: openssl rand -base64 ${SECRET_BYTES}`,
      )
  }
  const env = {
    mode,
    port: portNumber,
    host: read(
      'HOST',
      z.string().regex(/^[\w.:-]+$/),
      mode === 'serve' ? '0.0.0.0' : '127.0.0.1',
      'Use an address such as 127.0.0.1.',
    ),
    databaseUrl,
    dataDir,
    sandboxPort: read('SANDBOX_PORT', port, 4_010, `Use a number from 0 to ${PORT_MAX}.`),
    publicUrl,
    trustProxy: read(
      'TRUST_PROXY',
      trustShape,
      false,
      'Use true, false, a number of proxies, or their addresses separated by commas.',
    ),
    logLevel: read(
      'LOG_LEVEL',
      z.enum(LOG_LEVELS),
      mode === 'serve' ? 'info' : 'warn',
      `Use one of ${LOG_LEVELS.join(', ')}.`,
    ),
    hyperSdkUrl: read(
      'HYPER_SDK_URL',
      z.url({ protocol: /^https$/ }),
      null,
      'Use the https address of HyperServices.js that Juspay gave you.',
    ),
    metricsToken: read(
      'METRICS_TOKEN',
      z.string().min(TOKEN_LENGTH_MIN),
      null,
      `Use at least ${TOKEN_LENGTH_MIN} characters.`,
    ),
    webhookRetentionDays: read(
      'WEBHOOK_RETENTION_DAYS',
      z.coerce.number().int().min(RETENTION_DAYS_MIN),
      RETENTION_DAYS,
      `Use a number of days, at least ${RETENTION_DAYS_MIN}.`,
    ),
    allowUnsafeDatabase: read(
      'ALLOW_UNSAFE_DATABASE',
      z.literal('yes').transform(() => true),
      false,
      'Use yes, or leave it out.',
    ),
  }
  if (problems.length > 0) throw new EnvError(problems)
  return { ...env, secretKey: secret ?? keptSecret(dataDir) }
}

/** Reads this process's environment. */
export function readProcessEnv(mode: Mode): Env {
  return readEnv(process.env, mode)
}

/**
 * Reads this process's environment for a command that seals credentials for the server. With DATABASE_URL it demands
 * what production demands: what a key made up here seals, the server could not open.
 */
export function readSealingEnv(): Env {
  return readEnv(process.env, process.env['DATABASE_URL'] ? 'serve' : 'demo')
}

const publicUrlShape = z
  .url({ protocol: /^https?$/ })
  .transform((text) => new URL(text))
  .refine((url) => url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '')
  .transform((url) => url.origin)

const secretShape = z
  .string()
  .regex(/^[A-Za-z0-9+/_-]+=*$/)
  .transform((text): Uint8Array | null => Buffer.from(text, 'base64'))
  .refine((bytes) => bytes?.byteLength === SECRET_BYTES)

const trustShape = z.string().transform((text): boolean | number | string => {
  if (text === 'true') return true
  if (text === 'false') return false
  return /^\d+$/.test(text) ? Number(text) : text
})

/** Without SECRET_KEY one is made and kept beside the database it protects; a new one would lock its contents. */
function keptSecret(dataDir: string): Uint8Array {
  const file = join(dataDir, 'secret-key')
  if (existsSync(file)) {
    const kept = secretShape.safeParse(readFileSync(file, 'utf8').trim())
    if (kept.success && kept.data) return kept.data
    throw new EnvError([`SECRET_KEY cannot be read from ${file}. Restore that file, or set SECRET_KEY.`])
  }
  const made = randomBytes(SECRET_BYTES)
  try {
    mkdirSync(dataDir, { recursive: true })
    writeFileSync(file, `${made.toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
    chmodSync(file, 0o600)
  } catch (error) {
    // Another start made it in the same moment: its key is the one.
    if (existsSync(file)) return keptSecret(dataDir)
    const cause = error instanceof Error ? error.message : String(error)
    throw new EnvError([`DATA_DIR cannot be written to (${cause}). Set DATA_DIR to a directory of yours.`])
  }
  return made
}
