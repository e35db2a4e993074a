/** What `admin add-account` is told: the account by options, its credentials by standard input. */
import { createPrivateKey } from 'node:crypto'
import { z } from 'zod'

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']
const PASSWORD_MIN = 12
const SECRET_MAX = 4_096

const word = (option: string) =>
  z
    .string(`${option} is missing.`)
    .trim()
    .regex(/^\S{1,100}$/, `${option} must be 1 to 100 characters without blanks.`)

/** An address that credentials and customers may be sent to: encrypted, or on this machine. */
const safeUrl = (option: string, example: string) =>
  z
    .string(`${option} is missing, such as ${example}.`)
    .trim()
    .refine(isSafeUrl, `${option} must be an https address, such as ${example} (http only on this machine).`)

function isSafeUrl(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || url.username !== '' || url.password !== '') return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.includes(url.hostname))
}

/** The options of `add-account`; every message says what to type. */
export const accountOptions = z
  .object({
    slug: z
      .string('--slug is missing: the account’s name in web addresses, such as shop.')
      .regex(
        /^[a-z0-9][a-z0-9-]{0,39}$/,
        '--slug must be 1 to 40 lower-case letters, digits and hyphens, such as shop-in.',
      ),
    name: z.string('--name is missing.').trim().min(1, '--name is empty.').max(100, '--name is too long.'),
    environment: z.enum(['sandbox', 'production'], '--environment must be sandbox or production.'),
    'base-url': safeUrl('--base-url', 'https://api.juspay.in')
      .refine(
        (text) => /^https?:\/\/[^/?#]+\/?$/.test(text),
        '--base-url must have no path: https://api.juspay.in',
      )
      .transform((text) => new URL(text).origin),
    'merchant-id': word('--merchant-id'),
    'client-id': word('--client-id'),
    'api-version': z
      .string('--api-version is missing: the version of Juspay’s API, such as 2024-05-01.')
      .pipe(z.iso.date('--api-version must be a date, such as 2024-05-01.')),
    'webhook-username': word('--webhook-username').refine(
      (text) => !text.includes(':'),
      '--webhook-username must have no colon: Basic authentication ends the name there.',
    ),
    'return-page-url': safeUrl('--return-page-url', 'https://shop.example.com/thanks')
      .transform((text) => new URL(text).href)
      .optional(),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, '--currency must be three capital letters, such as INR.')
      .default('INR'),
  })
  .transform((given) => ({
    slug: given.slug,
    name: given.name,
    environment: given.environment,
    baseUrl: given['base-url'],
    juspayMerchantId: given['merchant-id'],
    clientId: given['client-id'],
    apiVersion: given['api-version'],
    webhookUsername: given['webhook-username'],
    returnPageUrl: given['return-page-url'] ?? null,
    currency: given.currency,
  }))

const secret = (name: string) =>
  z
    .string(`${name} is missing.`)
    .regex(/^[\x21-\x7e]+$/, `${name} must be printable characters without blanks.`)
    .max(SECRET_MAX, `${name} is too long.`)

/** The credentials of `add-account`, one JSON object. No message repeats a value. */
export const accountSecrets = z
  .strictObject(
    {
      apiKey: secret('apiKey'),
      webhookPassword: secret('webhookPassword').min(
        PASSWORD_MIN,
        `webhookPassword must have at least ${PASSWORD_MIN} characters: whoever knows it can report payments.`,
      ),
      responseKey: secret('responseKey'),
      signingKey: z
        .string('signingKey must be text.')
        .refine(isRsaPrivateKey, 'signingKey must be an RSA private key in PEM, without a passphrase.')
        .nullish(),
      signingKeyId: secret('signingKeyId').nullish(),
    },
    'The secrets must be one JSON object with apiKey, webhookPassword, responseKey and, to sign payloads, signingKey (PEM) and signingKeyId; nothing else.',
  )
  .refine(
    (given) => (given.signingKey ?? null) === null || (given.signingKeyId ?? null) !== null,
    'signingKeyId is missing: the id that Juspay gave the public half of signingKey.',
  )
  .transform((given) => ({
    signing: signingOf(given.signingKeyId ?? null, given.signingKey ?? null),
    secrets: {
      apiKey: given.apiKey,
      webhookPassword: given.webhookPassword,
      previousWebhookPassword: null,
      responseKey: given.responseKey,
      signingKey: null,
    },
  }))

function signingOf(keyId: string | null, privateKeyPem: string | null) {
  return keyId === null || privateKeyPem === null ? null : { keyId, privateKeyPem }
}

function isRsaPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa'
  } catch {
    return false
  }
}
