import { expect, test } from 'vitest'
import { gatewayLabel } from '../../server/domain/gateway.ts'
import { methodLabel } from '../../server/domain/payment-method.ts'
import { destinationText } from '../../server/domain/refund-destination.ts'

test.each([
  ['GOCASHFREE', 'Cashfree'],
  ['CASHFREE', 'Cashfree'],
  ['PAYU', 'PayU'],
  ['payu', 'PayU'],
  ['RAZORPAY', 'Razorpay'],
  ['HDFC', 'HDFC'],
  ['HDFC_UPI', 'HDFC UPI'],
  ['BILLDESK', 'BillDesk'],
  ['PHONEPE', 'PhonePe'],
  ['PAYTM_V2', 'Paytm'],
  ['CCAVENUE_V2', 'CCAvenue'],
  ['SOME_NEW_GATEWAY', 'Some New Gateway'],
])('the gateway %s is written %s', (code, label) => {
  expect(gatewayLabel(code)).toBe(label)
})

const paid = { methodType: null, method: null, cardBrand: null, cardLast4: null }

test.each([
  [{ methodType: 'CARD', method: 'VISA', cardLast4: '4242' }, 'Visa ··4242'],
  [{ methodType: 'CARD', method: 'CARD', cardBrand: 'MASTERCARD', cardLast4: '8210' }, 'Mastercard ··8210'],
  [{ methodType: 'CARD', cardBrand: 'RUPAY', cardLast4: '0001' }, 'RuPay ··0001'],
  [{ methodType: 'CARD', cardBrand: 'AMEX', cardLast4: '0002' }, 'Amex ··0002'],
  [{ methodType: 'CARD', cardLast4: '0003' }, 'Card ··0003'],
  [{ methodType: 'CARD', method: 'RUPAY' }, 'Card, RuPay'],
  [{ methodType: 'UPI', method: 'UPI_COLLECT' }, 'UPI'],
  [{ methodType: 'NB', method: 'NB_HDFC' }, 'Net banking, HDFC'],
  [{ methodType: 'NB', method: 'NB_ICICI' }, 'Net banking, ICICI'],
  [{ methodType: 'NB', method: 'NB_SBI' }, 'Net banking, SBI'],
  [{ methodType: 'NB', method: 'NB_KOTAK' }, 'Net banking, Kotak'],
  [{ methodType: 'WALLET', method: 'MOBIKWIK' }, 'Wallet, MobiKwik'],
  [{ methodType: 'WALLET', method: 'AMAZONPAY' }, 'Wallet, Amazon Pay'],
  [{ methodType: 'WALLET', method: 'PHONEPE' }, 'Wallet, PhonePe'],
  [{ methodType: 'WALLET', method: 'JP_PHONEPE' }, 'Wallet, PhonePe'],
  [{ methodType: 'CASH', method: 'CASH' }, 'Cash'],
  [{ methodType: 'BANK_TRANSFER' }, 'Bank Transfer'],
  [{ method: 'PAYTM' }, 'Paytm'],
  [{}, null],
])('%o is paid by %s', (by, label) => {
  expect(methodLabel({ ...paid, ...by })).toBe(label)
})

test('a refund goes back the way the money came, named the same everywhere', () => {
  const way = { ...paid, methodType: 'WALLET', method: 'MOBIKWIK', payerVpa: null }
  expect(destinationText({ ...way, gateway: 'GOCASHFREE' })).toBe('Wallet, MobiKwik through Cashfree')
  expect(destinationText({ ...paid, payerVpa: null, gateway: 'PAYU' })).toBe(
    'Original payment method through PayU',
  )
})
