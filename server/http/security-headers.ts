import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'

/**
 * What a page of ours may load and who may frame it. Scripts only from here: an injected one does not run. The
 * HyperServices script of the demo checkout and its payment page are let in only where there is a sandbox, or where
 * Juspay's own script is configured.
 */
export async function securityHeaders(
  app: FastifyInstance,
  options: { https: boolean; paymentOrigins: readonly string[] },
): Promise<void> {
  const payment = [...options.paymentOrigins]
  await app.register(helmet, {
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
}
