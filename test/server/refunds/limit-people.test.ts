/** Whom a daily limit of their own can be given. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { StaffActor } from '../../../server/domain/actor.ts'
import { DEFAULT_POLICY } from '../../../server/domain/approval-policy.ts'
import { setPolicy } from '../../../server/services/settings/set-policy.ts'
import type { AccountRecord } from '../../../server/store/accounts.ts'
import { createAccount, createStaff } from '../../support/factories.ts'
import { buildDeps, openDatabase, type TestDeps } from '../../support/harness.ts'

let opened: Awaited<ReturnType<typeof openDatabase>>
let deps: TestDeps
let account: AccountRecord
let admin: StaffActor

beforeAll(async () => {
  opened = await openDatabase()
  deps = buildDeps({ database: opened.database })
})
beforeEach(async () => {
  account = await createAccount(opened.database)
  admin = await createStaff(opened.database, account, 'admin')
})
afterAll(() => opened.close())

const inForce = () => deps.store.refundPolicies.current(account.id)

async function limit(...people: string[]): Promise<void> {
  const { version, rules } = await inForce()
  const limits = { ...rules.limits, people: people.map((userId) => ({ userId, dayMinor: 2_000n })) }
  await setPolicy(deps, admin, { basedOn: version, rules: { ...rules, limits }, confirmOff: false })
}

const NOBODY = {
  code: 'not_found',
  message: 'A daily limit names somebody who is not on this account.',
}

test('is somebody of the account; whether another account has them is not told', async () => {
  const own = await createStaff(opened.database, account, 'finance')
  const other = await createStaff(opened.database, await createAccount(opened.database), 'finance')
  for (const userId of [other.userId, randomUUID()])
    await expect(limit(own.userId, userId)).rejects.toMatchObject(NOBODY)
  expect(await inForce()).toEqual(DEFAULT_POLICY)
  await limit(own.userId)
  expect((await inForce()).rules.limits.people).toEqual([{ userId: own.userId, dayMinor: 2_000n }])
})

test('who has left keeps it until it is taken away, and keeps nobody from changing the others', async () => {
  const [leaver, own] = [
    await createStaff(opened.database, account, 'finance'),
    await createStaff(opened.database, account, 'finance'),
  ]
  await limit(leaver.userId)
  await opened.database.pool.query('delete from membership where user_id = $1', [leaver.userId])
  await limit(leaver.userId, own.userId)
  expect((await inForce()).rules.limits.people).toHaveLength(2)
  await limit(own.userId)
  await expect(limit(own.userId, leaver.userId)).rejects.toMatchObject(NOBODY)
})
