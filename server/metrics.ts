import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

/** What waits to be processed. */
type Backlog = { count: number; oldestMs: number }

/** What the newest check of the invariants came to. */
type InvariantFigures = {
  ageMs: number
  tookMs: number
  unanswered: number
  violations: readonly (readonly [invariant: string, count: number])[]
}

export type Metrics = ReturnType<typeof createMetrics>

/** Answers are expected within tens of milliseconds; the webhook route promises two seconds at worst. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5]

/** The Prometheus registry of one server process. One per server, so that tests can run several. */
export function createMetrics() {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  return {
    registry,
    httpSeconds: new Histogram({
      name: 'paydesk_http_request_seconds',
      help: 'Time to answer, by route pattern and status class.',
      labelNames: ['method', 'route', 'status'],
      buckets: SECONDS,
      registers,
    }),
    signIns: new Counter({
      name: 'paydesk_sign_ins_total',
      help: 'Sign-ins by result.',
      labelNames: ['result'],
      registers,
    }),
    webhooks: webhookCounters(registers),
    /** Reports what waits to be processed, whenever somebody asks. While the database is away the last figure stands. */
    watchBacklog(read: () => Promise<Backlog>): void {
      // Both gauges are read in one go, and the database is asked once.
      let asked: Promise<Backlog | null> | null = null
      const ask = (): Promise<Backlog | null> =>
        (asked ??= read()
          .catch(() => null)
          .finally(() => {
            asked = null
          }))
      gauge(
        'backlog',
        'Webhook events that wait to be processed or tried again, counted up to 10,000.',
        (b) => b.count,
      )
      gauge(
        'backlog_oldest_seconds',
        'How long the first webhook event in the queue has waited.',
        (b) => b.oldestMs / 1_000,
      )
      function gauge(name: string, help: string, valueOf: (backlog: Backlog) => number): void {
        new Gauge({
          name: `paydesk_webhook_${name}`,
          help,
          registers,
          async collect() {
            const backlog = await ask()
            if (backlog !== null) this.set(valueOf(backlog))
          },
        })
      }
    },
    /** Reports what the standing invariant checker found last, whenever somebody asks. */
    watchInvariants(read: () => Promise<InvariantFigures>): void {
      const gauge = (name: string, help: string, valueOf: (figures: InvariantFigures) => number) =>
        new Gauge({
          name: `paydesk_invariant_${name}`,
          help,
          registers,
          async collect() {
            const figures = await read().catch(() => null)
            if (figures !== null) this.set(valueOf(figures))
          },
        })
      gauge('check_age_seconds', 'Time since the newest check of the invariants.', (f) => f.ageMs / 1_000)
      gauge('check_seconds', 'How long the newest check took.', (f) => f.tookMs / 1_000)
      gauge('unanswered', 'Invariants that the newest check could not judge in time.', (f) => f.unanswered)
      new Gauge({
        name: 'paydesk_invariant_violations',
        help: 'Open violations, by invariant; every invariant that is checked has a line.',
        labelNames: ['invariant'],
        registers,
        async collect() {
          const figures = await read().catch(() => null)
          for (const [invariant, count] of figures?.violations ?? []) this.set({ invariant }, count)
        },
      })
    },
    /** Reports how many live feeds are open, whenever somebody asks. */
    watchStreams(count: () => number): void {
      new Gauge({
        name: 'paydesk_live_streams',
        help: 'Open live feeds.',
        registers,
        collect() {
          this.set(count())
        },
      })
    },
  }
}

/** Deliveries of webhooks by what came of them. */
function webhookCounters(registers: Registry[]) {
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[] = []) =>
    new Counter({ name: `paydesk_webhook_${name}_total`, help, labelNames, registers })
  const accepted = counter('accepted', 'Webhook events stored.')
  const duplicate = counter('duplicate', 'Deliveries of events that were stored already.')
  const refused = counter('refused', 'Deliveries refused before anything was stored, by cause.', ['cause'])
  return {
    stored: (result: 'accepted' | 'duplicate'): void => (result === 'accepted' ? accepted : duplicate).inc(),
    refused: (cause: string): void => refused.inc({ cause }),
  }
}
