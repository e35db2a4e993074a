/** Files about failed events and replays: who may take them, what is in them, and that taking them is written down. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEMO_WEBHOOK } from '../../../server/demo.ts'
import { drainEvents } from '../../../server/jobs/process-events.ts'
import { drainReplays } from '../../../server/jobs/run-replays.ts'
import { createTestApp, type TestApp } from '../../support/app.ts'

let app: TestApp

beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app.close())

async function send(body: string): Promise<void> {
  const { username, password } = DEMO_WEBHOOK
  const reply = await fetch(`${app.url}/webhooks/juspay/demo`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body,
  })
  expect(reply.status).toBe(200)
}

const HELD = JSON.stringify({
  id: 'evt_held',
  event_name: 'COFFEE_READY',
  date_created: '2026-11-20T06:00:00Z',
  content: { amount: 0, customer_email: 'asha@example.test', customer_phone: '9876543210', api_key: 'k-1' },
}).replace('"amount":0', '"amount":10.50')
const BROKEN = '{"customer_email":"asha@example.test","id":'

const OPEN = { kind: 'filter', among: 'open' }
const bodiesPath = (scope: unknown) =>
  `/downloads/event-bodies.ndjson?scope=${encodeURIComponent(typeof scope === 'string' ? scope : JSON.stringify(scope))}`
const lastEntry = async (action: string) => {
  const filter = { q: '', action, outcome: null, cursor: null, limit: 1 }
  return (await app.paydesk.deps.store.audit.list(app.accountId, filter)).rows[0]
}

describe('bodies of events', () => {
  beforeAll(async () => {
    await send(HELD)
    await send(BROKEN)
    await drainEvents(app.paydesk.deps)
  })

  test('come one a line, oldest first, masked, and the taking is audited', async () => {
    const ops = await app.as('ops')
    const reply = await ops.fetch(bodiesPath(OPEN))
    expect(reply.status).toBe(200)
    expect(reply.headers.get('content-type')).toContain('application/x-ndjson')
    expect(reply.headers.get('content-disposition')).toBe('attachment; filename="event-bodies.ndjson"')
    expect(reply.headers.get('cache-control')).toBe('no-store')
    const lines = (await reply.text())
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line))
    expect(lines).toMatchObject([
      {
        event_name: 'COFFEE_READY',
        body: {
          content: {
            amount: '10.50',
            customer_email: 'a•••@example.test',
            customer_phone: '+91 ••••• •3210',
            api_key: '[removed]',
          },
        },
      },
      { event_name: null, text: '{"customer_email":"a•••@example.test","id":' },
    ])
    expect(await lastEntry('webhook_event.download')).toMatchObject({
      outcome: 'done',
      after: { scope: OPEN },
    })
  })

  test('leave nobody’s hands who may not read payloads, and the refusal is audited', async () => {
    const viewer = await app.as('viewer')
    const reply = await viewer.fetch(bodiesPath(OPEN))
    expect(reply.status).toBe(403)
    expect(await reply.json()).toMatchObject({ error: { code: 'permission_denied' } })
    expect(await lastEntry('download')).toMatchObject({ outcome: 'refused' })
    expect((await fetch(`${app.url}${bodiesPath(OPEN)}`)).status).toBe(401)
  })

  test('are not fetched by another site', async () => {
    const ops = await app.as('ops')
    const reply = await ops.fetch(bodiesPath(OPEN), { headers: { 'sec-fetch-site': 'cross-site' } })
    expect(reply.status).toBe(403)
  })

  test.each([
    ['no scope', '', 400],
    ['a scope that is not JSON', '{', 400],
    ['a scope with a stranger in it', { kind: 'filter', drop: 'table' }, 400],
    ['ids that are none', { kind: 'events', ids: ['x'] }, 400],
    ['events that are not there', { kind: 'events', ids: ['00000000-0000-0000-0000-000000000000'] }, 404],
  ])('refuse %s in words', async (_name, scope, status) => {
    const ops = await app.as('ops')
    const reply = await ops.fetch(bodiesPath(scope))
    expect(reply.status).toBe(status)
    expect(await reply.json()).toMatchObject({ error: { message: expect.stringMatching(/\w/) } })
  })
})

describe('the events of a replay', () => {
  test('come as CSV with their effect', async () => {
    const ops = await app.as('ops')
    const job = await ops.trpc.replays.create.mutate({
      scope: { kind: 'filter' },
      requestKey: 'download-test',
    })
    await drainReplays(app.paydesk.deps)
    const reply = await ops.fetch(`/downloads/replays/${job.id}.csv`)
    expect(reply.status).toBe(200)
    expect(reply.headers.get('content-type')).toContain('text/csv')
    const bytes = Buffer.from(await reply.arrayBuffer())
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    const [head, ...lines] = bytes.toString('utf8').trimEnd().split('\r\n')
    expect(head).toBe(
      '\uFEFFno,event_id,event,order,received_at,effect,would_outcome,would_change,did_outcome,did_change,error,applied_at',
    )
    expect(lines).toHaveLength(2)
    expect(lines[0]).toContain(',COFFEE_READY,')
    expect(lines[1]).toContain(',would_fail,parse_failed,')
    expect(await lastEntry('replay_job.download')).toMatchObject({ subjectId: job.id })
  })

  test('are not found under another name', async () => {
    const ops = await app.as('ops')
    for (const name of ['00000000-0000-4000-8000-000000000000.csv', 'x.csv', '..%2Fpackage.json'])
      expect((await ops.fetch(`/downloads/replays/${name}`)).status).toBe(404)
  })
})
