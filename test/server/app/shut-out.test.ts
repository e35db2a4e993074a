/** A file that is on its way ends for whoever may not have it any more. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { whileAllowed } from '../../../server/http/files.ts'
import type { Permission } from '../../../server/domain/permission.ts'
import { createTestApp, type SignedIn, type TestApp } from '../../support/app.ts'

let app: TestApp
let finance: SignedIn

const rows = (text: string) => app.paydesk.database.pool.query(text, [finance.userId])

beforeAll(async () => {
  app = await createTestApp()
  finance = await app.as('finance')
})
beforeEach(async () => {
  await rows(`update membership set role = 'finance' where user_id = $1`)
  await rows('update staff_user set disabled = false where id = $1')
})
afterAll(() => app.close())

/** Pieces of which each takes two seconds by the clock; after the second, something happens to the person. */
async function taken(permissions: readonly Permission[], happens: string | null): Promise<number[]> {
  let clock = 0
  const got: number[] = []
  async function* pieces(): AsyncGenerator<number, void, void> {
    for (let n = 1; n <= 6; n += 1) {
      clock += 2_000
      if (n === 3 && happens !== null) await rows(happens)
      yield n
    }
  }
  const actor = { accountId: app.accountId, userId: finance.userId }
  const file = whileAllowed(app.paydesk.deps, actor, { pieces: pieces(), permissions }, () => clock)
  try {
    for await (const piece of file) got.push(piece)
  } catch (error) {
    expect(error).toMatchObject({ code: 'permission_denied' })
  }
  return got
}

const PERSONAL: readonly Permission[] = ['export:create', 'order:pii']
const TO_OPS = `update membership set role = 'ops' where user_id = $1`

test.each<[string, readonly Permission[], string | null, number[]]>([
  ['goes on to its end', PERSONAL, null, [1, 2, 3, 4, 5, 6]],
  [
    'ends when its person is disabled',
    PERSONAL,
    'update staff_user set disabled = true where id = $1',
    [1, 2, 3],
  ],
  ['ends when it has names and the role lost them', PERSONAL, TO_OPS, [1, 2, 3]],
  ['goes on when the role still may', ['export:create'], TO_OPS, [1, 2, 3, 4, 5, 6]],
])('%s', async (_name, permissions, happens, got) => {
  expect(await taken(permissions, happens)).toEqual(got)
})
