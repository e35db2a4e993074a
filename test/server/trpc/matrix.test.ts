/**
 * Who may call what. The table is written by hand and compared with the router: a procedure that is not in it fails, as
 * does one whose declared access differs. Then every role calls every procedure, and nobody else does.
 */
import { TRPCError } from '@trpc/server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEMO_PASSWORD } from '../../../server/demo.ts'
import { ROLES, roleCan, type Permission, type Role } from '../../../server/domain/permission.ts'
import { Refusal } from '../../../server/domain/refusal.ts'
import { createContext, type Context } from '../../../server/trpc/context.ts'
import { createCallerFactory } from '../../../server/trpc/init.ts'
import { appRouter } from '../../../server/trpc/router.ts'
import { createTestApp, postSignIn, signIn, type TestApp } from '../../support/app.ts'

const ACCESS: Readonly<Record<string, Permission | 'public' | 'session'>> = {
  'session.get': 'public',
  'session.demo': 'public',
  'session.counts': 'session',
  'session.running': 'session',
  'session.switchAccount': 'session',
  'secondFactor.state': 'session',
  'secondFactor.begin': 'session',
  'secondFactor.confirm': 'session',
  'secondFactor.renewRecoveryCodes': 'session',
  'secondFactor.remove': 'session',
  'secondFactor.reset': 'user:manage',
  'secondFactor.setRule': 'settings:write',
  'overview.summary': 'analytics:read',
  'overview.series': 'analytics:read',
  'overview.gateways': 'analytics:read',
  'overview.methods': 'analytics:read',
  'overview.needs': 'session',
  'overview.steps': 'session',
  'orders.list': 'order:read',
  'search.find': 'order:read',
  'search.askJuspay': 'order:sync',
  'orders.total': 'order:read',
  'orders.selection': 'order:read',
  'orders.selected': 'order:read',
  'orders.count': 'order:read',
  'orders.facets': 'order:read',
  'orders.wayOut': 'order:read',
  'orders.rows': 'order:read',
  'orders.extras': 'order:read',
  'orders.get': 'order:read',
  'orders.reveal': 'order:pii',
  'orders.related': 'order:read',
  'orders.messages': 'event:payload',
  'orders.side': 'event:payload',
  'notes.list': 'order:read',
  'notes.write': 'order:note',
  'notes.edit': 'order:note',
  'notes.strike': 'order:note',
  'notes.people': 'order:note',
  'notes.forMe': 'order:read',
  'notes.markSeen': 'order:read',
  'tags.list': 'order:read',
  'tags.known': 'order:read',
  'tags.add': 'order:note',
  'tags.remove': 'order:note',
  'orders.timeline': 'order:read',
  'orders.attempts': 'order:read',
  'orders.events': 'order:read',
  'orders.checkStatus': 'order:sync',
  'orders.checkMany': 'order:sync',
  'views.list': 'order:read',
  'views.create': 'order:read',
  'views.change': 'order:read',
  'views.delete': 'order:read',
  'views.alerts': 'order:read',
  'views.setAlert': 'order:read',
  'views.stopAlert': 'order:read',
  'views.seeAlerts': 'order:read',
  'views.preference': 'order:read',
  'views.savePreference': 'order:read',
  'exports.create': 'export:create',
  'exports.list': 'export:create',
  'exports.remove': 'export:create',
  'refunds.preview': 'refund:request',
  'refunds.request': 'refund:request',
  'refunds.byKey': 'refund:request',
  'refunds.byOrder': 'order:read',
  'refunds.list': 'order:read',
  'refunds.rows': 'order:read',
  'refunds.ageing': 'order:read',
  'refunds.proposeReview': 'refund:request',
  'refunds.resolveReview': 'refund:approve',
  'refunds.retry': 'refund:request',
  'refunds.calls': 'order:read',
  'refunds.callBody': 'event:payload',
  'refunds.get': 'order:read',
  'approvals.list': 'order:read',
  'approvals.get': 'order:read',
  'approvals.decide': 'refund:approve',
  'approvals.withdraw': 'refund:request',
  'approvals.comments': 'order:read',
  'approvals.comment': 'order:read',
  'stops.inForce': 'order:read',
  'stops.history': 'settings:read',
  'stops.set': 'refund:stop',
  'stops.lift': 'settings:write',
  'bulk.list': 'order:read',
  'bulk.get': 'order:read',
  'bulk.rows': 'order:read',
  'bulk.review': 'order:read',
  'bulk.sample': 'refund:approve',
  'bulk.waiting': 'refund:approve',
  'bulk.fromOrders': 'refund:bulk',
  'bulk.rerun': 'refund:bulk',
  'bulk.mapColumns': 'refund:bulk',
  'bulk.fixRow': 'refund:bulk',
  'bulk.recheckRow': 'refund:bulk',
  'bulk.dropRow': 'refund:bulk',
  'bulk.acceptRows': 'refund:bulk',
  'bulk.dropErrors': 'refund:bulk',
  'bulk.submit': 'refund:bulk',
  'bulk.decide': 'refund:approve',
  'bulk.control': 'refund:bulk',
  'bulk.halt': 'refund:approve',
  'events.list': 'event:read',
  'events.facets': 'event:read',
  'events.wayOut': 'event:read',
  'events.live': 'event:read',
  'events.get': 'event:read',
  'events.body': 'event:payload',
  'events.related': 'event:read',
  'events.side': 'event:payload',
  'events.health': 'event:read',
  'health.webhooks': 'event:read',
  'health.safety': 'order:read',
  'health.provider': 'session',
  'rates.strip': 'event:read',
  'rates.silence': 'event:read',
  'gaps.list': 'event:read',
  'gaps.counts': 'event:read',
  'failedEvents.groups': 'event:read',
  'failedEvents.list': 'event:read',
  'failedEvents.retryNow': 'event:replay',
  'failedEvents.ignore': 'event:replay',
  'replays.preview': 'event:replay',
  'replays.create': 'event:replay',
  'replays.get': 'event:read',
  'replays.items': 'event:read',
  'replays.list': 'event:read',
  'replays.applyJob': 'event:replay',
  'replays.pause': 'event:replay',
  'replays.resume': 'event:replay',
  'replays.stop': 'event:replay',
  'recon.list': 'recon:read',
  'recon.run': 'recon:run',
  'recon.resolve': 'recon:resolve',
  'users.list': 'user:manage',
  'users.create': 'user:manage',
  'users.setRole': 'user:manage',
  'users.setDisabled': 'user:manage',
  'audit.list': 'audit:read',
  'audit.actions': 'audit:read',
  'keys.list': 'settings:read',
  'keys.add': 'settings:secrets',
  'keys.activate': 'settings:secrets',
  'keys.retire': 'settings:secrets',
  'keys.uploadToSandbox': 'settings:secrets',
  'keys.setAuthMode': 'settings:secrets',
  'keys.apiKeys': 'settings:read',
  'keys.createApiKey': 'settings:secrets',
  'keys.revokeApiKey': 'settings:secrets',
  'inspector.inspect': 'settings:read',
  'integration.overview': 'settings:read',
  'integration.testConnection': 'settings:read',
  'settings.account': 'settings:read',
  'settings.policy': 'settings:read',
  'settings.setPolicy': 'settings:write',
  'settings.policyHistory': 'settings:read',
  'settings.limitPeople': 'settings:write',
  'sandbox.info': 'sandbox:use',
  'sandbox.signInitiate': 'sandbox:use',
  'sandbox.startCheckout': 'sandbox:use',
  'sandbox.tellStep': 'sandbox:use',
  'sandbox.simulations': 'sandbox:use',
  'sandbox.simulate': 'sandbox:use',
  'sandbox.sendTestEvent': 'sandbox:use',
  'sandbox.traffic': 'sandbox:use',
}

/** Those that always want a step-up; some others want one by what is in their input (test/server/auth/step-up.test.ts). */
const STEP_UP: ReadonlySet<string> = new Set([
  'bulk.submit',
  'bulk.decide',
  'users.create',
  'users.setRole',
  'users.setDisabled',
  'settings.setPolicy',
  'stops.lift',
  'keys.add',
  'keys.activate',
  'keys.retire',
  'keys.setAuthMode',
  'keys.createApiKey',
  'keys.revokeApiKey',
  'refunds.resolveReview',
  'refunds.retry',
  'secondFactor.begin',
  'secondFactor.confirm',
  'secondFactor.renewRecoveryCodes',
  'secondFactor.remove',
  'secondFactor.reset',
  'secondFactor.setRule',
])
/** Those that move money without always wanting a step-up: where the account says so they want a second factor. */
const SECOND_FACTOR: ReadonlySet<string> = new Set([
  'refunds.request',
  'refunds.retry',
  'refunds.resolveReview',
  'approvals.decide',
])

/** Enough for those that only name one thing; the others refuse an empty input after the permission was checked. */
const INPUT: Readonly<Record<string, unknown>> = {
  'orders.list': {},
  'search.find': { text: 'ORD-1' },
  'search.askJuspay': { orderRef: 'ORD-1' },
  'orders.total': {},
  'orders.selection': {},
  'orders.selected': { token: 'none' },
  'orders.count': {},
  'orders.facets': {},
  'orders.wayOut': {},
  'refunds.list': {},
  'approvals.list': {},
  'stops.history': {},
  'bulk.list': {},
  'settings.policyHistory': {},
  'events.list': {},
  'events.facets': {},
  'events.wayOut': {},
  'events.live': {},
  'gaps.list': {},
  'failedEvents.list': {},
  'replays.list': {},
  'recon.list': {},
  'audit.list': {},
}

const createCaller = createCallerFactory(appRouter)
/** Flat at run time, by path; the library's type says otherwise. */
const procedures: readonly (readonly [string, unknown])[] = Object.entries<unknown>(appRouter._def.procedures)

function declaredAccess(procedure: unknown): unknown {
  const definition: unknown = typeof procedure === 'function' ? Reflect.get(procedure, '_def') : null
  return typeof definition === 'object' && definition !== null ? Reflect.get(definition, 'meta') : null
}

let app: TestApp

beforeAll(async () => {
  app = await createTestApp()
})

afterAll(() => app.close())

function contextOf(cookie: string): Context {
  const { deps, auth, live } = app.paydesk
  const surroundings = { deps, auth, live, closing: new AbortController().signal }
  const headers = new Headers({ cookie })
  return createContext(surroundings, { headers, requestId: 'matrix', ip: '127.0.0.1' })
}

/** Calls a procedure by its path; answers the code of the refusal, or null when the call got past the door. */
async function refusalOf(context: Context, path: string): Promise<string | null> {
  const [area = '', name = ''] = path.split('.')
  const group: unknown = Reflect.get(createCaller(context), area)
  if (typeof group !== 'function' && typeof group !== 'object') throw new Error(`no router ${area}`)
  const call: unknown = group === null ? null : Reflect.get(group, name)
  if (typeof call !== 'function') throw new Error(`no procedure ${path}`)
  try {
    await Reflect.apply(call, group, [INPUT[path]])
    return null
  } catch (error) {
    if (!(error instanceof TRPCError)) throw error
    const { cause } = error
    const door = cause instanceof Refusal && ['not_signed_in', 'permission_denied'].includes(cause.code)
    return door ? cause.code : null
  }
}

describe('the table', () => {
  test('lists every procedure, and no other', () => {
    expect(procedures.map(([path]) => path).sort()).toEqual(Object.keys(ACCESS).sort())
  })

  test('says of each what the router declares', () => {
    const declared = procedures.map(([path, procedure]) => [path, declaredAccess(procedure)])
    const expected = procedures.map(([path]) => [
      path,
      {
        access: ACCESS[path],
        ...(STEP_UP.has(path) && { stepUp: true }),
        ...(SECOND_FACTOR.has(path) && { secondFactor: true }),
      },
    ])
    expect(declared).toEqual(expected)
  })
})

describe('nobody signed in', () => {
  test.each(Object.entries(ACCESS))('%s (%s)', async (path, access) => {
    const refused = await refusalOf(contextOf(''), path)
    expect(refused).toBe(access === 'public' ? null : 'not_signed_in')
  })
})

describe('somebody who is not, or no longer, signed in', () => {
  const rows = (text: string, values: unknown[] = []) => app.paydesk.database.pool.query(text, values)

  /** Everybody who has a cookie that opens nothing. */
  const NOBODIES: Readonly<Record<string, () => Promise<string>>> = {
    disabled: async () => {
      const { cookie, userId } = await signIn(app.url, 'viewer@demo.test', DEMO_PASSWORD)
      await rows('update staff_user set disabled = true where id = $1', [userId])
      return cookie
    },
    expired: async () => {
      const { cookie, userId } = await signIn(app.url, 'admin@demo.test', DEMO_PASSWORD)
      await rows(`update staff_session set updated_at = now() - interval '31 minutes' where user_id = $1`, [
        userId,
      ])
      return cookie
    },
    'between the two steps': async () => {
      await rows(`insert into second_factor (user_id, sealed_secret, confirmed_at, created_at)
        select id, '\\x00', now(), now() from staff_user where email = 'finance@demo.test'`)
      const reply = await postSignIn(app.url, 'finance@demo.test', DEMO_PASSWORD)
      await rows('delete from second_factor')
      return reply.headers
        .getSetCookie()
        .map((line) => line.split(';')[0] ?? '')
        .join('; ')
    },
  }

  test.each(Object.keys(NOBODIES))('%s: is nobody to every procedure', async (who) => {
    const cookie = (await NOBODIES[who]?.()) ?? ''
    expect(cookie).not.toBe('')
    const answers: Record<string, string | null> = {}
    const expected: Record<string, string | null> = {}
    for (const [path, access] of Object.entries(ACCESS)) {
      answers[path] = await refusalOf(contextOf(cookie), path)
      expected[path] = access === 'public' ? null : 'not_signed_in'
    }
    expect(answers).toEqual(expected)
    await rows('update staff_user set disabled = false')
  })
})

describe.each(ROLES)('%s', (role: Role) => {
  test('may do exactly what the role carries', async () => {
    const { cookie } = await app.as(role)
    const answers: Record<string, string | null> = {}
    const expected: Record<string, string | null> = {}
    for (const [path, access] of Object.entries(ACCESS)) {
      answers[path] = await refusalOf(contextOf(cookie), path)
      const allowed = access === 'public' || access === 'session' || roleCan(role, access)
      expected[path] = allowed ? null : 'permission_denied'
    }
    expect(answers).toEqual(expected)
  })
})

test('every refusal is in the audit log once, with who, what and why', async () => {
  const { cookie, userId } = await app.as('viewer')
  const entriesOf = async (): Promise<Record<string, unknown>[]> => {
    const result = await app.paydesk.database.pool.query<Record<string, unknown>>(
      `select action, reason, request_id, ip from audit_entry where actor_id = $1 and outcome = 'refused' order by id`,
      [userId],
    )
    return result.rows
  }
  const before = (await entriesOf()).length
  await refusalOf(contextOf(cookie), 'refunds.request')
  await refusalOf(contextOf(cookie), 'audit.list')
  await refusalOf(contextOf(cookie), 'orders.list')
  expect((await entriesOf()).slice(before)).toEqual([
    {
      action: 'refunds.request',
      reason: 'permission_denied: Your role (Viewer) cannot request refunds.',
      request_id: 'matrix',
      ip: '127.0.0.1',
    },
    {
      action: 'audit.list',
      reason: 'permission_denied: Your role (Viewer) cannot read the audit log.',
      request_id: 'matrix',
      ip: '127.0.0.1',
    },
  ])
})
