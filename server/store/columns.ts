/** Column name of a record's field: `customerEmail` is stored as `customer_email`. */
export function columnOf(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** A select list that names columns after the record's fields, so that rows parse straight into records. */
export function selectList(fields: readonly string[], table = ''): string {
  const prefix = table === '' ? '' : `${table}.`
  return fields.map((field) => `${prefix}${columnOf(field)} as "${field}"`).join(', ')
}

/** What a column takes for a field's value: JSON columns take text, everything else goes as it is. */
export function columnValue(value: unknown): unknown {
  const plain =
    value === null || typeof value !== 'object' || value instanceof Date || value instanceof Uint8Array
  return plain ? value : JSON.stringify(value)
}
