/** Customers: few buy often, most once or twice. One customer is the same person in every order. */
import { FIRST_NAMES, LAST_NAMES, MAIL_HOSTS, UPI_HANDLES } from '../../server/sandbox/traffic-words.ts'
import { choicesOf, type Choices } from './choices.ts'

export type Customer = { ref: string; name: string; email: string; phone: string; vpa: string }

/** Orders for each customer on average. */
const ORDERS_EACH = 3.2
/** How unequal they are: 1 would be all alike. */
const SKEW = 2.4
const CUSTOMER = 1

/** Which of the customers of `orders` orders an order is of: the first ones most often. */
export function customerNumber(choices: Choices, orders: number): number {
  const customers = Math.max(1, Math.round(orders / ORDERS_EACH))
  return Math.floor(customers * choices.share() ** SKEW)
}

/** The person of that number. */
export function customerOf(seed: number, n: number): Customer {
  const choices = choicesOf(seed, CUSTOMER, n)
  const [first, last] = [choices.pick(FIRST_NAMES), choices.pick(LAST_NAMES)]
  const phone = `${choices.between(6, 9)}${String(choices.int(1_000_000_000)).padStart(9, '0')}`
  const number = choices.chance(0.7) ? String(choices.between(1, 9_999)) : ''
  const email = `${first}.${last}${number}@${choices.pick(MAIL_HOSTS)}`.toLowerCase()
  const local = choices.chance(0.5) ? phone : `${first}${last.slice(0, 1)}${number}`.toLowerCase()
  return {
    ref: `cust_${(n + 1).toString(36).padStart(6, '0')}`,
    name: `${first} ${last}`,
    email,
    // Shops send numbers in more than one way.
    phone: choices.chance(0.15) ? `+91${phone}` : phone,
    vpa: `${local}@${choices.pick(UPI_HANDLES)}`,
  }
}
