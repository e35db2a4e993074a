import { pino, type DestinationStream, type Logger } from 'pino'

/** Names whose values never reach a log, at any depth that our code writes. */
const SECRET_NAMES = [
  'authorization',
  'cookie',
  '"set-cookie"',
  'password',
  'apiKey',
  'secretKey',
  'signingKey',
  'responseKey',
  'webhookPassword',
  'sealedSecrets',
  'token',
  'signature',
]

/** Structured log of the server, one JSON object a line. Secrets are cut out by name, however they got in. */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const paths = SECRET_NAMES.flatMap((name) => {
    const step = name.startsWith('"') ? `[${name}]` : `.${name}`
    return [name.startsWith('"') ? `[${name}]` : name, `*${step}`, `*.*${step}`]
  })
  const options = {
    level,
    base: null,
    timestamp: () => `,"at":"${new Date().toISOString()}"`,
    redact: { paths, censor: '[removed]' },
    formatters: { level: (label: string) => ({ level: label }) },
  }
  return destination ? pino(options, destination) : pino(options)
}
