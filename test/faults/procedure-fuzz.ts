/**
 * T14 for what moves money or power: whatever is sent to these procedures over HTTP, the answer is one of the declared
 * codes, never a fault of ours, and a refusal has changed nothing. A new procedure of these routers is fuzzed from the day
 * it exists.
 */
import superjson from 'superjson'
import { appRouter } from '../../server/trpc/router.ts'
import { createTestApp, type SignedIn, type TestApp } from '../support/app.ts'
import { seededRandom } from '../support/scenario.ts'
import type { Battery, Outcome, Run } from './battery.ts'
import { badBodies, DECLARED, FITTING, HOSTILE_BODIES } from './procedure-inputs.ts'
import { note, type Violation } from './violations.ts'

const ROUTERS = /^(?:refunds|approvals|bulk\w*|settings|limits|stops|users)\./
/** What money or power hangs on. */
const TABLES = [
  'orders',
  'refund_request',
  'refund',
  'refund_policy',
  'refund_stop',
  'membership',
  'staff_user',
  'staff_credential',
]

export const procedureFuzz: Battery = {
  name: 'procedure-fuzz',
  unit: 'input per procedure',
  title: 'wrong inputs to every procedure that moves money or power',
  long: { count: 500, events: 0, rate: 1 },
  run: fuzz,
  broken: 'trusting',
  control: {
    what: 'a server that changes a row and then refuses',
    count: 1,
    events: 0,
    rules: ['outcome'],
  },
}

/** Flat at run time, by path; the library's type says otherwise. */
const procedures = Object.entries<unknown>(appRouter._def.procedures)
  .filter(([path]) => ROUTERS.test(path))
  .map(([path, procedure]) => ({ path, type: typeOf(procedure) }))

function typeOf(procedure: unknown): unknown {
  const definition: unknown = typeof procedure === 'function' ? Reflect.get(procedure, '_def') : null
  return typeof definition === 'object' && definition !== null ? Reflect.get(definition, 'type') : null
}

async function fuzz(run: Run): Promise<Outcome> {
  const violations: Violation[] = []
  const counts = { procedures: procedures.length, inputs: 0, refused: 0 }
  const missing = Object.keys(FITTING).filter((path) => procedures.every((one) => one.path !== path))
  if (missing.length > 0) note(violations, 'vacuous', `there is no ${missing.join(', ')}`)
  const database = await run.ground.newDatabase()
  const app = await createTestApp({ database: { url: database.url, drop: () => Promise.resolve() } })
  try {
    if (run.entry !== 'real') changeAndRefuse(app)
    await checkDigest(app, violations)
    const random = seededRandom(run.seed)
    for (const { path, type } of procedures) {
      let [before, refused] = [await digest(app), 0]
      for (const body of badBodies(path, run.count, random)) {
        if (run.signal.aborted) break
        const status = await send(await app.as('admin'), path, type, body)
        const after = await digest(app)
        counts.inputs += 1
        const told = `${path} answered ${status} to ${body.slice(0, 300)}`
        if (status >= 300 && !DECLARED.has(status)) note(violations, 'outcome', told)
        if (status >= 300) refused += 1
        if (status >= 300 && after !== before) note(violations, 'outcome', `${told} and changed something`)
        before = after
      }
      counts.refused += refused
      // Most of it must be refused, or nothing was tested.
      if (FITTING[path] !== undefined && refused < HOSTILE_BODIES.length / 2 && !run.signal.aborted)
        note(violations, 'vacuous', `${path} refused only ${refused} inputs`)
      run.progress(`${path}: ${counts.inputs} inputs`)
    }
    return { counts, violations }
  } finally {
    await app.close()
    await database.close()
  }
}

/** The digest sees what it is trusted to see: a change that is allowed changes it. */
async function checkDigest(app: TestApp, violations: Violation[]): Promise<void> {
  const before = await digest(app)
  const admin = await app.as('admin')
  const { version } = await admin.trpc.settings.policy.query()
  const body = JSON.stringify(superjson.serialize({ ...FITTING['settings.setPolicy'], version }))
  const status = await send(admin, 'settings.setPolicy', 'mutation', body)
  if (status !== 200) note(violations, 'vacuous', `a policy that fits was answered ${status}`)
  if ((await digest(app)) === before) note(violations, 'vacuous', 'a change of the policy was not seen')
}

async function digest({ paydesk }: TestApp): Promise<string> {
  const parts = TABLES.map(
    (name) => `select md5(coalesce(string_agg(t::text, ';' order by t::text), '')) from ${name} t`,
  )
  const { rows } = await paydesk.database.pool.query(parts.join(' union all '))
  return JSON.stringify(rows)
}

async function send(admin: SignedIn, path: string, type: unknown, body: string): Promise<number> {
  const headers = { 'content-type': 'application/json' }
  const reply =
    type === 'query'
      ? await admin.fetch(`/trpc/${path}?input=${encodeURIComponent(body)}`)
      : await admin.fetch(`/trpc/${path}`, { method: 'POST', headers, body })
  await reply.text()
  return reply.status
}

/** The mistake this battery has to find. */
function changeAndRefuse({ paydesk }: TestApp): void {
  const { deps, database } = paydesk
  const appending = { ...deps.store.audit }
  deps.store.audit.append = async (entry) => {
    if (entry.outcome === 'refused')
      await database.pool.query(`update staff_user set name = name || '.' where email = 'viewer@demo.test'`)
    await appending.append(entry)
  }
}
