/** The demo shop's goods. Prices are in minor units of the account's currency. */
export type Item = { id: string; name: string; detail: string; priceMinor: bigint }

export const ITEMS: readonly Item[] = [
  { id: 'kettle', name: 'Brass pour-over kettle', detail: '900 ml, hand finished', priceMinor: 184_900n },
  { id: 'tea', name: 'Assam second flush', detail: 'Loose leaf, 250 g', priceMinor: 42_000n },
  { id: 'towel', name: 'Linen tea towel', detail: 'Indigo stripe', priceMinor: 36_550n },
]

export const DELIVERY_MINOR = 4_900n
/** Pieces of one item; a demo needs no warehouse. */
export const PIECES_MAX = 9

export type Cart = Readonly<Record<string, number>>

export const FIRST_CART: Cart = { kettle: 1, tea: 2, towel: 0 }

/** What is in the cart, with its price. */
export function linesOf(cart: Cart): { item: Item; pieces: number; totalMinor: bigint }[] {
  return ITEMS.map((item) => {
    const pieces = cart[item.id] ?? 0
    return { item, pieces, totalMinor: item.priceMinor * BigInt(pieces) }
  })
}

/** To pay: goods and delivery; nothing for an empty cart. */
export function totalOf(cart: Cart): bigint {
  const goods = linesOf(cart).reduce((sum, line) => sum + line.totalMinor, 0n)
  return goods === 0n ? 0n : goods + DELIVERY_MINOR
}

/** The cart with another number of pieces, kept within what the shop sells. */
export function withPieces(cart: Cart, itemId: string, pieces: number): Cart {
  return { ...cart, [itemId]: Math.max(0, Math.min(PIECES_MAX, pieces)) }
}

export type Buyer = { name: string; email: string; phone: string }

export const FIRST_BUYER: Buyer = {
  name: 'Meera Krishnan',
  email: 'meera.krishnan@example.com',
  phone: '9876543210',
}

/** Why the buyer's details cannot be used, field by field; null where they can. */
export function buyerProblems(buyer: Buyer): Readonly<Record<keyof Buyer, string | null>> {
  return {
    name: buyer.name.trim() === '' ? 'Name is needed for the delivery.' : null,
    email: /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(buyer.email) ? null : 'Email must look like name@example.com.',
    phone: /^\d{10}$/.test(buyer.phone) ? null : 'Phone must have 10 digits, without +91.',
  }
}
