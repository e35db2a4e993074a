import { router } from './init.ts'
import { approvalsRouter } from './routers/approvals.ts'
import { auditRouter } from './routers/audit.ts'
import { bulkRouter } from './routers/bulk.ts'
import { eventsRouter } from './routers/events.ts'
import { exportsRouter } from './routers/exports.ts'
import { failedEventsRouter } from './routers/failed-events.ts'
import { gapsRouter } from './routers/gaps.ts'
import { healthRouter } from './routers/health.ts'
import { integrationRouter } from './routers/integration.ts'
import { inspectorRouter } from './routers/inspector.ts'
import { keysRouter } from './routers/keys.ts'
import { notesRouter } from './routers/notes.ts'
import { ordersRouter } from './routers/orders.ts'
import { overviewRouter } from './routers/overview.ts'
import { ratesRouter } from './routers/rates.ts'
import { reconRouter } from './routers/recon.ts'
import { refundsRouter } from './routers/refunds.ts'
import { replaysRouter } from './routers/replays.ts'
import { sandboxRouter } from './routers/sandbox.ts'
import { secondFactorRouter } from './routers/second-factor.ts'
import { searchRouter } from './routers/search.ts'
import { sessionRouter } from './routers/session.ts'
import { settingsRouter } from './routers/settings.ts'
import { stopsRouter } from './routers/stops.ts'
import { tagsRouter } from './routers/tags.ts'
import { usersRouter } from './routers/users.ts'
import { viewsRouter } from './routers/views.ts'

/** The dashboard's whole API. The client imports its type and nothing else. */
export const appRouter = router({
  session: sessionRouter,
  secondFactor: secondFactorRouter,
  overview: overviewRouter,
  orders: ordersRouter,
  search: searchRouter,
  notes: notesRouter,
  tags: tagsRouter,
  views: viewsRouter,
  exports: exportsRouter,
  refunds: refundsRouter,
  approvals: approvalsRouter,
  stops: stopsRouter,
  bulk: bulkRouter,
  events: eventsRouter,
  health: healthRouter,
  rates: ratesRouter,
  failedEvents: failedEventsRouter,
  replays: replaysRouter,
  gaps: gapsRouter,
  recon: reconRouter,
  users: usersRouter,
  audit: auditRouter,
  settings: settingsRouter,
  keys: keysRouter,
  inspector: inspectorRouter,
  integration: integrationRouter,
  sandbox: sandboxRouter,
})

export type AppRouter = typeof appRouter
