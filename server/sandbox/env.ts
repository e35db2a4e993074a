import { resolve } from 'node:path'
import { z } from 'zod'

const port = z.coerce.number().int().min(0).max(65_535)

const schema = z.object({
  SANDBOX_PORT: port.default(4010),
  DATA_DIR: z.string().min(1).default('.data'),
  DEMO_TRAFFIC: z.coerce.number().min(0).max(6_000).default(12),
  SANDBOX_WEBHOOK_URL: z.url().default('http://127.0.0.1:4000/webhooks/juspay/demo'),
  SANDBOX_RETURN_URL: z.url().default('http://localhost:4000/payments/return/demo'),
  SANDBOX_TIME_FACTOR: z.coerce.number().positive().max(100_000).default(1),
  SANDBOX_SEED: z.coerce.number().int().default(20_261),
})

/** An empty variable counts as absent. */
function parsed<T extends z.ZodType>(
  shape: T,
  source: Record<string, string | undefined>,
  what: string,
): z.output<T> {
  const given = Object.entries(source).filter(([, value]) => value !== undefined && value !== '')
  const result = shape.safeParse(Object.fromEntries(given))
  if (result.success) return result.data
  const reasons = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`${what} ${reasons.join('; ')}`)
}

export type SandboxEnv = {
  port: number
  dir: string
  trafficPerMinute: number
  webhookUrl: string
  returnUrl: string
  timeFactor: number
  seed: number
}

const commandSchema = z.object({
  SANDBOX_PORT: port.default(4010),
  PORT: port.default(4000),
  PUBLIC_URL: z.url().optional(),
})

/** Where `npm run simulate` finds sandbox and desk unless it is told. Throws naming every bad variable. */
export function readCommandEnv(source: Record<string, string | undefined> = process.env): {
  sandboxUrl: string
  deskUrl: string
} {
  const env = parsed(commandSchema, source, 'The command cannot run.')
  return {
    sandboxUrl: `http://127.0.0.1:${env.SANDBOX_PORT}`,
    deskUrl: new URL(env.PUBLIC_URL ?? `http://localhost:${env.PORT}`).origin,
  }
}

/** The sandbox process's own configuration. Throws naming every bad variable. */
export function readEnv(source: Record<string, string | undefined> = process.env): SandboxEnv {
  const env = parsed(schema, source, 'The sandbox cannot start.')
  return {
    port: env.SANDBOX_PORT,
    dir: resolve(env.DATA_DIR, 'sandbox'),
    trafficPerMinute: env.DEMO_TRAFFIC,
    webhookUrl: env.SANDBOX_WEBHOOK_URL,
    returnUrl: env.SANDBOX_RETURN_URL,
    timeFactor: env.SANDBOX_TIME_FACTOR,
    seed: env.SANDBOX_SEED,
  }
}
