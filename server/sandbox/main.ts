import { createSandbox } from './create.ts'
import { readEnv } from './env.ts'
import type { SandboxEnv } from './env.ts'

/** While the server starts, an unreachable webhook target costs nothing. */
const PATIENCE_MS = 60_000

function reportAndExit(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}

async function run(env: SandboxEnv): Promise<void> {
  const sandbox = createSandbox({
    dir: env.dir,
    webhookUrl: env.webhookUrl,
    timeFactor: env.timeFactor,
    seed: env.seed,
    trafficPerMinute: env.trafficPerMinute,
    returnUrl: env.returnUrl,
    fill: true,
    patienceMs: PATIENCE_MS,
    logger: {
      info: (message) => process.stdout.write(`sandbox: ${message}\n`),
      error: (error) =>
        process.stderr.write(`sandbox: ${error instanceof Error ? error.stack : String(error)}\n`),
    },
  })
  let stopping = false
  const stop = () => {
    if (stopping) return
    stopping = true
    sandbox.close().then(() => process.exit(0), reportAndExit)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  process.on('disconnect', stop) // the parent that started us over IPC is gone
  const address = await sandbox.listen(env.port)
  process.stdout.write(`Juspay sandbox at ${address} (control page ${address}/control, data in ${env.dir})\n`)
}

try {
  await run(readEnv())
} catch (error) {
  reportAndExit(error)
}
