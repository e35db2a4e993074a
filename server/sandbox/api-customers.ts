import type { ApiCall } from './api-route.ts'
import { text } from './bodies.ts'
import type { Params } from './bodies.ts'
import { utcSeconds } from './clock.ts'
import type { Context } from './context.ts'
import { mandatoryMissing, structuredError } from './errors.ts'
import type { ApiAnswer } from './errors.ts'
import { hex } from './random.ts'
import type { JsonObject } from './serialise.ts'
import type { CustomerRecord } from './types.ts'

/** The merchant's own id of a customer has at least this many characters (the official client's docs). */
const REFERENCE_MIN = 8

function shown(customer: CustomerRecord): JsonObject {
  return {
    object: 'customer',
    id: customer.id,
    object_reference_id: customer.reference,
    email_address: customer.email,
    mobile_country_code: customer.countryCode,
    mobile_number: customer.phone,
    first_name: customer.firstName,
    last_name: customer.lastName,
    date_created: utcSeconds(customer.createdAt),
    last_updated: utcSeconds(customer.updatedAt),
  }
}

/** A customer token lives as long as an order's (reference 1.4). */
const TOKEN_MS = 15 * 60_000

function tokenBlock(call: ApiCall): JsonObject {
  if (text(call.params, 'options.get_client_auth_token') !== 'true') return {}
  const expiry = utcSeconds(call.at + TOKEN_MS)
  return { juspay: { client_auth_token: `tkn_${hex(32)}`, client_auth_token_expiry: expiry } }
}

function fields(params: Params, before: Partial<CustomerRecord> = {}) {
  return {
    email: text(params, 'email_address') ?? before.email ?? '',
    phone: text(params, 'mobile_number') ?? before.phone ?? '',
    countryCode: text(params, 'mobile_country_code') ?? before.countryCode ?? '91',
    firstName: text(params, 'first_name') ?? before.firstName ?? '',
    lastName: text(params, 'last_name') ?? before.lastName ?? '',
  }
}

/** `POST /customers` (reference 9.1). */
export function createCustomer(context: Context, call: ApiCall): ApiAnswer {
  const reference = text(call.params, 'object_reference_id') ?? ''
  if (reference === '') return mandatoryMissing()
  const refuse = (message: string, code: string) =>
    structuredError({ errorCode: 'invalid_request', message, code })
  if (reference.length < REFERENCE_MIN)
    return refuse('object_reference_id must have at least 8 characters', 'INVALID_INPUT')
  if (context.customers.find(call.merchant.merchantId, reference))
    return refuse(
      'Customer with given object reference id already exists for your account.',
      'ALREADY_EXISTS',
    )
  const customer: CustomerRecord = {
    id: `cth_${hex(16)}`,
    merchantId: call.merchant.merchantId,
    reference,
    ...fields(call.params),
    createdAt: call.at,
    updatedAt: call.at,
  }
  context.customers.save(customer)
  return { status: 200, body: { ...shown(customer), ...tokenBlock(call) } }
}

function customerNotFound(): ApiAnswer {
  const message = 'Customer not found'
  return structuredError({ http: 404, errorCode: 'RESOURCE_NOT_FOUND', message, code: 'RESOURCE_NOT_FOUND' })
}

/** `GET /customers/:id`, by Juspay's id or the merchant's. */
export function getCustomer(context: Context, call: ApiCall): ApiAnswer {
  const customer = context.customers.find(call.merchant.merchantId, call.target)
  return customer ? { status: 200, body: { ...shown(customer), ...tokenBlock(call) } } : customerNotFound()
}

/** `POST /customers/:id`: only what is sent changes. */
export function updateCustomer(context: Context, call: ApiCall): ApiAnswer {
  const customer = context.customers.find(call.merchant.merchantId, call.target)
  if (!customer) return customerNotFound()
  const changed = { ...customer, ...fields(call.params, customer), updatedAt: call.at }
  context.customers.save(changed)
  return { status: 200, body: { ...shown(changed), ...tokenBlock(call) } }
}
