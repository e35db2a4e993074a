import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { EnvError, readEnv, type Mode } from '../../../server/env.ts'

const SECRET = Buffer.alloc(32, 5).toString('base64')
const SERVE = {
  DATABASE_URL: 'postgresql://paydesk:pw@db:5432/paydesk',
  PUBLIC_URL: 'https://paydesk.example.com',
  SECRET_KEY: SECRET,
}

let dir = ''

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'paydesk-env-'))
})

afterEach(() => {
  rmSync(dir, { recursive: true, force: true })
})

function problemsOf(source: Record<string, string>, mode: Mode): readonly string[] {
  try {
    readEnv({ DATA_DIR: dir, ...source }, mode)
  } catch (error) {
    if (error instanceof EnvError) return error.problems
    throw error
  }
  return []
}

describe('production', () => {
  test.each(['DATABASE_URL', 'PUBLIC_URL', 'SECRET_KEY'] as const)(
    'refuses to start without %s, naming it and nothing else',
    (name) => {
      const { [name]: _missing, ...rest } = SERVE
      const problems = problemsOf(rest, 'serve')
      expect(problems).toHaveLength(1)
      expect(problems[0]).toMatch(new RegExp(`^${name} is missing\\. .*Set it to`))
    },
  )

  test('names everything that is missing or wrong at once', () => {
    const problems = problemsOf({ PORT: '99999', LOG_LEVEL: 'loud', TRUST_PROXY: '1' }, 'serve')
    expect(
      problems.map((problem) => problem.split(' ')[0] ?? '').toSorted((a, b) => (a < b ? -1 : 1)),
    ).toEqual(['DATABASE_URL', 'LOG_LEVEL', 'PORT', 'PUBLIC_URL', 'SECRET_KEY'])
  })

  test('keeps webhooks for 400 days unless told otherwise, and refuses a month or less', () => {
    expect(readEnv({ DATA_DIR: dir, ...SERVE }, 'serve').webhookRetentionDays).toBe(400)
    expect(problemsOf({ ...SERVE, WEBHOOK_RETENTION_DAYS: '7' }, 'serve')[0]).toMatch(
      /WEBHOOK_RETENTION_DAYS .*at least 30/,
    )
  })

  test('takes the script of the demo checkout only over https', () => {
    const script = 'https://public.releases.juspay.in/hyper-sdk-web/HyperServices.js'
    expect(readEnv({ DATA_DIR: dir, ...SERVE, HYPER_SDK_URL: script }, 'serve').hyperSdkUrl).toBe(script)
    expect(readEnv({ DATA_DIR: dir, ...SERVE }, 'serve').hyperSdkUrl).toBeNull()
    expect(problemsOf({ ...SERVE, HYPER_SDK_URL: script.replace('https', 'http') }, 'serve')).toEqual([
      expect.stringMatching(/^HYPER_SDK_URL is not usable/),
    ])
  })

  test('an unsafe database needs the exact word', () => {
    expect(readEnv({ DATA_DIR: dir, ...SERVE }, 'serve').allowUnsafeDatabase).toBe(false)
    expect(
      readEnv({ DATA_DIR: dir, ...SERVE, ALLOW_UNSAFE_DATABASE: 'yes' }, 'serve').allowUnsafeDatabase,
    ).toBe(true)
    expect(problemsOf({ ...SERVE, ALLOW_UNSAFE_DATABASE: 'true' }, 'serve')[0]).toContain('Use yes')
  })

  test('treats an empty variable as a missing one', () => {
    expect(problemsOf({ ...SERVE, SECRET_KEY: '' }, 'serve')[0]).toContain('SECRET_KEY is missing')
  })

  test('never makes a secret up', () => {
    expect(problemsOf({ ...SERVE, SECRET_KEY: '' }, 'serve')).toHaveLength(1)
    expect(() => statSync(join(dir, 'secret-key'))).toThrow(/ENOENT/)
  })

  test('takes what is right', () => {
    const env = readEnv({ DATA_DIR: dir, ...SERVE }, 'serve')
    expect(env).toMatchObject({ mode: 'serve', publicUrl: 'https://paydesk.example.com', port: 4000 })
    expect(env.secretKey).toHaveLength(32)
  })
})

describe('values', () => {
  test.each([
    ['SECRET_KEY', Buffer.alloc(31, 5).toString('base64')],
    ['SECRET_KEY', 'not base64 at all!'],
    ['DATABASE_URL', 'mysql://db/paydesk'],
    ['PUBLIC_URL', 'paydesk.example.com'],
    ['PUBLIC_URL', 'https://paydesk.example.com/desk'],
    ['PUBLIC_URL', 'ftp://paydesk.example.com'],
    ['PORT', 'four thousand'],
    ['PORT', '-1'],
    ['SANDBOX_PORT', '70000'],
    ['METRICS_TOKEN', 'short'],
    ['HOST', 'two words'],
  ])('%s=%s is refused by name, with a way out', (name, value) => {
    const problems = problemsOf({ [name]: value }, 'demo')
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(new RegExp(`^${name} is not usable\\. Use `))
  })

  test('no message repeats a secret', () => {
    const problems = problemsOf(
      { SECRET_KEY: 'hunter2hunter2', DATABASE_URL: 'mysql://u:hunter2@db/x' },
      'demo',
    )
    expect(problems).toHaveLength(2)
    expect(problems.join()).not.toContain('hunter2')
  })

  test.each([
    ['true', true],
    ['false', false],
    ['2', 2],
    ['10.0.0.1', '10.0.0.1'],
  ])('TRUST_PROXY=%s is understood', (text, expected) => {
    expect(readEnv({ DATA_DIR: dir, TRUST_PROXY: text }, 'demo').trustProxy).toBe(expected)
  })
})

describe('the kept secret', () => {
  test('is made once, readable by its owner only, and is the same at the next start', () => {
    const first = readEnv({ DATA_DIR: dir }, 'demo').secretKey
    expect(statSync(join(dir, 'secret-key')).mode & 0o777).toBe(0o600)
    expect(readEnv({ DATA_DIR: dir }, 'demo').secretKey).toEqual(first)
    expect(readFileSync(join(dir, 'secret-key'), 'utf8').trim()).toBe(Buffer.from(first).toString('base64'))
  })

  test('that cannot be read is not replaced: the credentials in the database would be lost', () => {
    writeFileSync(join(dir, 'secret-key'), 'damaged')
    expect(problemsOf({}, 'demo')[0]).toContain('SECRET_KEY cannot be read from')
    expect(readFileSync(join(dir, 'secret-key'), 'utf8')).toBe('damaged')
  })

  test('gives way to SECRET_KEY', () => {
    expect(Buffer.from(readEnv({ DATA_DIR: dir, SECRET_KEY: SECRET }, 'demo').secretKey)).toEqual(
      Buffer.alloc(32, 5),
    )
  })
})
