import { parseArgs } from 'node:util'
import { z } from 'zod'
import { simulationOf, SIMULATION_NAMES, SIMULATIONS, SWITCH_NAMES, SWITCHES } from './simulations.ts'
import type { SimulationName } from './simulations.ts'

/** Why a simulation was not run, in words for the person who asked; 2 for a wrong command line, 1 for the rest. */
export class SimulateError extends Error {
  readonly exitCode: 1 | 2
  constructor(exitCode: 1 | 2, message: string) {
    super(message)
    this.exitCode = exitCode
  }
}

export type SimulateEnv = { sandboxUrl: string; deskUrl: string }

const TIMEOUT_MS = 10_000
/** Orders whose links are written out; of more, the first ones stand for all. */
const LINKS_MAX = 20
const METHODS: Readonly<Record<string, string>> = {
  upi: 'UPI',
  card: 'CARD',
  netbanking: 'NB',
  wallet: 'WALLET',
}

const OPTIONS = {
  ...Object.fromEntries(SWITCH_NAMES.map((name) => [name, { type: 'boolean' } as const])),
  help: { type: 'boolean', short: 'h' },
  count: { type: 'string' },
  amount: { type: 'string' },
  method: { type: 'string' },
  gateway: { type: 'string' },
  merchant: { type: 'string' },
  sandbox: { type: 'string' },
  desk: { type: 'string' },
} as const

const answerShape = z.object({ orderIds: z.array(z.string()), lastsSeconds: z.number() })
const refusalShape = z.object({ error: z.string() })

/**
 * Runs the command and answers what to print.
 * @throws SimulateError with what to do about it
 */
export async function runSimulate(args: readonly string[], env: SimulateEnv): Promise<string> {
  const { values, positionals } = parsed(args)
  if (values['help'] === true) return help(env)
  const [name, ...rest] = positionals
  if (name === undefined) throw new SimulateError(2, `Say what to simulate.\n\n${help(env)}`)
  if (rest.length > 0) throw new SimulateError(2, `One simulation at a time, not also: ${rest.join(' ')}.`)
  const simulation = named(name)
  const sandboxUrl = address(values['sandbox'], env.sandboxUrl, '--sandbox')
  const deskUrl = address(values['desk'], env.deskUrl, '--desk')
  const made = await ask(sandboxUrl, {
    simulation,
    switches: SWITCH_NAMES.filter((one) => values[one] === true),
    ...wish(values),
  })
  return summary(simulation, made, deskUrl)
}

type Values = Record<string, string | boolean | undefined>

function parsed(args: readonly string[]): { values: Values; positionals: string[] } {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
    return { values: { ...values }, positionals }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new SimulateError(2, `${reason}\nSee npm run simulate -- --help.`)
  }
}

function named(name: string): SimulationName {
  const found = SIMULATION_NAMES.find((known) => known === name)
  if (found) return found
  const near = SIMULATION_NAMES.filter((known) => known.includes(name) || name.includes(known))
  const hint = near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : ''
  throw new SimulateError(
    2,
    `No simulation is called ${name}.${hint}\nThere are: ${SIMULATION_NAMES.join(', ')}.`,
  )
}

function address(given: string | boolean | undefined, usual: string, option: string): string {
  if (typeof given !== 'string') return usual
  if (URL.canParse(given) && /^https?:$/.test(new URL(given).protocol)) return new URL(given).origin
  throw new SimulateError(2, `${option} needs an address such as ${usual}, not ${given}.`)
}

/** The options that describe the orders, as the control API takes them. */
function wish(values: Values): Record<string, unknown> {
  const { count, amount, method, gateway, merchant } = values
  if (typeof count === 'string' && !/^\d{1,3}$/.test(count))
    throw new SimulateError(2, `--count needs a whole number, not ${count}.`)
  const paymentMethodType = typeof method === 'string' ? METHODS[method] : undefined
  if (method !== undefined && paymentMethodType === undefined)
    throw new SimulateError(2, `--method is one of ${Object.keys(METHODS).join(', ')}.`)
  return {
    ...(typeof count === 'string' ? { count: Number(count) } : {}),
    ...(typeof amount === 'string' ? { amount } : {}),
    ...(paymentMethodType === undefined ? {} : { paymentMethodType }),
    ...(typeof gateway === 'string' ? { gateway: gateway.toUpperCase() } : {}),
    ...(typeof merchant === 'string' ? { merchantId: merchant } : {}),
  }
}

async function ask(sandboxUrl: string, body: unknown): Promise<z.output<typeof answerShape>> {
  const response = await fetch(new URL('/control/simulate', sandboxUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch(() => {
    throw new SimulateError(
      1,
      `No sandbox answers at ${sandboxUrl}.\nStart the desk with npm start, or the sandbox alone with npm run sandbox; --sandbox names another address.`,
    )
  })
  const answer: unknown = await response.json().catch(() => null)
  if (response.ok) {
    const read = answerShape.safeParse(answer)
    if (read.success) return read.data
  }
  const refusal = refusalShape.safeParse(answer)
  const reason = refusal.success
    ? refusal.data.error
    : `it answered ${response.status}. Is it a Paydesk sandbox?`
  throw new SimulateError(1, `The sandbox at ${sandboxUrl} refused: ${reason}`)
}

function summary(
  simulation: SimulationName,
  { orderIds, lastsSeconds }: z.output<typeof answerShape>,
  deskUrl: string,
): string {
  const { title, story, result } = simulationOf(simulation)
  const links = orderIds
    .slice(0, LINKS_MAX)
    .map((id) => `  ${id}  ${deskUrl}/orders/${encodeURIComponent(id)}`)
  const more = orderIds.length - links.length
  return [
    `${title}: ${story}`,
    `Made ${orderIds.length} ${orderIds.length === 1 ? 'order' : 'orders'}:`,
    ...links,
    ...(more > 0 ? [`  and ${more} more`] : []),
    `In Paydesk${lastsSeconds === 0 ? '' : `, after ${Math.ceil(lastsSeconds)} s`}: ${result}`,
  ].join('\n')
}

function help({ sandboxUrl, deskUrl }: SimulateEnv): string {
  const table = (rows: readonly (readonly [string, string])[]) => {
    const width = Math.max(...rows.map(([name]) => name.length))
    return rows.map(([name, words]) => `  ${name.padEnd(width)}  ${words}`).join('\n')
  }
  const simulations = SIMULATION_NAMES.map((name) => [name, SIMULATIONS[name].story] as const)
  const switches = SWITCH_NAMES.map((name) => [`--${name}`, SWITCHES[name].story] as const)
  return `Usage: npm run simulate -- <simulation> [switches] [options]

Makes payments in the running Juspay sandbox; Paydesk hears of them by webhook, like of any payment.

Simulations:
${table(simulations)}

Switches:
${table(switches)}

Options:
${table([
  ['--count <n>', 'orders to make, 1 to 100; default 1'],
  ['--amount <decimal>', 'of each order in major units; default 499.00'],
  ['--method <name>', Object.keys(METHODS).join(', ')],
  ['--gateway <name>', 'RAZORPAY, PAYU, GOCASHFREE, HDFC or DUMMY'],
  ['--merchant <id>', 'the merchant id at Juspay; default paydeskdemo'],
  ['--sandbox <url>', `default ${sandboxUrl}`],
  ['--desk <url>', `for the links; default ${deskUrl}`],
])}`
}
