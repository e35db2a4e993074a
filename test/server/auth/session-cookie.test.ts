/** The session cookie as we read it ourselves: what the sign-in library made is taken, and nothing else. */
import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sessionToken } from '../../../server/auth/session-cookie.ts'
import { DEMO_PASSWORD } from '../../../server/demo.ts'
import { createTestApp, signIn, type SignedIn, type TestApp } from '../../support/app.ts'

let app: TestApp
let person: SignedIn

beforeAll(async () => {
  app = await createTestApp()
  person = await signIn(app.url, 'ops@demo.test', DEMO_PASSWORD)
})
afterAll(() => app.close())

async function who(cookie: string): Promise<string | null> {
  const visit = { headers: new Headers({ cookie }), requestId: 'r', ip: null }
  return (await app.paydesk.auth.actorOf(visit))?.email ?? null
}

describe('a cookie that the library made', () => {
  test('says who it is, alone and among others', async () => {
    expect(await who(person.cookie)).toBe('ops@demo.test')
    expect(await who(`theme=dark; ${person.cookie}; other=1`)).toBe('ops@demo.test')
    expect(await who(`broken; =; ${person.cookie}`)).toBe('ops@demo.test')
  })

  test('is nobody once a single character of it differs', async () => {
    const [name = '', value = ''] = person.cookie.split('=')
    const decoded = decodeURIComponent(value)
    const dot = decoded.lastIndexOf('.')
    for (const at of [0, 5, dot - 1, dot + 1, dot + 20]) {
      const changed = decoded.slice(0, at) + (decoded[at] === 'A' ? 'B' : 'A') + decoded.slice(at + 1)
      expect(`${at}: ${await who(`${name}=${encodeURIComponent(changed)}`)}`).toBe(`${at}: null`)
    }
    expect(await who(`${name}=${encodeURIComponent(decoded.slice(0, dot))}`)).toBeNull()
    expect(await who(`${name}=${encodeURIComponent(`${decoded}=`)}`)).toBeNull()
    expect(await who(`x${person.cookie}`)).toBeNull()
    expect(await who(`${name}=%E0%A4%A`)).toBeNull()
    expect(await who('')).toBeNull()
  })

  test('is nobody once its session has passed its end, and the session is gone', async () => {
    const other = await signIn(app.url, 'ops@demo.test', DEMO_PASSWORD)
    const { pool } = app.paydesk.database
    expect(await who(other.cookie)).toBe('ops@demo.test')
    const { rows } = await pool.query<{ id: string }>(
      `update staff_session set expires_at = now() - interval '1 second'
       where id = (select id from staff_session where user_id = $1 order by created_at desc limit 1) returning id`,
      [other.userId],
    )
    expect(await who(other.cookie)).toBeNull()
    const left = await pool.query('select from staff_session where id = $1', [rows[0]?.id])
    expect(left.rowCount).toBe(0)
    expect(await who(person.cookie)).toBe('ops@demo.test')
  })

  test('is nobody in the very next request after a sign-out elsewhere', async () => {
    const other = await signIn(app.url, 'viewer@demo.test', DEMO_PASSWORD)
    expect(await who(other.cookie)).toBe('viewer@demo.test')
    await app.paydesk.deps.store.staff.endSessionsOf(other.userId)
    expect(await who(other.cookie)).toBeNull()
  })
})

test('a token that is signed with another secret is none', () => {
  const options = { name: 'paydesk_session', secret: 'right' }
  const cookie = (secret: string): Headers => {
    const signature = createHmac('sha256', secret).update('token').digest('base64')
    return new Headers({ cookie: `paydesk_session=${encodeURIComponent(`token.${signature}`)}` })
  }
  expect(sessionToken(cookie('right'), options)).toBe('token')
  expect(sessionToken(cookie('wrong'), options)).toBeNull()
})
