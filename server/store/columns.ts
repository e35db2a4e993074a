/** Column name of a record's field: `customerEmail` is stored as `customer_email`. */
export function columnOf(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** A select list that names columns after the record's fields, so that rows parse straight into records. */
export function selectList(fields: readonly string[], table = ''): string {
  const prefix = table === '' ? '' : `${table}.`
  return fields.map((field) => `${prefix}${columnOf(field)} as "${field}"`).join(', ')
}

/** A record's fields with their column names, worked out once. */
export function fieldColumns<T extends string>(fields: readonly T[]): readonly (readonly [T, string])[] {
  return fields.map((field) => [field, columnOf(field)] as const)
}

/** A row by column name, as {@link rowsParameter} takes it. */
export type Row = Readonly<Record<string, unknown>>

/** A record's fields under their column names. Amounts become text: they never pass through a float. */
export function rowOf<T extends object>(
  record: T,
  fields: readonly (readonly [field: keyof T & string, column: string])[],
): Record<string, unknown> {
  const row: Record<string, unknown> = {}
  for (const [field, column] of fields) {
    const value: unknown = record[field]
    row[column] = typeof value === 'bigint' ? String(value) : value
  }
  return row
}

/**
 * Rows as one JSON parameter for `json_populate_recordset(null::table, $1)`, which reads each value as the column's
 * own type: any number of rows is one statement of one text.
 */
export function rowsParameter(rows: readonly Row[]): string {
  return JSON.stringify(rows)
}
