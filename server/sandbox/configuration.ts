import type { Database } from './database.ts'
import { merchantSchema, settingsSchema } from './settings.ts'
import type { Merchant, Settings } from './settings.ts'

/** Merchants, switches and small facts that must survive a restart. */
export type Configuration = ReturnType<typeof createConfiguration>

export function createConfiguration({ sql }: Database) {
  const readMeta = sql.prepare('SELECT value FROM meta WHERE key = ?')
  const writeMeta = sql.prepare(
    'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  )
  const readMerchants = sql.prepare('SELECT data FROM merchants ORDER BY merchant_id')
  const writeMerchant = sql.prepare(
    `INSERT INTO merchants (merchant_id, data) VALUES (?, ?)
     ON CONFLICT (merchant_id) DO UPDATE SET data = excluded.data`,
  )
  const merchants = new Map<string, Merchant>()
  for (const row of readMerchants.all()) {
    const merchant = merchantSchema.parse(JSON.parse(String(row['data'])))
    merchants.set(merchant.merchantId, merchant)
  }
  const meta = (key: string): string | null => {
    const row = readMeta.get(key)
    return row === undefined ? null : String(row['value'])
  }
  let settings = settingsSchema.parse(JSON.parse(meta('settings') ?? '{}'))
  return {
    settings: (): Settings => settings,
    changeSettings(change: Partial<Settings>): Settings {
      settings = settingsSchema.parse({ ...settings, ...change })
      writeMeta.run('settings', JSON.stringify(settings))
      return settings
    },
    merchants: (): Merchant[] => [...merchants.values()],
    merchant: (merchantId: string): Merchant | null => merchants.get(merchantId) ?? null,
    saveMerchant(merchant: Merchant): void {
      merchants.set(merchant.merchantId, merchant)
      writeMerchant.run(merchant.merchantId, JSON.stringify(merchant))
    },
    meta,
    setMeta: (key: string, value: string): void => void writeMeta.run(key, value),
  }
}
