import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'

const root = join(import.meta.dirname, '..')

/**
 * Runs Prisma's command line with our schema engine in place of the one it would download, without calls home.
 * Answers spawnSync's result; `options` are spawnSync's.
 */
export function prisma(args, options = {}) {
  const program = createRequire(import.meta.url).resolve('prisma/build/index.js')
  return spawnSync(process.execPath, [program, ...args], {
    cwd: root,
    stdio: 'inherit',
    ...options,
    env: {
      ...process.env,
      ...options.env,
      // The engine is a script that names `node`: it must find this one.
      PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
      PRISMA_SCHEMA_ENGINE_BINARY: join(root, 'prisma/engine.mjs'),
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
    },
  })
}
