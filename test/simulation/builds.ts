/** All builds that are broken on purpose. */
import type { BrokenBuild } from './broken-build.ts'
import { BROKEN_CLIENTS } from './broken-client.ts'
import { BROKEN_STORES } from './broken-store.ts'

export const BROKEN_BUILDS: readonly BrokenBuild[] = [...BROKEN_CLIENTS, ...BROKEN_STORES]
