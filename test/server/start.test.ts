import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

const startProgram = join(import.meta.dirname, '../../server/start.mjs')

/** Stands for the server or the sandbox: says that it runs and in what surroundings, and stops when told. */
const program = `
import { writeFileSync, appendFileSync } from 'node:fs'
const stop = (why) => { appendFileSync(import.meta.filename + '.stopped', why + '\\n'); process.exit(0) }
process.on('SIGTERM', () => stop('SIGTERM'))
process.on('disconnect', () => stop('disconnect'))
setInterval(() => {}, 1000)
writeFileSync(import.meta.filename + '.running', JSON.stringify({ pid: process.pid, env: process.env }))
`

/** Stands for Vite: writes the page where it was told to. */
const vite = `
import { mkdirSync, writeFileSync } from 'node:fs'
const out = process.argv[process.argv.indexOf('--outDir') + 1]
mkdirSync(out, { recursive: true })
writeFileSync(out + '/index.html', process.env.NODE_ENV)
`

describe('npm start', () => {
  let root: string
  let started: ReturnType<typeof spawn> | undefined

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'paydesk-start-'))
    cpSync(startProgram, at('server/start.mjs'), { recursive: true })
    write('server/main.ts', program)
    write('server/sandbox/main.ts', program)
    write('package.json', '{ "type": "module" }')
    write('client/main.tsx', '')
    write('prisma/generate.mjs', 'export const isGenerated = () => true\nexport const generate = () => {}\n')
    write('node_modules/vite/package.json', '{ "type": "module" }')
    write('node_modules/vite/bin/vite.js', vite)
  })
  afterEach(async () => {
    if (started?.exitCode === null && started.signalCode === null) {
      const exited = once(started, 'exit')
      started.kill('SIGTERM')
      await exited
    }
    rmSync(root, { recursive: true, force: true })
  })

  const at = (path: string) => join(root, path)

  function write(path: string, text: string): void {
    mkdirSync(dirname(at(path)), { recursive: true })
    writeFileSync(at(path), text)
  }

  function start(env: NodeJS.ProcessEnv = {}) {
    const child = spawn(process.execPath, [at('server/start.mjs')], { env: { ...process.env, ...env } })
    started = child
    const output: string[] = []
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => output.push(text))
    }
    return { child, exited: once(child, 'close'), output: () => output.join('') }
  }

  /** Waits for both programs; answers what they said. */
  async function running() {
    return vi.waitFor(
      () =>
        ['server/main.ts', 'server/sandbox/main.ts'].map((name) =>
          JSON.parse(readFileSync(at(`${name}.running`), 'utf8')),
        ),
      { timeout: 20_000 },
    )
  }

  const stopped = (name: string) => readFileSync(at(`${name}.stopped`), 'utf8')

  test('starts both programs, builds the dashboard for production, and passes Ctrl-C on exactly once', async () => {
    const { child, exited } = start({ PORT: '4321', NODE_ENV: 'test' })
    const [, sandbox] = await running()
    expect(sandbox.env).toMatchObject({
      SANDBOX_PORT: '4010',
      DATA_DIR: '.data',
      SANDBOX_WEBHOOK_URL: 'http://127.0.0.1:4321/webhooks/juspay/demo',
    })
    await vi.waitFor(() => expect(readFileSync(at('dist/client/index.html'), 'utf8')).toBe('production'), {
      timeout: 20_000,
    })
    child.kill('SIGINT')
    child.kill('SIGINT') // npm passes on what the terminal has sent already
    expect(await exited).toEqual([0, null])
    expect([stopped('server/main.ts'), stopped('server/sandbox/main.ts')]).toEqual(['SIGTERM\n', 'SIGTERM\n'])
  })

  test('does not build again what is newer than its sources', async () => {
    write('dist/client/index.html', 'built before')
    const { child, exited, output } = start()
    await running()
    child.kill('SIGTERM')
    await exited
    expect(output()).not.toContain('Building')
    expect(readFileSync(at('dist/client/index.html'), 'utf8')).toBe('built before')
  })

  test('when one program dies, stops the other and fails, naming the one', async () => {
    write('dist/client/index.html', '')
    const { exited, output } = start()
    const [server] = await running()
    process.kill(server.pid, 'SIGKILL')
    expect(await exited).toEqual([1, null])
    expect(output()).toContain('The server stopped unexpectedly')
    expect(stopped('server/sandbox/main.ts')).toBe('SIGTERM\n')
  })

  test('fails when the dashboard cannot be built, and leaves the old one', async () => {
    write('dist/client/index.html', 'old')
    utimesSync(at('dist/client/index.html'), 0, 0)
    write('node_modules/vite/bin/vite.js', 'process.exit(3)')
    const { exited, output } = start()
    expect(await exited).toEqual([1, null])
    expect(output()).toContain('The dashboard could not be built')
    expect(existsSync(at('dist/client/index.html'))).toBe(true)
  })

  test('killed itself, it takes the programs along', async () => {
    write('dist/client/index.html', '')
    const { child, exited } = start()
    await running()
    child.kill('SIGKILL')
    await exited
    await vi.waitFor(
      () =>
        expect([stopped('server/main.ts'), stopped('server/sandbox/main.ts')]).toEqual([
          'disconnect\n',
          'disconnect\n',
        ]),
      { timeout: 20_000 },
    )
  })
})
