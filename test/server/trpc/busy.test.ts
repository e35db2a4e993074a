/** More calls at once than there are connections: the rest is told so, and nothing stays broken. */
import { TRPCClientError } from '@trpc/client'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BUSY } from '../../../server/domain/refusal.ts'
import { createTestApp, postSignIn, type TestApp } from '../../support/app.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'

/** Well above the connections of one process. */
const CALLS = 40

let database: TestDatabase
let app: TestApp

beforeAll(async () => {
  database = await createTestDatabase()
  app = await createTestApp({ database })
})

afterAll(async () => {
  await app.close()
  await database.drop()
})

test('who finds no connection free is told to try again, as a 503', async () => {
  const { trpc } = await app.as('viewer')
  const blocker = new pg.Client({ connectionString: database.url })
  await blocker.connect()
  try {
    await blocker.query('begin; lock table discrepancy in access exclusive mode')
    const waiting = Array.from({ length: CALLS }, () =>
      trpc.recon.list.query({}).catch((error: unknown) => error),
    )
    const first = await Promise.race(waiting)
    expect(first).toBeInstanceOf(TRPCClientError)
    expect(first).toMatchObject({
      message: BUSY,
      data: { code: 'SERVICE_UNAVAILABLE', httpStatus: 503, refusal: null },
    })
    const answer = await postSignIn(app.url, 'somebody@example.test', 'not the password')
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1'])
    expect(await answer.json()).toMatchObject({ error: { code: 'busy', message: BUSY } })
    await blocker.query('rollback')
    await Promise.all(waiting)
  } finally {
    await blocker.end()
  }
  await expect(trpc.recon.list.query({})).resolves.toMatchObject({ rows: [] })
})
