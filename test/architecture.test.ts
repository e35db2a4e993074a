import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkArchitecture } from './support/architecture.ts'

const root = join(import.meta.dirname, '..')
const generated = ['server/store/generated', 'client/routeTree.gen.ts']

function readSources(): Map<string, string> {
  const sources = new Map<string, string>()
  const read = (path: string) => {
    if (/\.(?:tsx?|mjs)$/.test(path)) sources.set(path, readFileSync(join(root, path), 'utf8'))
  }
  const walk = (path: string) => {
    for (const entry of readdirSync(join(root, path), { withFileTypes: true })) {
      const child = `${path}/${entry.name}`
      if (generated.includes(child) || child === 'test/output') continue
      if (entry.isDirectory()) walk(child)
      else read(child)
    }
  }
  for (const folder of ['server', 'client', 'prisma', 'test']) walk(folder)
  for (const name of readdirSync(root)) read(name)
  return sources
}

describe('the house', () => {
  test('keeps its own rules', () => {
    const sources = readSources()
    // A walk that found nothing would find nothing wrong either.
    expect([...sources.keys()]).toEqual(
      expect.arrayContaining(['server/store/migrate.ts', 'test/architecture.test.ts', 'vite.config.ts']),
    )
    const complaints = checkArchitecture(sources).map(
      ({ path, line, rule, message }) => `${path}:${line} [${rule}] ${message}`,
    )
    expect(complaints.join('\n')).toBe('')
  })
})

/** Checks one planted file; answers the rules it breaks. */
const broken = (path: string, source: string) =>
  checkArchitecture(new Map([[path, source]])).map(({ rule }) => rule)

describe('imports', () => {
  test.each([
    ['server/domain/order.ts', "import { now } from 'node:perf_hooks'"],
    ['server/domain/order.ts', "import pg from 'pg'"],
    ['server/domain/order.ts', "import { z } from 'zod'"],
    ['server/domain/order.ts', "import { migrate } from '../store/migrate.ts'"],
    ['server/domain/order.ts', "import type { Log } from '../log.ts'"],
    ['server/domain/order.ts', "const store = await import('../store/migrate.ts')"],
    ['server/domain/order.ts', "import 'node:process'"],
    ['server/juspay/client.ts', "import { orders } from '../store/orders.ts'"],
    ['server/juspay/client.ts', "import type { Refund } from '../services/refunds/send-refund.ts'"],
    ['server/store/orders.ts', "import { parse } from '../juspay/wire.ts'"],
    ['server/live/feed.ts', "import { PrismaClient } from '@prisma/client'"],
    ['server/auth/session.ts', "import { send } from '../services/refunds/send-refund.ts'"],
    ['server/services/refunds/send-refund.ts', "import { client } from '../../juspay/client.ts'"],
    ['server/services/refunds/send-refund.ts', "import { type A, client } from '../../juspay/client.ts'"],
    ['server/services/refunds/send-refund.ts', "import { TRPCError } from '@trpc/server'"],
    ['server/webhooks/receive.ts', "import { client } from '../juspay/client.ts'"],
    ['server/webhooks/receive.ts', "import { router } from '../trpc/router.ts'"],
    ['server/trpc/init.ts', "import { client } from '../juspay/client.ts'"],
    ['server/trpc/init.ts', "import { Prisma } from '@prisma/client'"],
    ['server/trpc/init.ts', "import { log } from '../log.ts'"],
    ['server/jobs/drain.ts', "import { orders } from '../store/orders.ts'"],
    ['server/sandbox/api.ts', "import { money } from '../domain/money.ts'"],
    ['server/sandbox/api.ts', "import type { Order } from '../juspay/wire.ts'"],
    ['server/helpers/date.ts', "import { z } from 'zod'"],
    ['server/app.ts', "import { App } from '../client/main.tsx'"],
    ['server/app.ts', "import { createTestDatabase } from '../test/support/database.ts'"],
    ['client/ui/money.tsx', "import { useTRPC } from '../lib/trpc.ts'"],
    ['client/ui/money.tsx', "import { Link } from '@tanstack/react-router'"],
    ['client/lib/trpc.ts', "import { appRouter } from '../../server/trpc/router.ts'"],
    ['client/lib/trpc.ts', "import { Orders } from '../features/orders/list.tsx'"],
    ['client/features/orders/list.tsx', "import { Approve } from '../approvals/approve.tsx'"],
    [
      'client/features/orders/list.tsx',
      "export { Approve, b } from '../approvals/approve.tsx'\nexport const a = 1",
    ],
    ['client/features/orders/list.tsx', "import type { AppRouter } from '../../../server/trpc/router.ts'"],
    ['client/routes/index.tsx', "import { migrate } from '../../server/store/migrate.ts'"],
    ['client/main.tsx', "import { migrate } from '../server/store/migrate.ts'"],
    ['client/main.tsx', "import { join } from 'node:path'"],
    ['client/lib/errors.ts', "import { z } from 'zod'"],
  ])('%s may not: %s', (path, source) => {
    expect(broken(path, source)).toEqual(['imports'])
  })

  test.each([
    ['server/domain/order.ts', "import { z } from 'zod/mini'\nimport { money } from './money.ts'"],
    ['server/services/refunds/send-refund.ts', "import type { JuspayClient } from '../../juspay/client.ts'"],
    ['server/services/refunds/send-refund.ts', "import { type A, type B } from '../../store/orders.ts'"],
    ['server/webhooks/receive.ts', "import { envelope } from '../juspay/wire.ts'"],
    ['server/jobs/drain.ts', "import type { Log } from '../log.ts'"],
    ['server/main.ts', "import { env } from './env.ts'\nimport { client } from './juspay/client.ts'"],
    ['client/lib/trpc.ts', "import type { AppRouter } from '../../server/trpc/router.ts'"],
    [
      'client/features/orders/list.tsx',
      "import { Row } from './row.tsx'\nimport { Money } from '../../ui/money.tsx'",
    ],
    ['client/routes/index.tsx', "import { List } from '../features/orders/list.tsx'"],
    ['client/lib/errors.ts', "import { z } from 'zod/mini'"],
    ['server/domain/order.ts', "// import pg from 'pg'\nconst hint = `import pg from 'pg'`"],
  ])('%s may: %s', (path, source) => {
    expect(broken(path, source)).toEqual([])
  })

  test('a message names the import and what to do instead', () => {
    const [violation] = checkArchitecture(
      new Map([['server/services/x.ts', "\nimport { client } from '../juspay/client.ts'"]]),
    )
    expect(violation).toMatchObject({ path: 'server/services/x.ts', line: 2 })
    expect(violation?.message).toBe(
      'server/services must not import ../juspay/client.ts (as a value). A use case gets its adapters as `deps`: import their types only, and let main.ts hand in the values.',
    )
  })
})

describe('the other rules', () => {
  const domain = 'server/domain/order.ts'

  test.each([
    ['const at = new Date()'],
    ['const at = Date()'],
    ['const at = Date.now()'],
    ['const id = Math.random()'],
    ['const user = process.getuid()'],
    ['const answer = fetch(url)'],
    ['const id = crypto.randomUUID()'],
    ['console.log(order)'],
    ['const text = `paid at ${Date.now()}`'],
  ])('the domain is pure: %s', (source) => {
    expect(broken(domain, source)).toContain('purity')
    expect(broken('server/main.ts', source)).toEqual([])
  })

  test.each([
    ['const at = new Date(text)'],
    ['// never Date.now()'],
    ["const hint = 'Math.random()'"],
    ['order.process.name()'],
  ])('is no offence against purity: %s', (source) => {
    expect(broken(domain, source)).toEqual([])
  })

  test('one file reads the environment', () => {
    const source = 'const port = process.env.PORT'
    expect(broken('server/app.ts', source)).toEqual(['environment'])
    expect(broken('prisma/seed/seed.ts', source)).toEqual(['environment'])
    expect(broken('server/app.ts', 'const { env } = process')).toEqual(['environment'])
    for (const path of ['server/env.ts', 'server/sandbox/env.ts', 'server/start.mjs', 'vite.config.ts']) {
      expect(broken(path, source)).toEqual([])
    }
  })

  test.each([
    ["export { a } from './a.ts'"],
    ["import { a } from './a.ts'\nexport type { B } from './b.ts'\n// nothing of its own\n"],
    ["export * from './a.ts'\nexport const b = 1"],
  ])('no barrels: %s', (source) => {
    expect(broken('server/store/index.ts', source)).toEqual(['barrel'])
  })

  test('a file with something of its own may pass on a name', () => {
    expect(broken('server/store/a.ts', "export { b } from './b.ts'\nexport const a = 1")).toEqual([])
  })

  test('files end at 400 lines', () => {
    expect(broken(domain, '\n'.repeat(399) + 'const a = 1\n')).toEqual([])
    expect(broken(domain, '\n'.repeat(400) + 'const a = 1\n')).toEqual(['file length'])
  })

  test('exports have names, except where a tool demands otherwise', () => {
    expect(broken(domain, 'export default 1')).toEqual(['default export'])
    expect(broken(domain, 'const a = 1\nexport { a as default }')).toEqual(['default export'])
    expect(broken('client/routes/index.tsx', 'export default 1')).toEqual([])
    expect(broken('vite.config.ts', 'export default 1')).toEqual([])
  })

  test.each([
    ['const a: any = 1'],
    ['const a = b as any'],
    ['const a: any[] = []'],
    ['const a: Record<string, any> = {}'],
    ['type A = Promise<any>'],
    ['function f(a: string | any) {}'],
    ['const f = (a: any, b: string) => a'],
  ])('no any: %s', (source) => {
    expect(broken('server/app.ts', source)).toEqual(['any'])
  })

  test.each([
    ['// takes any, gives any'],
    ['const a = { any: 1 }'],
    ["const a = 'as any'"],
    ['Promise.any([a])'],
  ])('is not the type any: %s', (source) => {
    expect(broken('server/app.ts', source)).toEqual([])
  })

  // Planted in pieces, or this file would break the rules it tests.
  test('tests neither skip nor sleep, and nobody silences the compiler', () => {
    expect(broken('test/a.test.ts', `test${'.skip'}('x', () => {})`)).toEqual(['skipped test'])
    expect(broken('test/a.test.ts', `await new Promise((done) => ${'setTimeout'}(done, 100))`)).toEqual([
      'sleep',
    ])
    expect(broken('test/client/a.browser.test.tsx', `await vi${'.waitFor'}(() => a)`)).toEqual(['short wait'])
    expect(broken('server/app.ts', `// @ts-${'ignore'}\nconst a: string = 1`)).toEqual(['silenced compiler'])
  })
})
