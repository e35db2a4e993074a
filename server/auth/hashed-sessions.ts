/**
 * Session tokens at rest. Whoever reads the session table (a backup, a replica, an injected query) must not be able to
 * sign in with what is in it, so only the SHA-256 of a token is stored. The sign-in library knows nothing of this: its
 * database adapter is wrapped, tokens are hashed on the way in, and the clear one is handed back to its own caller.
 */
import { createHash } from 'node:crypto'
import type { DBAdapter, DBTransactionAdapter, Where } from '@better-auth/core/db/adapter'

/** A token as stored. It carries 190 random bits, so a plain hash is enough: there is nothing to guess. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

/** Wraps the library's adapter so that `session.token` is hashed in every condition and every value. */
export function hashSessionTokens(inner: DBAdapter): DBAdapter {
  return {
    ...inner,
    ...hashedOperations(inner),
    transaction: (work) => inner.transaction((trx) => work({ ...trx, ...hashedOperations(trx) })),
  }
}

function hashedOperations(inner: DBTransactionAdapter): DBTransactionAdapter {
  const operations: DBTransactionAdapter = {
    ...inner,
    create: async (input) => {
      if (input.model !== 'session') return inner.create(input)
      const token: unknown = input.data['token']
      return withToken(await inner.create({ ...input, data: hashValue(input.data) }), token)
    },
    findOne: async (input) => withToken(await inner.findOne(conditioned(input)), tokenIn(input)),
    findMany: (input) => inner.findMany(conditioned(input)),
    count: (input) => inner.count(conditioned(input)),
    update: async (input) =>
      withToken(
        await inner.update({ ...conditioned(input), update: valued(input.model, input.update) }),
        tokenIn(input),
      ),
    updateMany: (input) =>
      inner.updateMany({ ...conditioned(input), update: valued(input.model, input.update) }),
    delete: (input) => inner.delete(conditioned(input)),
    deleteMany: (input) => inner.deleteMany(conditioned(input)),
    consumeOne: async (input) => withToken(await inner.consumeOne(conditioned(input)), tokenIn(input)),
    incrementOne: (input) => inner.incrementOne(conditioned(input)),
  }
  return operations
}

type Conditioned = { model: string; where?: Where[] | undefined }

function conditioned<T extends Conditioned>(input: T): T {
  if (input.model !== 'session' || !input.where) return input
  return { ...input, where: input.where.map(hashCondition) }
}

function hashCondition(condition: Where): Where {
  if (condition.field !== 'token') return condition
  const { value } = condition
  if (typeof value === 'string') return { ...condition, value: hashToken(value) }
  if (!Array.isArray(value)) return condition
  return { ...condition, value: value.map((token) => hashToken(String(token))) }
}

function valued<T extends object>(model: string, values: T): T {
  return model === 'session' ? hashValue(values) : values
}

function hashValue<T extends object>(values: T): T {
  if (!hasToken(values) || typeof values.token !== 'string') return values
  return { ...values, token: hashToken(values.token) }
}

/** The clear token that the caller asked by, when it named exactly one. */
function tokenIn(input: Conditioned): unknown {
  if (input.model !== 'session') return undefined
  return input.where?.find((condition) => condition.field === 'token')?.value
}

/** The caller works on with the token it knows (it puts it into the cookie), not with the stored hash. */
function withToken<T>(row: T, token: unknown): T {
  if (typeof token !== 'string' || typeof row !== 'object' || row === null || !hasToken(row)) return row
  return { ...row, token }
}

function hasToken(row: object): row is { token: unknown } {
  return 'token' in row
}
