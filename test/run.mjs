/**
 * `npm test`: everything that has to hold before a change is done. Prints what failed, the time of each stage, and as
 * the very last line `N passed, N failed`; each static stage counts as one. Arguments go to Vitest.
 */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const report = join(root, 'test/output/vitest.json')
const modules = join(root, 'node_modules')
const sources = ['server', 'client', 'test', 'prisma', 'vite.config.ts', 'prisma.config.ts']

/** Runs a Node program; answers whether it ended well and, with `quiet`, what it printed. */
function run(args, { quiet = true } = {}) {
  return new Promise((done) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    const output = []
    for (const [stream, sink] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]) {
      stream.setEncoding('utf8').on('data', (text) => (quiet ? output.push(text) : sink.write(text)))
    }
    child.once('error', (error) => done({ ok: false, output: error.message }))
    child.once('close', (code) => done({ ok: code === 0, output: output.join('') }))
  })
}

/** What a fresh clone lacks and the compiler needs: the database client and the tree of routes. */
async function generateSources() {
  try {
    const { generate, isGenerated } = await import('../prisma/generate.mjs')
    if (!isGenerated()) generate()
    // The router's plugin writes the tree while Vite resolves its configuration.
    const script = "import { resolveConfig } from 'vite'; await resolveConfig({}, 'build')"
    const { output } = await run(['--input-type=module', '--eval', script])
    return { ok: existsSync(join(root, 'client/routeTree.gen.ts')), output }
  } catch (error) {
    return { ok: false, output: String(error) }
  }
}

const typecheck = () => run([join(modules, 'typescript/bin/tsc'), '--noEmit'])
const lint = () => run([join(modules, 'oxlint/bin/oxlint'), '--type-aware', '--deny-warnings', ...sources])
const format = () =>
  run([join(modules, 'prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', ...sources])

const counts = { passed: 0, failed: 0 }

async function stage(name, check) {
  const from = performance.now()
  const { ok, output } = await check()
  counts[ok ? 'passed' : 'failed'] += 1
  if (!ok) process.stdout.write(`${output.trimEnd()}\n`)
  process.stdout.write(`${ok ? '✓' : '✗'} ${name} ${seconds(from)}\n`)
}

function seconds(from) {
  return `${((performance.now() - from) / 1000).toFixed(1)} s`
}

async function runTests() {
  const from = performance.now()
  rmSync(report, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const vitest = [join(modules, 'vitest/vitest.mjs'), 'run', ...reporters, ...process.argv.slice(2)]
  const { ok } = await run(vitest, { quiet: false })
  const { passed, failed, unsteady } = countTests()
  for (const name of unsteady) process.stdout.write(`unsteady: passed only at the second try: ${name}\n`)
  counts.passed += passed
  // A crash, an error outside of any test or an empty run fails nothing that could be counted, and is a failure.
  counts.failed += failed > 0 || (ok && passed > 0) ? failed : 1
  process.stdout.write(`${ok && passed > 0 ? '✓' : '✗'} tests ${seconds(from)}\n`)
}

/**
 * Counts Vitest's report; a file that could not even be loaded counts as one failure. `unsteady` are tests that failed
 * before they passed.
 */
function countTests() {
  if (!existsSync(report)) return { passed: 0, failed: 0, unsteady: [] }
  const { testResults, numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'))
  const unloadable = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  )
  const unsteady = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status, failureMessages }) => status === 'passed' && failureMessages.length > 0)
    .map(({ fullName, failureMessages }) => `${fullName}\n${failureMessages[0]}`)
  return { passed: numPassedTests, failed: numFailedTests + unloadable.length, unsteady }
}

await stage('generated sources', generateSources)
// Two at a time for two processors; the compiler alone takes as long as the other two.
await Promise.all([stage('types', typecheck), stage('lint', lint).then(() => stage('format', format))])
await runTests()
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`)
process.exitCode = counts.failed === 0 ? 0 : 1
