/** Generates the database client into server/store/generated; runs after `npm ci`, and at start when it is absent. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { prisma } from './command.mjs'

const schema = join(import.meta.dirname, 'schema.prisma')
const client = join(import.meta.dirname, '../server/store/generated/client.ts')

/** Whether the client is there and newer than the schema; `npm ci --ignore-scripts` and `git pull` leave it behind. */
export function isGenerated() {
  const made = statSync(client, { throwIfNoEntry: false })
  return made !== undefined && made.mtimeMs >= statSync(schema).mtimeMs
}

/** Generates the client; throws with Prisma's own words when it cannot. */
export function generate() {
  const { status, output } = prisma(['generate', '--no-hints'], { stdio: 'pipe', encoding: 'utf8' })
  if (status !== 0)
    throw new Error(['The database client could not be generated.', ...(output ?? [])].join('\n'))
}

if (process.argv[1] === import.meta.filename) generate()
