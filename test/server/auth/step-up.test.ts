/** Acts on money and power want a proof of who it is that is at most five minutes old. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { DEMO_PASSWORD } from '../../../server/demo.ts'
import { createTestApp, signIn, trpcClient, type SignedIn, type TestApp } from '../../support/app.ts'

const MINUTE = 60_000

let app: TestApp
let aheadMs = 0

beforeAll(async () => {
  app = await createTestApp({ clock: { now: () => new Date(Date.now() + aheadMs) } })
})

beforeEach(() => {
  aheadMs = 0
})

afterAll(() => app.close())

async function rows(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  return (await app.paydesk.database.pool.query<Record<string, unknown>>(text, values)).rows
}

const stepUp = (person: SignedIn, body: unknown) =>
  person.fetch('/api/auth/step-up', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

const cookieOf = (reply: Response) => reply.headers.getSetCookie()[0]?.split(';')[0] ?? ''
const enter = (role: string) => signIn(app.url, `${role}@demo.test`, DEMO_PASSWORD)

const disableNobody = { userId: '00000000-0000-4000-8000-00000000dead', disabled: true }
/** The refusal code of an act that wants a step-up; with one, it finds that there is no such person. */
const codeOf = (cookie: string) =>
  trpcClient(app.url, cookie)
    .users.setDisabled.mutate(disableNobody)
    .then(
      () => 'done',
      (error: unknown) => String(Reflect.get(Object(Reflect.get(Object(error), 'data')), 'refusal')?.code),
    )

describe('an act that wants a step-up', () => {
  test('is let through for five minutes after sign-in, and not a moment longer', async () => {
    const admin = await enter('admin')
    aheadMs = 5 * MINUTE - 5_000
    expect(await codeOf(admin.cookie)).toBe('not_found')
    aheadMs = 5 * MINUTE + 5_000
    expect(await codeOf(admin.cookie)).toBe('step_up_needed')
  })

  test('is let through again after a step-up, for five minutes more', async () => {
    const admin = await enter('admin')
    aheadMs = 20 * MINUTE
    expect(await codeOf(admin.cookie)).toBe('step_up_needed')
    const reply = await stepUp(admin, { password: DEMO_PASSWORD })
    expect(reply.status).toBe(200)
    const renewed = cookieOf(reply)
    expect(await codeOf(renewed)).toBe('not_found')
    aheadMs = 25 * MINUTE + 5_000
    expect(await codeOf(renewed)).toBe('step_up_needed')
  })

  test('its refusal is audited once, with who and what', async () => {
    const admin = await enter('admin')
    aheadMs = 6 * MINUTE
    const count = () =>
      rows(
        `select reason from audit_entry where action = 'users.setDisabled' and reason like 'step_up_needed%' and actor_id = $1`,
        [admin.userId],
      )
    const before = (await count()).length
    await codeOf(admin.cookie)
    expect(await count()).toHaveLength(before + 1)
  })

  test('to approve wants one, to reject does not', async () => {
    const approver = await enter('approver')
    aheadMs = 6 * MINUTE
    const decide = (decision: 'approve' | 'reject') =>
      approver.trpc.approvals.decide.mutate({
        requestId: disableNobody.userId,
        decision,
        note: 'No',
        approvalHash: '0'.repeat(64),
      })
    await expect(decide('approve')).rejects.toMatchObject({ data: { refusal: { code: 'step_up_needed' } } })
    await expect(decide('reject')).rejects.toMatchObject({ data: { refusal: { code: 'not_found' } } })
  })

  test('a refund above the line of the policy wants one, a smaller one does not', async () => {
    const finance = await enter('finance')
    aheadMs = 6 * MINUTE
    const ask = (amountMinor: bigint) =>
      finance.trpc.refunds.request.mutate({
        orderId: disableNobody.userId,
        version: 1,
        clientKey: crypto.randomUUID(),
        amountMinor,
        currency: 'INR',
        reason: 'item_returned',
        note: null,
        confirmSameAmount: false,
      })
    await expect(ask(1_000_001n)).rejects.toMatchObject({ data: { refusal: { code: 'step_up_needed' } } })
    await expect(ask(1_000_000n)).rejects.toMatchObject({ data: { refusal: { code: 'not_found' } } })

    aheadMs = 0
    const { trpc } = await enter('admin')
    const policy = await trpc.settings.policy.query()
    await trpc.settings.setPolicy.mutate({ ...policy, stepUpAboveMinor: 500n })
    aheadMs = 6 * MINUTE
    await expect(ask(501n)).rejects.toMatchObject({ data: { refusal: { code: 'step_up_needed' } } })
    await expect(ask(500n)).rejects.toMatchObject({ data: { refusal: { code: 'not_found' } } })
  })
})

describe('a step-up', () => {
  test('gives another token; the old one proves nothing and is dead after some seconds', async () => {
    const admin = await enter('admin')
    const renewed = cookieOf(await stepUp(admin, { password: DEMO_PASSWORD }))
    expect(renewed).not.toBe(admin.cookie)
    // A call that was on its way is still answered, and may do nothing that wants a proof.
    expect(await admin.trpc.session.get.query()).not.toBeNull()
    expect(await codeOf(admin.cookie)).toBe('step_up_needed')
    aheadMs = 11_000
    expect(await admin.trpc.session.get.query()).toBeNull()
    expect(await trpcClient(app.url, renewed).session.get.query()).not.toBeNull()
  })

  test('with the old token after another step-up brings nobody in', async () => {
    const admin = await enter('admin')
    await stepUp(admin, { password: DEMO_PASSWORD })
    aheadMs = 11_000
    expect((await stepUp(admin, { password: DEMO_PASSWORD })).status).toBe(401)
  })

  test('does not make the session last longer than the first one would have', async () => {
    const admin = await enter('admin')
    aheadMs = 20 * MINUTE
    const renewed = trpcClient(app.url, cookieOf(await stepUp(admin, { password: DEMO_PASSWORD })))
    // Somebody who was busy all day.
    await rows(`update staff_session set updated_at = now() + interval '12 hours' where user_id = $1`, [
      admin.userId,
    ])
    aheadMs = 719 * MINUTE
    expect(await renewed.session.get.query()).not.toBeNull()
    aheadMs = 720 * MINUTE + 5_000
    expect(await renewed.session.get.query()).toBeNull()
  })

  test('keeps the account that the session works on, and the token only as a hash', async () => {
    const admin = await enter('admin')
    await admin.trpc.session.switchAccount.mutate({ slug: 'demo' })
    const renewed = cookieOf(await stepUp(admin, { password: DEMO_PASSWORD }))
    const token = decodeURIComponent(renewed.split('=')[1] ?? '').split('.')[0] ?? ''
    const hash = createHash('sha256').update(token).digest('base64url')
    expect(await rows('select active_account_id from staff_session where token = $1', [hash])).toEqual([
      { active_account_id: app.accountId },
    ])
    expect(await rows('select 1 from staff_session where token = $1', [token])).toEqual([])
  })

  test('with a wrong password is refused, audited, and changes nothing', async () => {
    const admin = await enter('admin')
    aheadMs = 6 * MINUTE
    const reply = await stepUp(admin, { password: 'not the password' })
    expect(reply.status).toBe(401)
    expect(reply.headers.getSetCookie()).toEqual([])
    expect(await codeOf(admin.cookie)).toBe('step_up_needed')
    expect(
      await rows(
        `select outcome, reason from audit_entry where action = 'session.step_up' order by id desc limit 1`,
      ),
    ).toEqual([{ outcome: 'refused', reason: 'wrong_details' }])
  })

  test('from another site, by nobody, or with fields that do not belong is refused', async () => {
    const admin = await enter('admin')
    const foreign = await admin.fetch('/api/auth/step-up', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'cross-site' },
      body: JSON.stringify({ password: DEMO_PASSWORD }),
    })
    expect(foreign.status).toBe(403)
    const nobody = await fetch(`${app.url}/api/auth/step-up`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
      body: JSON.stringify({ password: DEMO_PASSWORD }),
    })
    expect(nobody.status).toBe(401)
    expect((await stepUp(admin, { password: DEMO_PASSWORD, userId: 'somebody' })).status).toBe(400)
  })

  test('of a disabled person is refused at once', async () => {
    const ops = await enter('ops')
    await rows('update staff_user set disabled = true where id = $1', [ops.userId])
    expect((await stepUp(ops, { password: DEMO_PASSWORD })).status).toBe(401)
    await rows('update staff_user set disabled = false where id = $1', [ops.userId])
  })
})

describe('the pause after wrong passwords', () => {
  test('holds however many come at the same moment: no more than ten are looked at', async () => {
    const person = await enter('support')
    const replies = await Promise.all(
      Array.from({ length: 30 }, (_, at) => stepUp(person, { password: `guess number ${at}` })),
    )
    const looked = replies.filter((reply) => reply.status === 401).length
    expect(looked).toBeLessThanOrEqual(10)
    expect(replies.filter((reply) => reply.ok)).toEqual([])
    // Tries that saw each other may all have been turned away; what is left of the ten can still be used, and no more.
    for (let at = looked; at < 10; at++)
      expect((await stepUp(person, { password: `one more guess ${at}` })).status).toBe(401)
    expect((await stepUp(person, { password: DEMO_PASSWORD })).status).toBe(429)
  })

  test('sign-in and step-up share it, and it ends after half an hour', async () => {
    const person = await enter('developer')
    for (let at = 0; at < 10; at++)
      expect((await stepUp(person, { password: `wrong password ${at}` })).status).toBe(401)
    await expect(enter('developer')).rejects.toThrow('429')
    expect((await stepUp(person, { password: DEMO_PASSWORD })).status).toBe(429)
    aheadMs = 29 * MINUTE
    await expect(enter('developer')).rejects.toThrow('429')
    aheadMs = 31 * MINUTE
    expect((await enter('developer')).cookie).not.toBe('')
  })
})
