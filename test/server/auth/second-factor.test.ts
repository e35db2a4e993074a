/** Codes of an app as the second factor: each good once, in the hand of its owner, within its minute. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { codeOf, stepAt } from '../../../server/auth/totp.ts'
import { DEMO_PASSWORD } from '../../../server/demo.ts'
import type { Role } from '../../../server/domain/permission.ts'
import { createTestApp, postSignIn, signIn, trpcClient, type TestApp } from '../../support/app.ts'

const MINUTE = 60_000

let app: TestApp
let aheadMs = 0
const now = () => new Date(Date.now() + aheadMs)

beforeAll(async () => {
  app = await createTestApp({ clock: { now } })
})

beforeEach(async () => {
  aheadMs = 0
  await rows('delete from second_factor')
  await rows('delete from sign_in_try')
  await rows('update merchant_account set second_factor_for_money = false')
})

afterAll(() => app.close())

async function rows(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  return (await app.paydesk.database.pool.query<Record<string, unknown>>(text, values)).rows
}

const post = (path: string, cookie: string, body: unknown) =>
  fetch(`${app.url}${path}`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify(body),
  })

const cookiesOf = (reply: Response) =>
  reply.headers
    .getSetCookie()
    .map((line) => line.split(';')[0] ?? '')
    .filter((cookie) => !cookie.endsWith('='))
    .join('; ')

const refusalOf = (call: Promise<unknown>) =>
  call.then(
    () => 'done',
    (error: unknown) => String(Reflect.get(Object(Reflect.get(Object(error), 'data')), 'refusal')?.code),
  )

/** Somebody whose app is set up; `code` is what it shows, `next` what it will show half a minute later. */
async function withApp(role: Role) {
  const person = await signIn(app.url, `${role}@demo.test`, DEMO_PASSWORD)
  const { secret } = await person.trpc.secondFactor.begin.mutate()
  const key = fromBase32(secret)
  const shown = (steps = 0) => codeOf(key, stepAt(now()) + BigInt(steps))
  const { recoveryCodes } = await person.trpc.secondFactor.confirm.mutate({ code: shown() })
  // The code that switched it on is used up; the next half minute has another.
  aheadMs += 30_000
  const enter = async () => cookiesOf(await postSignIn(app.url, `${role}@demo.test`, DEMO_PASSWORD))
  return { ...person, shown, recoveryCodes, enter }
}

function fromBase32(text: string): Buffer {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = Array.from(text, (letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}

describe('signing in with a second step', () => {
  test('a right password opens nothing by itself; with the code it does', async () => {
    const ops = await withApp('ops')
    const reply = await postSignIn(app.url, 'ops@demo.test', DEMO_PASSWORD)
    expect(await reply.json()).toEqual({ secondStep: true })
    const [cookie = ''] = reply.headers.getSetCookie()
    expect(cookie).toMatch(/^paydesk_second_step=.*HttpOnly; SameSite=Strict/)
    const between = cookiesOf(reply)
    expect(await trpcClient(app.url, between).session.get.query()).toBeNull()

    const done = await post('/api/auth/sign-in/code', between, { code: ops.shown() })
    expect(done.status).toBe(200)
    expect(await trpcClient(app.url, cookiesOf(done)).session.get.query()).toMatchObject({
      hasSecondFactor: true,
    })
    // The wait is over: its cookie begins nothing any more.
    aheadMs += 30_000
    expect((await post('/api/auth/sign-in/code', between, { code: ops.shown() })).status).toBe(401)
  })

  test('a code is good once, for two windows that are open at the same time too', async () => {
    const ops = await withApp('ops')
    const [first, second] = [await ops.enter(), await ops.enter()]
    const code = ops.shown()
    expect((await post('/api/auth/sign-in/code', first, { code })).status).toBe(200)
    expect((await post('/api/auth/sign-in/code', second, { code })).status).toBe(401)
    // Nor is the code of the half minute before, though drift would allow it.
    expect((await post('/api/auth/sign-in/code', second, { code: ops.shown(-1) })).status).toBe(401)
    expect((await post('/api/auth/sign-in/code', second, { code: ops.shown(1) })).status).toBe(200)
  })

  test('a code or a recovery code that a thousand use at the same moment is used by exactly one', async () => {
    const ops = await withApp('ops')
    const { secondFactors } = app.paydesk.auth
    const use = async (code: string) => {
      const results: unknown[] = []
      for (let wave = 0; wave < 10; wave++) {
        results.push(
          ...(await Promise.all(Array.from({ length: 100 }, () => secondFactors.use(ops.userId, code)))),
        )
      }
      return results.filter((result) => result !== null)
    }
    expect(await use(ops.shown())).toEqual(['app'])
    expect(await use(ops.recoveryCodes[0] ?? '')).toEqual(['recovery'])
  })

  test('a recovery code signs in once, however it is typed', async () => {
    const ops = await withApp('ops')
    const [code = ''] = ops.recoveryCodes
    const typed = ` ${code.toUpperCase().replaceAll('-', ' ')} `
    expect((await post('/api/auth/sign-in/code', await ops.enter(), { code: typed })).status).toBe(200)
    expect((await post('/api/auth/sign-in/code', await ops.enter(), { code })).status).toBe(401)
    expect(
      await rows('select 1 from recovery_code where used_at is null and user_id = $1', [ops.userId]),
    ).toHaveLength(9)
  })

  test('the second step has to come within five minutes', async () => {
    const ops = await withApp('ops')
    const between = await ops.enter()
    aheadMs += 5 * MINUTE + 1_000
    expect((await post('/api/auth/sign-in/code', between, { code: ops.shown() })).status).toBe(401)
  })

  test('guesses are counted with wrong passwords, however many at once; then the right code waits too', async () => {
    const ops = await withApp('ops')
    const between = await ops.enter()
    const wrong = ops.shown() === '000000' ? '111111' : '000000'
    const replies = await Promise.all(
      Array.from({ length: 30 }, () => post('/api/auth/sign-in/code', between, { code: wrong })),
    )
    const looked = replies.filter((reply) => reply.status === 401).length
    expect(looked).toBeLessThanOrEqual(10)
    expect(replies.filter((reply) => reply.ok)).toEqual([])
    // Tries that saw each other may all have been turned away; what is left of the ten can still be used, and no more.
    for (let at = looked; at < 10; at++)
      expect((await post('/api/auth/sign-in/code', between, { code: wrong })).status).toBe(401)
    expect((await post('/api/auth/sign-in/code', between, { code: ops.shown() })).status).toBe(429)
  })

  test('somebody who is disabled between the two steps stays outside', async () => {
    const ops = await withApp('ops')
    const between = await ops.enter()
    await rows('update staff_user set disabled = true where id = $1', [ops.userId])
    expect((await post('/api/auth/sign-in/code', between, { code: ops.shown() })).status).toBe(403)
    await rows('update staff_user set disabled = false where id = $1', [ops.userId])
  })
})

describe('the factor itself', () => {
  test('is kept sealed, and recovery codes as keyed hashes', async () => {
    const ops = await withApp('ops')
    const stored = JSON.stringify(await rows('select * from second_factor natural join recovery_code'))
    for (const code of ops.recoveryCodes) {
      expect(stored).not.toContain(code)
      expect(stored).not.toContain(code.replaceAll('-', ''))
    }
  })

  test('a wrong first code switches nothing on', async () => {
    const person = await signIn(app.url, 'ops@demo.test', DEMO_PASSWORD)
    await person.trpc.secondFactor.begin.mutate()
    expect(await refusalOf(person.trpc.secondFactor.confirm.mutate({ code: '000000' }))).toBe('invalid_input')
    expect((await person.trpc.secondFactor.state.query()).on).toBe(false)
  })

  test('once on, it cannot be set up anew over the old one, and setting it up ends the other windows', async () => {
    const other = await signIn(app.url, 'ops@demo.test', DEMO_PASSWORD)
    const ops = await withApp('ops')
    expect(await other.trpc.session.get.query()).toBeNull()
    expect(await refusalOf(ops.trpc.secondFactor.begin.mutate())).toBe('conflict')
  })

  test('who has it steps up with a code, not with the password', async () => {
    const ops = await withApp('ops')
    expect((await post('/api/auth/step-up', ops.cookie, { password: DEMO_PASSWORD })).status).toBe(401)
    const code = ops.shown()
    const reply = await post('/api/auth/step-up', ops.cookie, { code })
    expect(reply.status).toBe(200)
    expect((await post('/api/auth/step-up', cookiesOf(reply), { code })).status).toBe(401)
    // Without the app at hand a recovery code will do, once.
    const [spare = ''] = ops.recoveryCodes
    const again = await post('/api/auth/step-up', cookiesOf(reply), { code: spare })
    expect(again.status).toBe(200)
    expect((await post('/api/auth/step-up', cookiesOf(again), { code: spare })).status).toBe(401)
  })

  test('another admin can reset it, nobody their own; the person is signed out and it is audited', async () => {
    const ops = await withApp('ops')
    aheadMs = 0
    const admin = await signIn(app.url, 'admin@demo.test', DEMO_PASSWORD)
    expect(await refusalOf(admin.trpc.secondFactor.reset.mutate({ userId: admin.userId }))).toBe('conflict')
    await admin.trpc.secondFactor.reset.mutate({ userId: ops.userId })
    expect(await ops.trpc.session.get.query()).toBeNull()
    expect((await postSignIn(app.url, 'ops@demo.test', DEMO_PASSWORD)).status).toBe(200)
    expect(
      await rows(`select actor_id, subject_id from audit_entry where action = 'second_factor.remove'
        order by id desc limit 1`),
    ).toEqual([{ actor_id: admin.userId, subject_id: ops.userId }])
  })
})

describe('where the account asks for a second factor', () => {
  const ask = (cookie: string) =>
    refusalOf(
      trpcClient(app.url, cookie).refunds.request.mutate({
        orderId: '00000000-0000-4000-8000-00000000dead',
        version: 1,
        clientKey: crypto.randomUUID(),
        amountMinor: 100n,
        currency: 'INR',
        reason: 'item_returned',
        note: null,
        confirmSameAmount: false,
      }),
    )

  test('whoever has none moves no money, and does after setting it up', async () => {
    const admin = await signIn(app.url, 'admin@demo.test', DEMO_PASSWORD)
    const finance = await signIn(app.url, 'finance@demo.test', DEMO_PASSWORD)
    expect(await ask(finance.cookie)).toBe('not_found')
    await admin.trpc.secondFactor.setRule.mutate({ required: true })
    expect(await ask(finance.cookie)).toBe('second_factor_needed')
    // The admin who said so as well: the rule is no one's exception.
    expect(await refusalOf(admin.trpc.secondFactor.setRule.mutate({ required: false }))).toBe(
      'second_factor_needed',
    )
    expect(await ask((await withApp('finance')).cookie)).toBe('not_found')
  })

  test('a production account always asks, and its rule cannot be taken away', async () => {
    const finance = await withApp('finance')
    const viewer = await signIn(app.url, 'support@demo.test', DEMO_PASSWORD)
    const admin = await withApp('admin')
    await rows(`update merchant_account set environment = 'production'`)
    try {
      expect(await ask(viewer.cookie)).toBe('second_factor_needed')
      expect(await ask(finance.cookie)).toBe('not_found')
      expect(await refusalOf(admin.trpc.secondFactor.setRule.mutate({ required: false }))).toBe('conflict')
    } finally {
      await rows(`update merchant_account set environment = 'sandbox'`)
    }
  })
})
