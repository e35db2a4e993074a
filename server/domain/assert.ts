/** A rule of the house was broken by our own code: a bug, never bad input. The caller answers 500 and logs it. */
export class InvariantError extends Error {
  override name = 'InvariantError'
}

/** Throws {@link InvariantError} unless `condition` holds. Kept on in production: wrong money is worse than a 500. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message)
}
