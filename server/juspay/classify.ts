/**
 * Reads what came back from one call: either a JSON body to translate, or an error by kind of reaction. The rules are
 * the table of reliability §2.3; the error shapes are API reference §5.5 and §9.6.
 */
import type { HttpAnswer, HttpFailure } from './http.ts'
import type { JuspayError, RejectedError, RejectedReason, UncertainCause } from '../domain/provider-error.ts'
import { isObject, parseJson } from './json.ts'
import { integer, object, ref, text, word } from './wire.ts'
import type { JsonObject } from './wire.ts'

export type Reading = { ok: true; body: JsonObject } | { ok: false; error: JuspayError }

/** Longest wait accepted from `Retry-After`: an hour. A longer one is a misconfigured host, not an instruction. */
export const RETRY_AFTER_MAX_MS = 3_600_000

/** Reads one result of the transport. @param now to turn a `Retry-After` date into a wait. */
export function readResult(result: HttpAnswer | HttpFailure, now: Date): Reading {
  if (!result.ok) return failed(result)
  const { httpStatus } = result
  const retryAfterMs = retryAfter(result.header('retry-after'), now)
  if (httpStatus === 401 || httpStatus === 403) return unauthorised(result)
  if (httpStatus === 429)
    return {
      ok: false,
      error: { kind: 'unavailable', cause: 'throttled', code: null, retryAfterMs },
    }
  const uncertain = (cause: UncertainCause): Reading => ({
    ok: false,
    error: { kind: 'uncertain', cause, httpStatus, code: null, retryAfterMs },
  })
  if (httpStatus >= 500) return uncertain('server_error')
  if (httpStatus >= 300 && httpStatus < 400) return uncertain('redirect')
  if (result.body.byteLength === 0) return uncertain('empty')
  if (!isJsonAnswer(result)) return uncertain('content_type')
  const parsed = parseJson(result.body)
  if (!parsed.ok) return uncertain(parsed.failure === 'empty' ? 'empty' : 'not_json')
  if (!isObject(parsed.json)) return uncertain('undocumented')
  if (httpStatus < 300) return { ok: true, body: parsed.json }
  const rejected = rejection(parsed.json, httpStatus)
  return rejected === null ? uncertain('undocumented') : { ok: false, error: rejected }
}

function failed(failure: HttpFailure): Reading {
  const { sent, cause, code, httpStatus } = failure
  return sent
    ? { ok: false, error: { kind: 'uncertain', cause, httpStatus, code, retryAfterMs: null } }
    : {
        ok: false,
        error: { kind: 'unavailable', cause: 'not_sent', code: code ?? cause, retryAfterMs: null },
      }
}

/** Whether the answer claims to be JSON. No claim at all is accepted; HTML and plain text from a proxy are not. */
function isJsonAnswer(answer: HttpAnswer): boolean {
  const encoding = answer.header('content-encoding')
  if (encoding !== null && encoding.trim().toLowerCase() !== 'identity') return false
  const type = answer.header('content-type')?.split(';')[0]?.trim().toLowerCase()
  return (
    type === undefined || type === '' || type === 'text/json' || /^application\/(?:.+\+)?json$/.test(type)
  )
}

/** Seconds or an HTTP date; `null` for anything else. */
function retryAfter(value: string | null, now: Date): number | null {
  if (value === null) return null
  const wait = /^\s*\d{1,9}\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now.getTime()
  return Number.isNaN(wait) ? null : Math.min(Math.max(wait, 0), RETRY_AFTER_MAX_MS)
}

function unauthorised(answer: HttpAnswer): Reading {
  const parsed = parseJson(answer.body)
  const body = parsed.ok ? (object(parsed.json) ?? {}) : {}
  const error = documentedError(body)
  return {
    ok: false,
    error: { kind: 'unauthorised', httpStatus: answer.httpStatus, code: error.code, message: error.message },
  }
}

type DocumentedError = {
  status: string | null
  statusId: number | null
  code: string | null
  infoCode: string | null
  message: string | null
  providerRequestId: string | null
}

/** The fields of any of the error shapes Juspay answers with (§9.6). */
function documentedError(body: JsonObject): DocumentedError {
  const info = object(body['error_info']) ?? {}
  // Mandate errors put `code` at the top, beside `session_id`; a bare `code` is any proxy's.
  const infoCode = ref(info['code']) ?? (ref(body['session_id']) === null ? null : ref(body['code']))
  return {
    status: word(body['status']),
    statusId: integer(body['status_id']),
    code: ref(body['error_code']) ?? infoCode,
    infoCode,
    message:
      text(body['error_message']) ??
      text(info['developer_message']) ??
      text(body['message']) ??
      text(body['user_message']) ??
      text(info['user_message']),
    providerRequestId: ref(info['request_id']) ?? ref(body['session_id']),
  }
}

/** A refusal in a documented shape, or `null`: a 4xx in a stranger's words proves nothing about Juspay. */
function rejection(body: JsonObject, httpStatus: number): RejectedError | null {
  const error = documentedError(body)
  const notFound = error.status === 'NOT_FOUND' || error.statusId === 40
  const known = notFound || error.code !== null || (error.message !== null && isErrorShape(body))
  if (!known) return null
  return {
    kind: 'rejected',
    reason: notFound ? 'not_found' : reasonOf(error),
    httpStatus,
    code: error.code,
    message: error.message,
    statusId: error.statusId,
    providerRequestId: error.providerRequestId,
  }
}

function isErrorShape(body: JsonObject): boolean {
  return body['error'] === true || body['error_message'] !== undefined || object(body['error_info']) !== null
}

/** `error_code` without case and punctuation: "invalid amount" and "invalid.amount" are the same refusal. */
function plain(code: string | null): string {
  return (code ?? '').toLowerCase().replace(/[^a-z0-9]+/g, '.')
}

const REASON_BY_CODE: Readonly<Record<string, RejectedReason>> = {
  'invalid.amount.exceeded': 'amount_exceeds',
  'invalid.amount': 'amount_invalid',
  'invalid.order.not.successful': 'not_charged',
  'mandatory.fields.missing': 'mandatory_missing',
  'mandatory.fields.are.missing': 'mandatory_missing',
  'missing.mandatory.parameter': 'mandatory_missing',
  'request.exceeded': 'too_many',
  'order.not.found': 'not_found',
  'resource.not.found': 'not_found',
}

/** Our reason for Juspay's refusal (§5.5). The two meanings of duplicate.call differ only in the sentence (§5.6). */
function reasonOf(error: DocumentedError): RejectedReason {
  const codes = [plain(error.code), plain(error.infoCode)]
  if (codes.includes('duplicate.call') || codes.includes('duplicate.request'))
    return /process\w* with this amount|same amount/i.test(error.message ?? '')
      ? 'duplicate_amount'
      : 'duplicate_id'
  for (const code of codes) {
    const reason = REASON_BY_CODE[code]
    if (reason !== undefined) return reason
  }
  return 'other'
}
