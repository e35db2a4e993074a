/** Everything the sandbox says, said once: every scenario, session, rule and refusal, for comparing shapes. */
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { expect } from 'vitest'
import { signInitiate, signProcess, type SignedPayload } from '../../../server/juspay/signing.ts'
import { SCENARIOS } from '../../../server/sandbox/scenario-steps.ts'
import { MINUTE, nested, type Answer, type Harness, type Json } from './support.ts'

type Say = (body: unknown) => void

const CUSTOMER = { customer_id: 'c', customer_email: 'a@example.test', customer_phone: '9999999999' }

/** Gateway accounts that merchants of the samples had chosen: the sandbox gives back whatever it was sent. */
const GATEWAY_ACCOUNTS = Object.fromEntries(
  'AMAZONPAY BILLDESK GPAY_IMF JUSPAY LOYLTYREWARDZ OVO PAYTM_V2 RAZORPAY SIMPL STRIPE TATANEU TWID_V2 YES_BIZ'
    .split(' ')
    .map((gateway) => [`${gateway}:gateway_reference_id`, 'acct_1']),
)

export async function speak(harness: Harness, say: Say): Promise<void> {
  await payments(harness, say)
  await rules(harness, say)
  await sessions(harness, say)
  await refusals(harness, say)
}

/** Scenarios that are told differently for each kind of instrument. */
const VARIED = new Set<string>([
  'charged',
  'failed',
  'authentication_failed',
  'split_tender',
  'mandate',
  'refunded',
])

const INSTRUMENTS = [
  { paymentMethodType: 'CARD' },
  { paymentMethodType: 'UPI', gateway: 'RAZORPAY' },
  { paymentMethodType: 'UPI', payerApp: 'net.one97.paytm' },
  { paymentMethodType: 'NB' },
  { paymentMethodType: 'WALLET' },
]

/** Every scenario, by card or with every kind of instrument, looked at before and after a refund. */
async function payments(harness: Harness, say: Say): Promise<void> {
  const wishes = SCENARIOS.flatMap((scenario) =>
    INSTRUMENTS.slice(0, VARIED.has(scenario) ? INSTRUMENTS.length : 1).map((instrument) => ({
      scenario,
      ...instrument,
    })),
  )
  for (const [n, wish] of wishes.entries()) {
    const orderId = `SHAPE${n}`
    const customer = { customerId: 'c', customerEmail: 'a@example.test', customerPhone: '9999999999' }
    const metadata = n % 2 === 0 ? {} : { ...GATEWAY_ACCOUNTS, payment_page_client_id: 'paydeskdemo' }
    await harness.control('POST', '/control/orders', {
      orderId,
      amount: '10.80',
      ...customer,
      metadata,
      ...wish,
    })
    await harness.sandbox.control.advance(MINUTE)
    say((await harness.call('GET', `/orders/${orderId}?options.add_full_gateway_response=true`)).body)
    say((await harness.refund(orderId, `RF${orderId}`, '1')).body)
    await harness.sandbox.control.advance(MINUTE)
    const order = await harness.status(orderId)
    say(order)
    const txnId = order['txn_id']
    if (typeof txnId !== 'string') continue
    const transaction = { txn_id: txnId, unique_request_id: `TX${n}`, amount: '1' }
    say((await harness.call('POST', '/refunds', transaction)).body)
  }
}

/** Rules that no scenario has: settled to vendors, refunded in the call, released in part, put off. */
async function rules(harness: Harness, say: Say): Promise<void> {
  const vendors = { vendor: { split: [{ sub_mid: 'Vendor1', amount: 5, merchant_commission: 0 }] } }
  const basket = [
    { id: '1', sku: '1', category: 'c', quantity: 1, unitPrice: 1, description: 'd', sellerType: 's' },
  ]
  const rich = {
    ...basket[0],
    productName: 'p',
    productUrl: 'https://shop.test',
    customParams: { name1: 'v', name2: 'v' },
  }
  await harness.call('POST', '/orders', {
    order_id: 'RULE1',
    amount: '5',
    basket: JSON.stringify([...basket, rich]),
    'metadata.split_settlement_details': JSON.stringify(vendors),
    'metadata.webhook_url': 'http://127.0.0.1:9/',
  })
  await harness.control('POST', '/control/merchants', { merchantId: 'paydeskdemo', offer: { value: 15 } })
  await harness.control('POST', '/control/orders/RULE1/attempts', { outcome: 'authorization_failed' })
  say(await harness.status('RULE1'))
  await harness.control('POST', '/control/merchants', { merchantId: 'paydeskdemo', offer: null })
  await harness.control('POST', '/control/orders/RULE1/attempts', { paymentMethodType: 'CARD' })
  say(await harness.status('RULE1'))
  await harness.control('POST', '/control/settings', { refundQueueSeconds: 0, refundSettleSeconds: 0 })
  for (const [n, scenario] of ['charged', 'split_tender'].entries()) {
    const orderId = `RULE${n + 2}`
    await harness.control('POST', '/control/orders', {
      orderId,
      amount: '100',
      scenario,
      gateway: 'RAZORPAY',
    })
    const refund = { order_id: orderId, amount: '70', unique_request_id: 'RF1' }
    say((await harness.call('POST', '/refunds', refund)).body)
    await harness.sandbox.control.advance(MINUTE)
    say(await harness.status(orderId))
  }
  await harness.control('POST', '/control/orders', { orderId: 'RULE4', amount: '3', scenario: 'authorized' })
  const uuid = String((await harness.status('RULE4'))['txn_uuid'])
  say((await harness.call('POST', `/v2/txns/${uuid}/void`, { amount: '1' })).body)
  say((await harness.call('POST', '/orders/RULE2/fulfillment', { fulfillment_status: 'SUCCESS' })).body)
}

const UDF = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`udf${i + 1}`, 'dummy']))

const MANDATE = {
  'options.create_mandate': 'REQUIRED',
  'mandate.max_amount': '1.0',
  'mandate.start_date': '1',
  'mandate.end_date': '2',
  'mandate.frequency': 'MONTHLY',
  'mandate.rule_type': 'AFTER',
  'mandate.rule_value': '30',
}

async function sessions(harness: Harness, say: Say): Promise<void> {
  const session = {
    order_id: 'SESSION1',
    amount: '10.80',
    payment_page_client_id: 'paydeskdemo',
    action: 'paymentPage',
    return_url: 'https://shop.test/',
    ...CUSTOMER,
    first_name: 'A',
    last_name: 'B',
    description: 'd',
  }
  say((await harness.postJson('/session', { ...session, ...MANDATE, action: 'enach' })).body)
  const page = {
    ...UDF,
    payment_filter: {
      allowDefaultOptions: false,
      options: [{ paymentMethodType: 'UPI', enable: true }],
      emiOptions: {},
    },
    gateway_id: '12',
    send_mail: true,
    send_sms: true,
    order_type: 'TPV_PAYMENT',
    billing_address_first_name: 'A',
    billing_address_last_name: 'B',
    'options.get_upi_deep_links': 'true',
    'metadata.expiryInMins': '30',
    'metadata.bank_account_details': '[]',
    'metadata.merchant_container_list': '[]',
    'metadata.JUSPAY:gateway_reference_id': 'payu_test',
  }
  say((await harness.postJson('/session', { ...session, order_id: 'SESSION2', ...page })).body)
  for (const orderId of ['SESSION1', 'SESSION2']) {
    await harness.control('POST', `/control/orders/${orderId}/attempts`, {})
    say(await harness.status(orderId))
  }
  await orders(harness, say)
}

async function orders(harness: Harness, say: Say): Promise<void> {
  const order = {
    amount: '10.80',
    'options.get_client_auth_token': 'true',
    'options.get_upi_deep_links': 'true',
    'options.get_upi_qr': 'true',
  }
  say((await harness.call('POST', '/orders', { order_id: 'ORDER1', ...order })).body)
  const response = await fetch(`${harness.address}/orders`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('sandbox-api-key:')}`, 'x-merchantid': 'paydeskdemo' },
    body: new URLSearchParams({ order_id: 'ORDER2', ...order }),
  })
  say(await response.json())
  say((await harness.call('POST', '/orders/ORDER1', { amount: '11' })).body)
  const attempt = { payment_method_type: 'NB', payment_method: 'NB_HDFC' }
  say(
    (await harness.call('POST', '/txns', { 'order.order_id': 'ORDER3', 'order.amount': '5', ...attempt }))
      .body,
  )
  await harness.call('POST', '/orders', { order_id: 'ORDER4', amount: '1', ...CUSTOMER, ...MANDATE })
  await harness.control('POST', '/control/orders/ORDER4/attempts', {})
  say(await harness.status('ORDER4'))
}

/** One refusal of each family (reference 9.6). */
async function refusals(harness: Harness, say: Say): Promise<void> {
  const tell = async (answer: Promise<Answer>) => say((await answer).body)
  await tell(harness.call('GET', '/orders/NOSUCH'))
  await tell(harness.call('GET', '/orders/NOSUCH', {}, { authorization: 'Basic eA==' }))
  await tell(harness.refund('NOSUCH', 'R1', '1'))
  await tell(harness.refund('SHAPE0', 'R2', '99999'))
  await tell(harness.postJson('/session', {}))
  await tell(harness.postJson('/session', { order_id: 'no good', amount: '1' }))
  await tell(harness.postJson('/session', { order_id: 'X', amount: '1', payment_page_client_id: 'x' }))
  await tell(harness.call('POST', '/customers', { object_reference_id: 'short' }))
  const publicKey = generateKeyPairSync('rsa', { modulusLength: 2_048 }).publicKey
  const pem = publicKey.export({ type: 'spki', format: 'pem' })
  await harness.control('POST', '/control/jwt-keys', { publicKey: pem })
  await tell(harness.postJson('/v4/session', { header: 'x' }))
  const late = { ...MANDATE, 'mandate.start_date': 'soon' }
  await tell(harness.call('POST', '/orders', { order_id: 'ORDER5', amount: '1', ...CUSTOMER, ...late }))
  const mandate = nested(await harness.status('ORDER4'), 'mandate')
  const cancel = { command: 'cancel_recurring_transaction', order_id: 'ORDER4' }
  await tell(harness.call('POST', `/mandates/${String(mandate['mandate_id'])}`, cancel))
  const fulfil = { fulfillment_status: 'SUCCESS', fulfillment_command: 'HOLD' }
  for (const _twice of [1, 2]) await tell(harness.call('POST', '/orders/RULE2/fulfillment', fulfil))
}

/** What starts the SDK: a session's payload, and the signed forms of Initiate and Process, each taken by the sandbox. */
export async function signPayloads(harness: Harness, say: Say): Promise<void> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const publicPem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString()
  await harness.control('POST', '/control/merchants', {
    merchantId: 'paydeskdemo',
    publicKeys: { 2980: publicPem },
  })
  const key = { privateKeyPem, merchantKeyId: '2980' }
  const who = { merchantId: 'paydeskdemo', clientId: 'paydeskdemo', environment: 'sandbox' }
  const initiate = signInitiate({ merchantId: 'paydeskdemo', customerRef: 'c', at: new Date(0) }, key)
  expect(await initiateProblem(harness, initiate)).toBeNull()
  say({
    ...envelope,
    payload: { action: 'initiate', ...who, customerId: 'c', ...signedAs(initiate, 'signaturePayload') },
  })
  const process = signProcess(
    {
      orderRef: 'SIGNED1',
      amountMinor: 1_300n,
      currency: 'INR',
      merchantId: 'paydeskdemo',
      customerRef: 'c',
      customerEmail: 'a@example.test',
      customerPhone: '9999999999',
      firstName: 'A',
      lastName: 'B',
      returnUrl: 'https://shop.test/',
      description: 'd',
      udf: UDF,
      extra: { 'options.create_mandate': 'OPTIONAL', 'metadata.webhook_url': 'https://shop.test/' },
      at: new Date(0),
    },
    key,
  )
  const customer = { customerId: 'c', customerEmail: 'a@example.test', customerMobile: '9999999999' }
  const details = {
    action: 'paymentPage',
    amount: '13.00',
    orderId: 'SIGNED1',
    language: 'english',
    ...customer,
  }
  const query = new URLSearchParams({
    order_details: process.payload,
    signature: process.signature,
    merchant_key_id: process.merchantKeyId,
  })
  const opened = await fetch(`${harness.address}/payment-page/sdk?${query.toString()}`)
  expect(opened.status).toBe(200)
  say({ ...envelope, payload: { ...who, ...details, ...signedAs(process, 'orderDetails') } })
  const session = await harness.postJson('/session', {
    order_id: 'SIGNED2',
    amount: '13.00',
    action: 'paymentPage',
    payment_page_client_id: 'paydeskdemo',
    ...CUSTOMER,
  })
  say(session.body['sdk_payload'])
}

const envelope = { requestId: '8cbc3fad-8b3f-40c0-ae93-2d7e75a8624a', service: 'in.juspay.hyperpay' }

function signedAs({ payload, signature, merchantKeyId }: SignedPayload, name: string): Json {
  return { [name]: payload, signature, merchantKeyId }
}

async function initiateProblem(harness: Harness, signed: SignedPayload): Promise<unknown> {
  const { payload: signaturePayload, signature, merchantKeyId } = signed
  const response = await fetch(`${harness.address}/payment-page/sdk/initiate`, {
    method: 'POST',
    body: new URLSearchParams({ merchantId: 'paydeskdemo', signaturePayload, signature, merchantKeyId }),
  })
  const answer: Json = JSON.parse(await response.text())
  return answer['problem']
}
