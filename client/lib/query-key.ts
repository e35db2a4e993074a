/**
 * The text a query is cached under. React Query's own cannot write the bigints that amounts are; like it, this one does
 * not depend on the order of an object's fields.
 */
export function hashQueryKey(key: readonly unknown[]): string {
  return JSON.stringify(key, (_, value: unknown) => {
    if (typeof value === 'bigint') return `${value}n`
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  })
}
