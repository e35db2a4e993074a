/** One field of an entry's before and after. */
export type FieldDifference = { field: string; before: string | null; after: string | null; changed: boolean }

/**
 * Before and after of an entry as fields side by side, changed ones first. Nested objects become dotted fields; what is
 * not an object is one field without a name.
 */
export function fieldDifferences(before: unknown, after: unknown): FieldDifference[] {
  const old = flatten(before)
  const now = flatten(after)
  const fields = [...new Set([...old.keys(), ...now.keys()])]
  const rows = fields.map((field) => {
    const was = old.get(field) ?? null
    const is = now.get(field) ?? null
    // An entry that tells only one side has facts, not changes.
    return { field, before: was, after: is, changed: old.size > 0 && now.size > 0 && was !== is }
  })
  return rows.sort((a, b) => Number(b.changed) - Number(a.changed))
}

/** One line for the list: "status: pending_approval → approved", or the facts of an entry with one side. */
export function changeSummary(before: unknown, after: unknown): string {
  const rows = fieldDifferences(before, after)
  const changed = rows.filter((row) => row.changed)
  const told = changed.length > 0 ? changed : rows
  return told.map(lineOf).join(', ')
}

function lineOf({ field, before, after, changed }: FieldDifference): string {
  const name = field === '' ? '' : `${field}: `
  return changed ? `${name}${before ?? 'none'} → ${after ?? 'none'}` : `${name}${after ?? before ?? 'none'}`
}

function flatten(value: unknown, path = '', into = new Map<string, string>()): Map<string, string> {
  if (value === null || value === undefined) {
    if (path !== '') into.set(path, 'none')
    return into
  }
  if (Array.isArray(value)) {
    into.set(path, value.length === 0 ? 'none' : value.map(textOf).join(', '))
  } else if (typeof value === 'object') {
    for (const [key, child] of Object.entries(value))
      flatten(child, path === '' ? key : `${path}.${key}`, into)
  } else into.set(path, textOf(value))
  return into
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}
