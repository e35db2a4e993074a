import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

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
