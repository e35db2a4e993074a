import type { FastifyInstance } from 'fastify'
import helmet from 'helmet'
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** False for routes whose answers no browser reads. */
    securityHeaders?: boolean
  }
}

/**
 * What a page of ours may load and who may frame it. Scripts only from here: an injected one does not run. The
 * HyperServices script of the demo checkout and its payment page are let in only where there is a sandbox, or where
 * Juspay's own script is configured.
 */
export function securityHeaders(
  app: FastifyInstance,
  options: { https: boolean; paymentOrigins: readonly string[] },
): void {
  const payment = [...options.paymentOrigins]
  const middleware = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'", ...payment],
        scriptSrcAttr: ["'none'"],
        // The component library sets styles from script; none come from data.
        styleSrc: ["'self'", "'unsafe-inline'"],
        fontSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        // The sandbox page asks whether the sandbox runs.
        connectSrc: ["'self'", ...payment],
        frameSrc: payment.length > 0 ? payment : ["'none'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        // On plain http it would turn every request of the page into one that nobody answers.
        ...(options.https ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: options.https ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'same-origin' },
    crossOriginEmbedderPolicy: false,
    crossOriginResourcePolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
  })
  // They are the same for every answer, and asked each time the library would put them together anew.
  const headers = headersOf(middleware)
  app.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.config.securityHeaders !== false)
      for (const [name, value] of headers) reply.raw.setHeader(name, value)
    done()
  })
}

/** What the library's middleware adds to an answer. */
function headersOf(middleware: ReturnType<typeof helmet>): (readonly [name: string, value: string])[] {
  const sample = new ServerResponse(new IncomingMessage(new Socket()))
  middleware(sample.req, sample, () => undefined)
  return sample.getHeaderNames().map((name) => [name, String(sample.getHeader(name))] as const)
}
