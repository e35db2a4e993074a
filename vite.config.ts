import { join } from 'node:path'
import { tanstackRouter } from '@tanstack/router-plugin/vite'
import react from '@vitejs/plugin-react'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { chromiumLaunchOptions } from './test/support/chromium.ts'

const root = import.meta.dirname
const server = `http://127.0.0.1:${process.env.PORT ?? '4000'}`
/** Everything the server answers itself; the rest is the dashboard. */
const serverRoutes = [
  '/trpc',
  '/api',
  '/webhooks',
  '/sdk',
  '/payments',
  '/healthz',
  '/readyz',
  '/metrics',
  '/downloads',
  '/uploads',
]

/** A test against the database or a browser waits for processes on a machine that may be busy. */
const serverTestMs = 30_000
/** What a test waits for is there in an instant, unless the machine is busy with other tests. */
const pollMs = 5_000
const endToEndTestMs = 60_000
const endToEndHookMs = 120_000
const propertySeed = [join(root, 'test/support/property-seed.ts')]

function routes() {
  return tanstackRouter({
    target: 'react',
    autoCodeSplitting: true,
    // The signed-in layout stands around every page but the sign-in: apart it would only be waited for.
    codeSplittingOptions: { splitBehavior: ({ routeId }) => (routeId === '/_app' ? [] : undefined) },
    routesDirectory: join(root, 'client/routes'),
    generatedRouteTree: join(root, 'client/routeTree.gen.ts'),
    quoteStyle: 'single',
    semicolons: false,
  })
}

export default defineConfig(({ mode }) => ({
  root: join(root, 'client'),
  // The tests bring no routes of their own to generate, and a half-written route must not stop all of them.
  plugins: mode === 'test' ? [react()] : [routes(), react()],
  cacheDir: join(root, 'node_modules/.cache/vite'),
  build: {
    outDir: join(root, 'dist/client'),
    emptyOutDir: true,
    target: 'es2023',
    // Which chunk needs which: what the budgets are checked by.
    manifest: true,
    rolldownOptions: {
      output: {
        // By what is in them alone: the start tells of every file that may follow, and their names were 2 kB of it. The
        // manifest says which is which.
        chunkFileNames: 'assets/[hash].js',
        assetFileNames: 'assets/[hash][extname]',
        codeSplitting: {
          // What every page starts with comes in two files instead of fifty small ones, which pack worse: the libraries,
          // which a browser keeps over a release of the dashboard, and the dashboard's own part.
          groups: [
            { name: 'libraries', tags: ['$initial'], test: /node_modules/, priority: 1 },
            { name: 'start', tags: ['$initial'] },
          ],
        },
      },
    },
    // Sizes have their own budget in the tests; this warning only makes the start noisy.
    chunkSizeWarningLimit: 1_000,
  },
  server: {
    host: '127.0.0.1',
    proxy: Object.fromEntries(serverRoutes.map((route) => [route, server])),
  },
  test: {
    root,
    globalSetup: join(root, 'test/support/global-setup.ts'),
    expect: { poll: { timeout: pollMs } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/*.test.ts', 'test/{domain,client,simulation}/**/*.test.ts'],
          exclude: ['test/**/*.browser.test.tsx'],
          setupFiles: propertySeed,
          // Reading every source, or ten thousand cases, takes its time beside other work.
          testTimeout: serverTestMs,
        },
      },
      {
        extends: true,
        test: {
          name: 'server',
          include: ['test/server/**/*.test.ts', 'test/faults/**/*.test.ts'],
          setupFiles: propertySeed,
          testTimeout: serverTestMs,
          hookTimeout: serverTestMs,
        },
      },
      {
        extends: true,
        // Found late, React would be bundled a second time in a fresh clone and hooks would meet the wrong copy.
        optimizeDeps: {
          entries: ['../test/client/**/*.browser.test.tsx', 'main.tsx'],
          include: [
            'react',
            'react-dom',
            'react-dom/client',
            'react/jsx-runtime',
            'react/jsx-dev-runtime',
            'vitest-browser-react',
          ],
        },
        test: {
          name: 'component',
          include: ['test/client/**/*.browser.test.tsx'],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: chromiumLaunchOptions }),
            instances: [{ browser: 'chromium' }],
          },
          // As below: both drive a browser beside other work, and what needed a second try is named.
          retry: 1,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: endToEndTestMs,
          hookTimeout: endToEndHookMs,
          // Each file drives a server, a sandbox and a browser; two at a time would fight for the processor.
          fileParallelism: false,
          // A browser on a busy machine may miss its moment once; `npm test` names every test that did.
          retry: 1,
        },
      },
    ],
  },
}))
