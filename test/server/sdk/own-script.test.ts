/** The demo checkout with Juspay's own script: which script a page loads, and whose pages it lets in for that. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../../support/app.ts'

const SANDBOX = 'http://127.0.0.1:45999'
const SCRIPT = 'https://public.releases.juspay.in/hyper-sdk-web/HyperServices.js'

let own: TestApp
let plain: TestApp

beforeAll(async () => {
  own = await createTestApp({ sandboxUrl: SANDBOX, hyperSdkUrl: SCRIPT })
  plain = await createTestApp({ sandboxUrl: SANDBOX })
})

afterAll(async () => {
  await own.close()
  await plain.close()
})

async function policyOf(app: TestApp): Promise<Map<string, string[]>> {
  const reply = await fetch(`${app.url}/healthz`)
  const directives = (reply.headers.get('content-security-policy') ?? '').split(';')
  return new Map(
    directives.map((directive) => {
      const [name = '', ...sources] = directive.trim().split(/\s+/)
      return [name, sources]
    }),
  )
}

test('is loaded instead of the sandbox’s, and named to the page as Juspay’s', async () => {
  const info = async (app: TestApp) => (await app.as('developer')).trpc.sandbox.info.query()
  expect(await info(own)).toMatchObject({ scriptUrl: SCRIPT, ownScript: true, clientId: 'paydeskdemo' })
  expect(await info(plain)).toMatchObject({
    scriptUrl: `${SANDBOX}/hyper-sdk-web/HyperServices.js`,
    ownScript: false,
  })
})

test('lets Juspay’s hosts run and frame their page, and nobody else’s', async () => {
  const juspay = ['https://public.releases.juspay.in', 'https://*.juspay.in', 'https://*.juspay.io']
  const [owned, without] = await Promise.all([policyOf(own), policyOf(plain)])
  for (const directive of ['script-src', 'frame-src', 'connect-src']) {
    expect(owned.get(directive)).toEqual([...(without.get(directive) ?? []), ...juspay])
    expect(without.get(directive)?.join(' ')).not.toContain('juspay')
  }
  expect(owned.get('frame-ancestors')).toEqual(["'none'"])
})
