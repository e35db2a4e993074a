/** What the seed program says about its own arguments. It touches no database before it has understood them. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const PROGRAM = join(import.meta.dirname, '../../../prisma/seed/run.ts')

function seed(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', PROGRAM, ...args],
    { encoding: 'utf8' },
  )
  return { status, stdout, stderr }
}

test.each(['--help', '-h'])('%s says how it is called, and is no mistake', (word) => {
  expect(seed(word)).toEqual({
    status: 0,
    stdout: expect.stringMatching(/^npm run seed -- --orders 1000000 /),
    stderr: '',
  })
})

test('an argument that it does not know is named, with those that it does', () => {
  const { status, stdout, stderr } = seed('--order', '5')
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  expect(stderr).toMatch(/^Unknown option '--order'/)
  expect(stderr).toContain('npm run seed -- --orders 1000000')
})
