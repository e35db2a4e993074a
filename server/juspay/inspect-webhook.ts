/**
 * Explains a webhook delivery: whether its Basic credentials are the account's and what its body is. Juspay signs no
 * webhook (API reference §6.2), so there is no signed text.
 */
import { timingSafeEqual } from 'node:crypto'
import type { Finding, Inspection } from '../domain/inspection.ts'
import { jsonProblem } from '../domain/json-problem.ts'
import { isObject, parseJson } from './json.ts'
import { eventRefOf, word } from './wire.ts'

export type WebhookCredentials = { username: string; password: string; previousPassword: string | null }

/** @param authorization the header's value, with or without its name */
export function inspectWebhook(
  authorization: string,
  body: string,
  expected: WebhookCredentials,
): Inspection {
  const header = authorization.trim().replace(/^authorization:\s*/i, '')
  const cause = headerFinding(header, expected)
  const accepted = cause === null || cause.code === 'previous_password'
  return {
    kind: 'webhook',
    verdict: header === '' ? 'unsigned' : accepted ? 'valid' : 'invalid',
    signedText: null,
    key: header === '' ? null : `webhook user ${expected.username}`,
    findings: [...(cause ? [cause] : []), ...bodyFindings(body)],
  }
}

/** What is wrong with the header; null when it is right. The password itself is never told, right or wrong. */
function headerFinding(header: string, expected: WebhookCredentials): Finding | null {
  if (header === '')
    return {
      code: 'unsigned',
      words:
        'There is no Authorization header. At Juspay set user name and password under Settings, Webhook.',
    }
  const encoded = /^Basic +([A-Za-z0-9+/=_-]+)$/i.exec(header)?.[1]
  if (encoded === undefined)
    return {
      code: 'not_basic',
      words: 'The header is not Basic with base64 behind it. Juspay sends Basic only.',
    }
  const sent = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = sent.indexOf(':')
  if (colon === -1)
    return {
      code: 'not_basic',
      words: 'What is encoded has no colon: it must be user name, colon, password.',
    }
  if (sent.slice(0, colon) !== expected.username)
    return { code: 'wrong_user_name', words: `The user name is another than ${expected.username}.` }
  const password = sent.slice(colon + 1)
  if (same(password, expected.password)) return null
  if (expected.previousPassword !== null && same(password, expected.previousPassword))
    return {
      code: 'previous_password',
      words:
        'It is the password from before the last change. It is still accepted; enter the new one at Juspay.',
    }
  return { code: 'wrong_password', words: 'The user name is right and the password is not.' }
}

function bodyFindings(body: string): Finding[] {
  if (body.trim() === '') return []
  const problem = jsonProblem(body)
  if (problem)
    return [
      {
        code: 'unreadable',
        words: `The body stops being JSON in line ${problem.line}, column ${problem.column}: ${problem.message}`,
      },
    ]
  const parsed = parseJson(body)
  const json = parsed.ok && isObject(parsed.json) ? parsed.json : null
  if (json === null) return [{ code: 'unreadable', words: 'The body is JSON, but no object.' }]
  if (eventRefOf(json) === null)
    return [
      {
        code: 'unreadable',
        words: 'The body has no event id (id), so a repeat of it cannot be recognised by one.',
      },
    ]
  if (word(json['event_name']) === null) return [{ code: 'unreadable', words: 'The body has no event_name.' }]
  return []
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
