/**
 * Who may import whom: the table of the house, read by `architecture.ts`. A room is a folder under `server` or
 * `client`; a file beside the rooms (`server/main.ts`) puts them together and may see all of its side.
 */

export interface RoomRule {
  /** Rooms whose values it may use; its own is always among them. */
  values: readonly string[]
  /** Rooms of which it may name types only. */
  types?: readonly string[]
  /** Packages it may import, by prefix; without this, any but `forbiddenPackages`. */
  packages?: readonly string[]
  /** A name that ends in `/` or `:` stands for all that begin with it. */
  forbiddenPackages?: readonly string[]
  /** The sentence that tells how to do it instead. */
  instead: string
}

const domain = 'server/domain'
const prisma = ['@prisma/']
/** The browser has no Node, and loads all of `zod` where of `zod/mini` it loads what is used. */
const notForBrowsers = ['node:', 'zod']

export const roomRules: Readonly<Record<string, RoomRule>> = {
  [domain]: {
    values: [],
    packages: ['zod/mini'],
    instead:
      'The domain is pure: pass what it needs in as a value, and do the rest in a service. Its schemas are zod/mini’s, because the browser loads them too.',
  },
  'server/juspay': {
    values: [domain],
    forbiddenPackages: prisma,
    instead: 'The provider adapter answers domain values; a service brings it and the store together.',
  },
  'server/store': {
    values: [domain],
    instead: 'The store turns rows into domain values and knows nobody else; a service calls it.',
  },
  'server/live': {
    values: [domain],
    forbiddenPackages: prisma,
    instead: 'The live feed carries ids between processes; whoever has changed something wakes it.',
  },
  'server/auth': {
    values: [domain, 'server/store'],
    instead:
      'Sign-in turns a session into an actor; what the actor may do is the domain’s and the services’.',
  },
  'server/services': {
    values: [domain],
    types: ['server/juspay', 'server/store', 'server/live'],
    forbiddenPackages: [...prisma, '@trpc/', 'fastify'],
    instead:
      'A use case gets its adapters as `deps`: import their types only, and let main.ts hand in the values.',
  },
  'server/webhooks': {
    values: [domain, 'server/services', 'server/juspay/wire.ts'],
    types: ['server/store'],
    forbiddenPackages: [...prisma, '@trpc/'],
    instead: 'The receiver authenticates, stores the bytes and answers; processing is a service.',
  },
  'server/trpc': {
    values: [domain, 'server/services', 'server/store', 'server/live', 'server/auth'],
    forbiddenPackages: prisma,
    instead:
      'A procedure parses, permits, calls one use case and shapes the answer; Juspay is a service’s business.',
  },
  'server/http': {
    values: [
      domain,
      'server/services',
      'server/store',
      'server/live',
      'server/auth',
      'server/trpc',
      'server/webhooks',
    ],
    types: ['server/juspay'],
    forbiddenPackages: prisma,
    instead: 'A route authenticates, limits and answers; what it does belongs into a service.',
  },
  'server/jobs': {
    values: [domain, 'server/services'],
    forbiddenPackages: prisma,
    instead: 'A job is a bounded loop around a service.',
  },
  'server/sandbox': {
    values: [],
    forbiddenPackages: prisma,
    instead: 'The simulator has its own words, so that it and the server cannot share a mistake.',
  },
  'client/ui': {
    values: [domain],
    forbiddenPackages: [...notForBrowsers, '@trpc/', '@tanstack/react-query', '@tanstack/react-router'],
    instead: 'The kit knows no data and no router: take values and callbacks as props.',
  },
  'client/lib': {
    values: ['client/ui', domain],
    types: ['server/trpc'],
    forbiddenPackages: notForBrowsers,
    instead: 'Features use the library, not the other way round.',
  },
  'client/features': {
    values: ['client/ui', 'client/lib', domain],
    forbiddenPackages: notForBrowsers,
    instead: 'What two features share belongs into client/lib or client/ui; routes put features together.',
  },
  'client/routes': {
    values: ['client/features', 'client/ui', 'client/lib', domain],
    forbiddenPackages: notForBrowsers,
    instead: 'A route validates its search, loads and composes; the server speaks to it through tRPC only.',
  },
}

/** Files beside the rooms whose types every adapter and use case may name; their values are handed in by main.ts. */
export const sharedTypes = ['server/log.ts', 'server/metrics.ts', 'server/env.ts']
export const roomsWithoutSharedTypes = [domain, 'server/sandbox']
