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

export type SandboxEnv = {
  port: number
  dir: string
  trafficPerMinute: number
  webhookUrl: string
  returnUrl: string
  timeFactor: number
  seed: number
}

/** The sandbox process's own configuration; an empty variable counts as absent. Throws naming every bad variable. */
export function readEnv(source: Record<string, string | undefined> = process.env): SandboxEnv {
  const given = Object.fromEntries(
    Object.entries(source).filter(([, value]) => value !== undefined && value !== ''),
  )
  const parsed = schema.safeParse(given)
  if (!parsed.success) {
    const reasons = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new Error(`The sandbox cannot start. ${reasons.join('; ')}`)
  }
  const env = parsed.data
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
