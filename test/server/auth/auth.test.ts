import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEMO_PASSWORD } from '../../../server/demo.ts'
import { createTestApp, postSignIn, signIn, trpcClient, type TestApp } from '../../support/app.ts'

let app: TestApp
/** Moves the application's clock ahead of the real one. */
let aheadMs = 0

beforeAll(async () => {
  app = await createTestApp({ clock: { now: () => new Date(Date.now() + aheadMs) } })
})

afterAll(() => app.close())

async function rows(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const result = await app.paydesk.database.pool.query<Record<string, unknown>>(text, values)
  return result.rows
}

async function auditOf(action: string, subjectId: string) {
  return rows(
    'select actor_kind, outcome, reason from audit_entry where action = $1 and subject_id = $2 order by id',
    [action, subjectId],
  )
}

describe('signing in', () => {
  test('gives a strict cookie that scripts cannot read, and no token in the body', async () => {
    const reply = await postSignIn(app.url, 'finance@demo.test', DEMO_PASSWORD)
    const [cookie = ''] = reply.headers.getSetCookie()
    expect(reply.status).toBe(200)
    expect(cookie).toMatch(/^paydesk_session=/)
    expect(cookie).toMatch(/; HttpOnly/)
    expect(cookie).toMatch(/; SameSite=Strict/)
    expect(cookie).toMatch(/; Path=\//)
    expect(cookie).not.toMatch(/Domain=/)
    const token = decodeURIComponent(cookie.split(';')[0]?.split('=')[1] ?? '').split('.')[0] ?? ''
    expect(token.length).toBeGreaterThanOrEqual(32)
    expect(await reply.text()).not.toContain(token)
  })

  test('the address is the same in any case', async () => {
    expect((await postSignIn(app.url, 'Finance@Demo.Test', DEMO_PASSWORD)).status).toBe(200)
  })

  test('the database holds the hash of the token, never the token', async () => {
    const { cookie } = await signIn(app.url, 'ops@demo.test', DEMO_PASSWORD)
    const token = decodeURIComponent(cookie.split('=')[1] ?? '').split('.')[0] ?? ''
    const stored = (await rows('select token from staff_session')).map((row) => row['token'])
    expect(stored).toContain(createHash('sha256').update(token).digest('base64url'))
    expect(stored).not.toContain(token)
  })

  test('a stolen hash is not a key: the stored value does not sign anybody in', async () => {
    const { cookie } = await signIn(app.url, 'ops@demo.test', DEMO_PASSWORD)
    const [name, value = ''] = cookie.split('=')
    const [token = '', ...signature] = decodeURIComponent(value).split('.')
    const hash = createHash('sha256').update(token).digest('base64url')
    const forged = `${name}=${encodeURIComponent([hash, ...signature].join('.'))}`
    expect(await trpcClient(app.url, cookie).session.get.query()).not.toBeNull()
    expect(await trpcClient(app.url, forged).session.get.query()).toBeNull()
  })

  test('a new session each time: an older cookie is not taken over', async () => {
    const first = await signIn(app.url, 'viewer@demo.test', DEMO_PASSWORD)
    const second = await signIn(app.url, 'viewer@demo.test', DEMO_PASSWORD)
    expect(second.cookie).not.toBe(first.cookie)
  })

  test('success, failure and sign-out are audited', async () => {
    await postSignIn(app.url, 'auditor@demo.test', 'not the password')
    const person = await signIn(app.url, 'auditor@demo.test', DEMO_PASSWORD)
    await person.fetch('/api/auth/sign-out', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    expect(await auditOf('session.sign_in', 'auditor@demo.test')).toEqual([
      { actor_kind: 'anonymous', outcome: 'refused', reason: 'wrong_details' },
      { actor_kind: 'user', outcome: 'done', reason: null },
    ])
    expect(await auditOf('session.sign_out', 'auditor@demo.test')).toHaveLength(1)
    expect(await person.trpc.session.get.query()).toBeNull()
  })

  test('an unknown address and a wrong password are answered alike', async () => {
    const replies = [
      await postSignIn(app.url, 'nobody@demo.test', DEMO_PASSWORD),
      await postSignIn(app.url, 'developer@demo.test', 'wrong password here'),
    ]
    const bodies = await Promise.all(replies.map((reply) => reply.text()))
    const plain = bodies.map((body) => body.replace(/"requestId":"[^"]+"/, ''))
    expect(replies.map((reply) => reply.status)).toEqual([401, 401])
    expect(plain[0]).toBe(plain[1])
    expect(plain[0]).toContain('Email or password is not right.')
  })

  test('is refused from another site, before the password is looked at', async () => {
    const reply = await fetch(`${app.url}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'cross-site' },
      body: JSON.stringify({ email: 'finance@demo.test', password: DEMO_PASSWORD }),
    })
    expect(reply.status).toBe(403)
    expect(reply.headers.getSetCookie()).toEqual([])
  })

  test('nobody can sign up, and the library’s other routes are not there', async () => {
    for (const path of [
      'sign-up/email',
      'get-session',
      'update-user',
      'change-email',
      'list-sessions',
      'ok',
    ]) {
      const reply = await fetch(`${app.url}/api/auth/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
        body: JSON.stringify({ email: 'new@demo.test', password: 'long-enough-password', name: 'New' }),
      })
      expect([path, reply.status]).toEqual([path, 404])
    }
    expect(await rows(`select id from staff_user where email = 'new@demo.test'`)).toEqual([])
  })

  test('ten wrong passwords pause this address on this machine, also for the right one', async () => {
    for (let attempt = 0; attempt < 10; attempt++) {
      expect((await postSignIn(app.url, 'support@demo.test', `wrong password ${attempt}`)).status).toBe(401)
    }
    const paused = await postSignIn(app.url, 'support@demo.test', DEMO_PASSWORD)
    expect(paused.status).toBe(429)
    expect(paused.headers.get('retry-after')).toBe('1800')
    expect((await postSignIn(app.url, 'approver@demo.test', DEMO_PASSWORD)).status).toBe(200)
    aheadMs += 31 * 60_000
    expect((await postSignIn(app.url, 'support@demo.test', DEMO_PASSWORD)).status).toBe(200)
    aheadMs = 0
  })
})

describe('a session', () => {
  test('ends after half an hour without activity, and is gone from the database', async () => {
    const person = await signIn(app.url, 'developer@demo.test', DEMO_PASSWORD)
    aheadMs = 29 * 60_000
    expect(await person.trpc.session.get.query()).not.toBeNull()
    aheadMs = 58 * 60_000
    expect(await person.trpc.session.get.query()).not.toBeNull()
    aheadMs = 89 * 60_000
    expect(await person.trpc.session.get.query()).toBeNull()
    aheadMs = 58 * 60_000
    expect(await person.trpc.session.get.query()).toBeNull()
    aheadMs = 0
  })

  test('is not kept by what the page does by itself: calls nobody caused, and the live feed', async () => {
    aheadMs = 0
    const { cookie } = await signIn(app.url, 'finance@demo.test', DEMO_PASSWORD)
    const get = async (minutes: number, headers: Record<string, string>) => {
      aheadMs = minutes * 60_000
      const abort = new AbortController()
      const path = 'accept' in headers ? 'events.live' : 'session.counts'
      const reply = await fetch(`${app.url}/trpc/${path}`, {
        headers: { cookie, 'sec-fetch-site': 'same-origin', ...headers },
        signal: abort.signal,
      })
      abort.abort()
      return reply.status
    }
    expect(await get(10, {})).toBe(200)
    expect(await get(25, { 'x-paydesk-passive': '1' })).toBe(200)
    expect(await get(39, { accept: 'text/event-stream' })).toBe(200)
    expect(await get(40, { 'x-paydesk-passive': '1' })).toBe(401)
    expect(await get(0, {})).toBe(401)
  })

  test('ends twelve hours after sign-in, however busy', async () => {
    const person = await signIn(app.url, 'developer@demo.test', DEMO_PASSWORD)
    for (let minutes = 25; minutes < 720; minutes += 25) {
      aheadMs = minutes * 60_000
      expect(await person.trpc.session.get.query()).not.toBeNull()
    }
    aheadMs = 720 * 60_000 + 5_000
    expect(await person.trpc.session.get.query()).toBeNull()
    aheadMs = 0
  })

  test('of a disabled person dies at once, everywhere, and there is no new one', async () => {
    const admin = await app.as('admin')
    const [laptop, phone] = [
      await signIn(app.url, 'viewer@demo.test', DEMO_PASSWORD),
      await signIn(app.url, 'viewer@demo.test', DEMO_PASSWORD),
    ]
    await admin.trpc.users.setDisabled.mutate({ userId: laptop.userId, disabled: true })
    expect(await laptop.trpc.session.get.query()).toBeNull()
    expect(await phone.trpc.session.get.query()).toBeNull()
    expect((await postSignIn(app.url, 'viewer@demo.test', DEMO_PASSWORD)).status).toBe(403)
    expect((await postSignIn(app.url, 'viewer@demo.test', 'a wrong password')).status).toBe(401)
    await admin.trpc.users.setDisabled.mutate({ userId: laptop.userId, disabled: false })
    expect((await postSignIn(app.url, 'viewer@demo.test', DEMO_PASSWORD)).status).toBe(200)
    expect(await laptop.trpc.session.get.query()).toBeNull()
  })

  test('of somebody disabled in the database alone is refused at the next request', async () => {
    const person = await signIn(app.url, 'ops@demo.test', DEMO_PASSWORD)
    await rows('update staff_user set disabled = true where id = $1', [person.userId])
    expect(await person.trpc.session.get.query()).toBeNull()
    await rows('update staff_user set disabled = false where id = $1', [person.userId])
    expect(await person.trpc.session.get.query()).toBeNull()
  })

  test('carries the role of this moment, not of the sign-in', async () => {
    const admin = await app.as('admin')
    const person = await signIn(app.url, 'ops@demo.test', DEMO_PASSWORD)
    await expect(person.trpc.audit.actions.query()).rejects.toThrow(
      'Your role (Operations) cannot read the audit log.',
    )
    await admin.trpc.users.setRole.mutate({ userId: person.userId, role: 'auditor' })
    expect(await person.trpc.audit.actions.query()).toContain('staff.set_role')
    await admin.trpc.users.setRole.mutate({ userId: person.userId, role: 'ops' })
  })

  test('with a tampered signature is nobody', async () => {
    const { cookie } = await signIn(app.url, 'ops@demo.test', DEMO_PASSWORD)
    const broken = cookie.replace(/.{4}$/, 'AAAA')
    expect(await trpcClient(app.url, broken).session.get.query()).toBeNull()
  })
})

describe('people', () => {
  test('an admin cannot change their own access, nor remove the last admin', async () => {
    const admin = await app.as('admin')
    const self = { userId: admin.userId }
    await expect(admin.trpc.users.setRole.mutate({ ...self, role: 'viewer' })).rejects.toThrow(
      'your own access',
    )
    await expect(admin.trpc.users.setDisabled.mutate({ ...self, disabled: true })).rejects.toThrow(
      'your own access',
    )
  })

  test('two admins who demote each other at the same moment leave one', async () => {
    const admin = await app.as('admin')
    const other = await admin.trpc.users.create.mutate({
      name: 'Second Admin',
      email: 'second.admin@demo.test',
      role: 'admin',
      password: 'another-long-password',
    })
    const second = await signIn(app.url, 'second.admin@demo.test', 'another-long-password')
    const results = await Promise.allSettled([
      admin.trpc.users.setRole.mutate({ userId: other.id, role: 'viewer' }),
      second.trpc.users.setRole.mutate({ userId: admin.userId, role: 'viewer' }),
    ])
    const admins = await rows(`select user_id from membership where role = 'admin'`)
    expect(admins).toHaveLength(1)
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
    await rows(`update membership set role = 'admin' where user_id = $1`, [admin.userId])
  })

  test('an address exists once, whatever its case', async () => {
    const admin = await app.as('admin')
    const person = { name: 'Again', role: 'viewer', password: 'another-long-password' } as const
    await expect(admin.trpc.users.create.mutate({ ...person, email: 'FINANCE@demo.test' })).rejects.toThrow(
      'exists already',
    )
    await expect(
      admin.trpc.users.create.mutate({ ...person, email: 'x@demo.test', password: 'short' }),
    ).rejects.toThrow()
  })
})
