/** A file that is on its way ends for whoever may not have it any more. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { StaffPresence } from '../../../server/auth/staff-auth.ts'
import { DEMO_PASSWORD } from '../../../server/demo.ts'
import type { Permission } from '../../../server/domain/permission.ts'
import { whileAllowed } from '../../../server/http/files.ts'
import { createTestApp, signIn, type SignedIn, type TestApp } from '../../support/app.ts'
import { createAccount } from '../../support/factories.ts'

let app: TestApp
let finance: SignedIn

const rows = (text: string, ...more: unknown[]) =>
  app.paydesk.database.pool.query(text, [finance.userId, ...more])

beforeAll(async () => {
  app = await createTestApp()
})
beforeEach(async () => {
  finance = await signIn(app.url, 'finance@demo.test', DEMO_PASSWORD)
})
afterAll(() => app.close())

const visitOf = (cookie: string) => ({ headers: new Headers({ cookie }), requestId: 'req_1', ip: null })

async function present(): Promise<StaffPresence> {
  const person = await app.paydesk.auth.actorOf(visitOf(finance.cookie))
  if (person === null) throw new Error('nobody is signed in')
  return person
}

type Happens = () => Promise<unknown>

/** Pieces of which each takes two seconds by the clock; after the second, something happens to the person. */
async function taken(
  permissions: readonly Permission[],
  happens: Happens,
): Promise<{ got: number[]; code: unknown }> {
  let clock = 0
  const got: number[] = []
  async function* pieces(): AsyncGenerator<number, void, void> {
    for (let n = 1; n <= 6; n += 1) {
      clock += 2_000
      if (n === 3) await happens()
      yield n
    }
  }
  const file = whileAllowed(app.paydesk, await present(), { pieces: pieces(), permissions }, () => clock)
  try {
    for await (const piece of file) got.push(piece)
  } catch (error) {
    return { got, code: error instanceof Error && 'code' in error ? error.code : error }
  }
  return { got, code: null }
}

const PERSONAL: readonly Permission[] = ['export:create', 'order:pii']
const WHOLE = { got: [1, 2, 3, 4, 5, 6], code: null }
const post = async (path: string, cookie: string, body = {}): Promise<string> => {
  const reply = await fetch(`${app.url}${path}`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify(body),
  })
  expect(reply.status).toBe(200)
  return reply.headers.getSetCookie()[0]?.split(';')[0] ?? ''
}
const signOut = (cookie = finance.cookie) => post('/api/auth/sign-out', cookie)
const stepUp = () => post('/api/auth/step-up', finance.cookie, { password: DEMO_PASSWORD })
const become = (role: string) => rows('update membership set role = $2 where user_id = $1', role)

/** As if the seconds had passed in which a session that was replaced still serves. */
async function afterGrace(cookie: string): Promise<void> {
  const { rowCount } = await rows(
    `update staff_session set replaced_at = replaced_at - interval '11 seconds' where user_id = $1 and replaced_at is not null`,
  )
  expect(rowCount).toBeGreaterThan(0)
  expect(await app.paydesk.auth.actorOf(visitOf(cookie))).toBeNull()
}

test('goes on to its end', async () => {
  expect(await taken(PERSONAL, async () => {})).toEqual(WHOLE)
})

test('ends when its person is disabled', async () => {
  const disabled = await taken(PERSONAL, () => rows('update staff_user set disabled = true where id = $1'))
  await rows('update staff_user set disabled = false where id = $1')
  expect(disabled).toEqual({ got: [1, 2, 3], code: 'not_signed_in' })
})

test('ends when it has names and the role lost them, and not otherwise', async () => {
  const personal = await taken(PERSONAL, () => become('ops'))
  await become('finance')
  const masked = await taken(['export:create'], () => become('ops'))
  await become('finance')
  expect(personal).toEqual({ got: [1, 2, 3], code: 'permission_denied' })
  expect(masked).toEqual(WHOLE)
})

test('ends when its person signs out, and not when they do so in another browser', async () => {
  const other = await signIn(app.url, 'finance@demo.test', DEMO_PASSWORD)
  expect(await taken(PERSONAL, () => signOut(other.cookie))).toEqual(WHOLE)
  expect(await taken(PERSONAL, () => signOut())).toEqual({ got: [1, 2, 3], code: 'not_signed_in' })
})

test('ends when its session is taken, whatever other one there is', async () => {
  const { sessionId } = await present()
  await signIn(app.url, 'finance@demo.test', DEMO_PASSWORD)
  const revoked = await taken(PERSONAL, () => app.paydesk.deps.store.staff.endSession(sessionId))
  expect(revoked).toEqual({ got: [1, 2, 3], code: 'not_signed_in' })
})

test('goes on in the session that a step-up brings, and ends with that one', async () => {
  expect(await taken(PERSONAL, async () => stepUp().then(() => afterGrace(finance.cookie)))).toEqual(WHOLE)

  finance = await signIn(app.url, 'finance@demo.test', DEMO_PASSWORD)
  const ended = await taken(PERSONAL, async () => {
    const next = await stepUp()
    await signOut(next)
  })
  expect(ended).toEqual({ got: [1, 2, 3], code: 'not_signed_in' })
})

test('goes on while its person works on another account, and ends when the account of the file is theirs no more', async () => {
  const other = await createAccount(app.paydesk.database)
  await rows(
    `insert into membership (user_id, merchant_account_id, role) values ($1, $2, 'viewer')`,
    other.id,
  )
  const { sessionId } = await present()
  const switched = () => app.paydesk.deps.store.staff.switchAccount(sessionId, other.slug)
  expect(await taken(PERSONAL, switched)).toEqual(WHOLE)

  await rows('update staff_session set active_account_id = $2 where user_id = $1', app.accountId)
  const left = await taken(PERSONAL, () =>
    rows('delete from membership where user_id = $1 and merchant_account_id = $2', app.accountId),
  )
  expect(left).toEqual({ got: [1, 2, 3], code: 'permission_denied' })
})
