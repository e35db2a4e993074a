import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'

/**
 * What a page of ours may load and who may frame it. Scripts only from here: an injected one does not run. The sandbox's
 * HyperServices script and its payment page are let in only where there is a sandbox.
 */
export async function securityHeaders(
  app: FastifyInstance,
  options: { https: boolean; sandboxOrigins: readonly string[] },
): Promise<void> {
  const sandbox = [...options.sandboxOrigins]
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'", ...sandbox],
        scriptSrcAttr: ["'none'"],
        // The component library sets styles from script; none come from data.
        styleSrc: ["'self'", "'unsafe-inline'"],
        fontSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        // The sandbox page asks whether the sandbox runs.
        connectSrc: ["'self'", ...sandbox],
        frameSrc: sandbox.length > 0 ? sandbox : ["'none'"],
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
