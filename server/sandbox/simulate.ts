/** `npm run simulate -- <simulation>`: makes payments in a running sandbox; `simulate-command.ts` does the work. */
import { readCommandEnv } from './env.ts'
import { runSimulate, SimulateError } from './simulate-command.ts'

try {
  process.stdout.write(`${await runSimulate(process.argv.slice(2), readCommandEnv())}\n`)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(error instanceof SimulateError ? error.exitCode : 1)
}
