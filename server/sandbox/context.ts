import type { SandboxClock } from './clock.ts'
import type { Configuration } from './configuration.ts'
import type { Customers } from './customers.ts'
import type { Database } from './database.ts'
import type { Deliveries } from './deliveries.ts'
import type { Faults } from './faults.ts'
import type { Ledger } from './ledger.ts'
import type { Records } from './records.ts'
import type { Scheduler } from './scheduler.ts'

export type Logger = { info(message: string): void; error(error: unknown): void }

/** What every part of the sandbox works with; made once in create.ts. */
export type Context = {
  clock: SandboxClock
  database: Database
  records: Records
  customers: Customers
  configuration: Configuration
  deliveries: Deliveries
  ledger: Ledger
  scheduler: Scheduler
  faults: Faults
  logger: Logger
  /** `http://127.0.0.1:<port>`, known once the sandbox listens. */
  publicUrl(): string
  /** Wakes the webhook pump after events were queued. */
  wakePump(): void
}
