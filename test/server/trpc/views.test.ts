/** Saved views and display choices: whose they are, who sees them, and what is written down about them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestApp, type SignedIn, type TestApp } from '../../support/app.ts'

let app: TestApp
let finance: SignedIn
let viewer: SignedIn
let admin: SignedIn

const STATE = {
  q: 'status:failed',
  t: '-7d',
  sort: '-amount',
  cols: ['order', 'amount', 'status', 'error'],
  widths: { error: 240 },
  density: 'compact' as const,
}

beforeAll(async () => {
  app = await createTestApp()
  finance = await app.as('finance')
  viewer = await app.as('viewer')
  admin = await app.as('admin')
})

afterAll(() => app.close())

const named = async (person: SignedIn, name: string) => {
  const views = await person.trpc.views.list.query()
  return views.find((view) => view.name === name)
}

async function make(name: string, shared = false): Promise<string> {
  const { id } = await finance.trpc.views.create.mutate({ name, shared, state: STATE })
  return id
}

describe('a saved view', () => {
  test('comes back as it was saved, to its owner alone', async () => {
    await make('Failed this week')
    expect(await named(finance, 'Failed this week')).toMatchObject({
      mine: true,
      shared: false,
      state: STATE,
    })
    expect(await named(viewer, 'Failed this week')).toBeUndefined()
  })

  test('that is shared is seen by others, who cannot change it', async () => {
    const viewId = await make('Shared failures', true)
    const seen = await named(viewer, 'Shared failures')
    expect(seen).toMatchObject({ mine: false, mayDelete: false, state: STATE })
    await expect(
      viewer.trpc.views.change.mutate({ viewId, basedOn: 1, state: { ...STATE, q: '' } }),
    ).rejects.toThrow(/belongs to/)
    await expect(viewer.trpc.views.delete.mutate({ viewId })).rejects.toThrow(/belongs to/)
    expect(await named(finance, 'Shared failures')).toMatchObject({ state: STATE, version: 1 })
  })

  test('of somebody else that is not shared does not exist', async () => {
    const viewId = await make('Nobody knows')
    await expect(viewer.trpc.views.change.mutate({ viewId, basedOn: 1, name: 'Mine' })).rejects.toThrow(
      /no such view/,
    )
    await expect(admin.trpc.views.delete.mutate({ viewId })).rejects.toThrow(/no such view/)
  })

  test('that is shared can be taken away by whoever manages people', async () => {
    const viewId = await make('Left behind', true)
    expect(await named(admin, 'Left behind')).toMatchObject({ mine: false, mayDelete: true })
    await admin.trpc.views.delete.mutate({ viewId })
    expect(await named(finance, 'Left behind')).toBeUndefined()
  })

  test('changes only from the version it was read at, and keeps what is not named', async () => {
    const viewId = await make('Versions')
    await finance.trpc.views.change.mutate({ viewId, basedOn: 1, name: 'Versions, renamed' })
    await expect(finance.trpc.views.change.mutate({ viewId, basedOn: 1, shared: true })).rejects.toThrow(
      /changed meanwhile/,
    )
    expect(await named(finance, 'Versions, renamed')).toMatchObject({
      shared: false,
      version: 2,
      state: STATE,
    })
  })

  test('has a name of its own among its owner’s', async () => {
    await make('Twice')
    await expect(make('Twice')).rejects.toThrow(/called Twice already/)
    const viewId = await make('Once')
    await expect(finance.trpc.views.change.mutate({ viewId, basedOn: 1, name: 'Twice' })).rejects.toThrow(
      /called Twice already/,
    )
    // Somebody else's name is no obstacle.
    await viewer.trpc.views.create.mutate({ name: 'Twice', shared: false, state: STATE })
  })

  test('leaves an audit entry when it is made, changed, taken away, and refused', async () => {
    const viewId = await make('Audited', true)
    await finance.trpc.views.change.mutate({ viewId, basedOn: 1, shared: false })
    await expect(admin.trpc.views.delete.mutate({ viewId })).rejects.toThrow()
    await finance.trpc.views.delete.mutate({ viewId })
    const { rows } = await admin.trpc.audit.list.query({ limit: 10 })
    const about = rows.filter(({ subjectId, action }) => subjectId === viewId || action === 'views.delete')
    expect(about.map(({ action, outcome }) => [action, outcome])).toEqual([
      ['view.delete', 'done'],
      ['views.delete', 'refused'],
      ['view.change', 'done'],
      ['view.create', 'done'],
    ])
  })

  test('that names a person is in the audit log without who it is', async () => {
    const state = { ...STATE, q: 'phone:9876543210' }
    const { id: viewId } = await finance.trpc.views.create.mutate({ name: 'Calls', shared: false, state })
    await finance.trpc.views.change.mutate({ viewId, basedOn: 1, name: 'Called' })
    const { rows } = await admin.trpc.audit.list.query({ limit: 10 })
    const about = JSON.stringify(rows.filter(({ subjectId }) => subjectId === viewId))
    expect(about).not.toContain('98765')
    expect(about.match(/•3210/g)).toHaveLength(3)
  })
})

describe('how a person has the list', () => {
  const chosen = { density: 'compact' as const, widths: { error: 300 }, pinned: ['all'], defaultView: null }

  test('is nothing at first, then what was chosen last, for that person alone', async () => {
    expect(await viewer.trpc.views.preference.query()).toBeNull()
    await viewer.trpc.views.savePreference.mutate({ ...chosen, density: 'default' })
    await viewer.trpc.views.savePreference.mutate(chosen)
    expect(await viewer.trpc.views.preference.query()).toEqual(chosen)
    expect(await finance.trpc.views.preference.query()).toBeNull()
  })

  test('refuses widths without end', async () => {
    const widths = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`column${i}`, 100]))
    await expect(viewer.trpc.views.savePreference.mutate({ ...chosen, widths })).rejects.toThrow()
  })
})
