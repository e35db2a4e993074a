/**
 * The order for which this tab has left for a payment page of its own. Who comes back by the browser's Back button, and
 * not by the return address, may still have paid: the order is then asked about.
 */
const KEY = 'checkout.open'

export function rememberOpenOrder(orderRef: string): void {
  try {
    sessionStorage.setItem(KEY, orderRef)
  } catch {
    // Forbidden storage: whoever goes back by hand finds the cart.
  }
}

/** The order, once: it is forgotten with this. */
export function takeOpenOrder(): string | null {
  try {
    const orderRef = sessionStorage.getItem(KEY)
    sessionStorage.removeItem(KEY)
    return orderRef
  } catch {
    return null
  }
}
