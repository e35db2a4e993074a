/** `npm run budgets`: builds the dashboard when a source is newer and says what it weighs; fails when over a budget. */
import { measureClient, overBudget } from './support/budgets.ts'
import { builtClient } from './support/e2e-client.ts'

const measures = measureClient(await builtClient())
const width = Math.max(...measures.map(({ name }) => name.length))
for (const { name, kb, limitKb, warnKb } of measures) {
  const sign = kb > limitKb ? 'OVER' : warnKb !== null && kb > warnKb ? 'near' : 'ok'
  process.stdout.write(
    `${sign.padEnd(4)}  ${name.padEnd(width)}  ${kb.toFixed(1).padStart(6)} of ${limitKb} kB\n`,
  )
}
const over = overBudget(measures)
process.stdout.write(
  over.length === 0 ? 'Everything is within its budget.\n' : `${over.length} over budget.\n`,
)
process.exitCode = over.length === 0 ? 0 : 1
