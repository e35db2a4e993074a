/**
 * The least that can answer with rows: Fastify and pg, nobody signed in, nothing checked. It runs the statements that
 * Paydesk was seen to run for the same requests, as plain parametrised queries.
 */
import { readFileSync } from 'node:fs'
import Fastify from 'fastify'
import pg from 'pg'
import superjson from 'superjson'
import type { SeenStatement } from './seen-statements.ts'

const POOL_SIZE = 16
const requests: SeenStatement[][] = superjson.parse(readFileSync(process.env['STATEMENTS'] ?? '', 'utf8'))

const pool = new pg.Pool({
  connectionString: process.env['DATABASE_URL'],
  max: POOL_SIZE,
  // As Paydesk's own connections.
  options: '-c timezone=UTC -c max_parallel_workers_per_gather=0',
})
const app = Fastify()
app.get('/readyz', () => ({ status: 'ready' }))
app.get<{ Params: { n: string } }>('/rows/:n', async (request) => {
  const statements = requests[Number(request.params.n)] ?? []
  const results = await Promise.all(statements.map(({ text, values }) => pool.query(text, values)))
  return results.length === 1 ? results[0]?.rows : results.map(({ rows }) => rows)
})
await app.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) })
for (const signal of ['SIGTERM', 'disconnect'] as const)
  process.on(signal, () => void app.close().then(() => process.exit(0)))
