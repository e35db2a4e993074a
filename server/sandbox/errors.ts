import { hex } from './random.ts'

/** What a route answers; the body is serialised once, by the route helper. */
export type ApiAnswer = { status: number; body: unknown }

type Structured = {
  http?: number
  /** Only some answers of this family have one (samples error/14 and following). */
  statusId?: number
  category?: string
  status?: string
  errorCode: string
  message: string
  code: string
  userMessage?: string
  fields?: { field_name: string; reason: string }[]
}

function requestId(): string {
  return hex(32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** The structured family of reference 9.6. */
export function structuredError(error: Structured): ApiAnswer {
  const errorInfo = {
    code: error.code,
    category: error.category ?? 'USER_ERROR',
    request_id: requestId(),
    href: 'NA',
    user_message: error.userMessage ?? 'Invalid request params. Please verify your input.',
    developer_message: error.message,
    ...(error.fields ? { fields: error.fields } : {}),
  }
  const status = error.status ?? 'Bad Request'
  return {
    status: error.http ?? 400,
    body: {
      status,
      error_code: error.errorCode,
      error_message: error.message,
      ...(error.statusId === undefined ? {} : { status_id: error.statusId }),
      error_info: errorInfo,
    },
  }
}

/** A mandate that cannot be had as asked for (samples error/14, 16, 17). */
export function mandateError(errorCode: string, message: string, field: string): ApiAnswer {
  return structuredError({
    status: 'ERROR',
    statusId: -1,
    errorCode,
    message,
    userMessage: errorCode,
    category: 'UNKNOWN',
    code: 'UNKNOWN_ERROR',
    fields: [{ field_name: field, reason: 'Invalid Value' }],
  })
}

/** The family of the mandate calls (reference 9.6; samples error/01, 02). */
export function mandateRefusal(message: string): ApiAnswer {
  const body = {
    session_id: `NOREQID-${hex(32)}`,
    user_message: 'Cancel action not allowed.',
    code: 'INVALID_REQUEST',
    type: 'INVALID_REQUEST_ERROR',
    message,
  }
  return { status: 400, body }
}

/** Reference 9.6, first row. */
export function accessDenied(): ApiAnswer {
  const errorInfo = {
    category: 'USER_ERROR',
    code: 'UNAUTHORIZED',
    request_id: requestId(),
    user_message: 'Unauthorized.',
    developer_message: 'Invalid API Key. Please pass a valid and active api key.',
  }
  return { status: 401, body: { status: 'error', error_code: 'access_denied', error_info: errorInfo } }
}

export function badOrigin(): ApiAnswer {
  const errorInfo = {
    category: 'USER_ERROR',
    code: 'BAD_ORIGIN',
    request_id: requestId(),
    user_message: 'Unauthorized.',
    developer_message: 'The IP address of the caller is not allowed for this merchant.',
  }
  return { status: 403, body: { status: 'error', error_code: 'access_denied', error_info: errorInfo } }
}

export function mandatoryMissing(): ApiAnswer {
  const text = 'Mandatory fields are missing'
  return { status: 400, body: { status: 'Bad Request', error_code: text, error_message: text } }
}

export function invalidAmount(): ApiAnswer {
  return structuredError({ errorCode: 'invalid.amount', message: 'Invalid amount.', code: 'INVALID_INPUT' })
}

/** Reference 3.6. */
export function orderNotFound(http: 400 | 404, orderId: string): ApiAnswer {
  return { status: http, body: { status_id: 40, status: 'NOT_FOUND', order_id: orderId } }
}

function refundError(errorCode: string, message: string, statusId: number | string = -1): ApiAnswer {
  const body = { status_id: statusId, status: 'ERROR', error_code: errorCode, error_message: message }
  return { status: 400, body }
}

/** Reference 5.5, verbatim; the string "-1" of the same-amount refusal is on the wire like that. */
export const refundErrors = {
  duplicateId: () =>
    refundError(
      'duplicate.call',
      'A refund call was already completed with this unique_request_id for the order.',
    ),
  sameAmount: () =>
    refundError(
      'duplicate.call',
      'A refund call was already processing with this amount for the order.',
      '-1',
    ),
  exceeded: () => refundError('invalid.amount.exceeded', 'Refund amount exceeds the refundable amount.'),
  invalidAmount: () => refundError('invalid amount', 'Amount is invalid.'),
  notSuccessful: () => refundError('invalid.order.not_successful', 'Cannot process unsuccessful order.'),
  instantOff: () =>
    structuredError({
      errorCode: 'invalid_request',
      message: 'instant refund flag is not enabled',
      category: 'CONFIG_ERROR',
      code: 'FEATURE_NOT_ENABLED',
    }),
  notInstant: () =>
    structuredError({
      errorCode: 'invalid_request',
      message: 'Instant refund is possible for card orders only',
      code: 'INVALID_INPUT',
    }),
  tooMany: () => refundError('request.exceeded', 'Maximum number of refund requests exceeded for the order.'),
}
