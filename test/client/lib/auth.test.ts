import { afterEach, describe, expect, test, vi } from 'vitest'
import { safeNext, signIn } from '../../../client/lib/auth.ts'

afterEach(() => vi.unstubAllGlobals())

describe('safeNext', () => {
  test('keeps an address of this application with its query', () => {
    expect(safeNext('/orders/ord_1?tab=raw')).toBe('/orders/ord_1?tab=raw')
  })

  test.each([
    'https://evil.test',
    '//evil.test',
    '/\\evil.test',
    'javascript:alert(1)',
    '/sign-in?next=/',
    '',
    undefined,
  ])('does not follow %s', (next) => {
    expect(safeNext(next)).toBe('/')
  })
})

describe('signIn', () => {
  const answer = (status: number, headers: Record<string, string> = {}) =>
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('{}', { status, headers })))

  test('says the same for a wrong address and a wrong password', async () => {
    answer(401)
    const wrongPassword = await signIn('a@b.test', 'x')
    answer(404)
    expect(await signIn('nobody@b.test', 'x')).toEqual(wrongPassword)
    expect(wrongPassword).toEqual({ kind: 'refused', message: 'Email or password is not right.' })
  })

  test('does not blame the password when the server is at fault or silent', async () => {
    answer(500)
    expect(await signIn('a@b.test', 'x')).toMatchObject({ message: expect.stringContaining('not working') })
    answer(503)
    expect(await signIn('a@b.test', 'x')).toMatchObject({
      message: 'Paydesk is busy. Try again in a moment.',
    })
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')))
    expect(await signIn('a@b.test', 'x')).toMatchObject({
      message: expect.stringContaining('did not answer'),
    })
  })

  test('says how long to wait after too many tries', async () => {
    answer(429, { 'x-retry-after': '42' })
    expect(await signIn('a@b.test', 'x')).toMatchObject({ message: 'Too many tries. Try again in 42 s.' })
  })
})
