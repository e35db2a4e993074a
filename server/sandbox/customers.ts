import type { Database } from './database.ts'
import type { CustomerRecord } from './types.ts'

/** Customers as stored by this process, found by Juspay's id or the merchant's own. */
export type Customers = ReturnType<typeof createCustomers>

export function createCustomers({ sql }: Database) {
  const write = sql.prepare(
    `INSERT INTO customers (id, merchant_id, reference, data) VALUES (?,?,?,?)
     ON CONFLICT (id) DO UPDATE SET data = excluded.data`,
  )
  const read = sql.prepare('SELECT data FROM customers WHERE merchant_id = ? AND (id = ? OR reference = ?)')
  return {
    save(customer: CustomerRecord): void {
      write.run(customer.id, customer.merchantId, customer.reference, JSON.stringify(customer))
    },
    find(merchantId: string, idOrReference: string): CustomerRecord | null {
      const row = read.get(merchantId, idOrReference, idOrReference)
      if (row === undefined) return null
      const customer: CustomerRecord = JSON.parse(String(row['data']))
      return customer
    },
  }
}
