/** A customer's way to the hosted page, over HTTP. */
import { nested, type Harness } from './support.ts'

/** A session of the shop's server: the address of its page, and the client token of the SDK. */
export async function openSession(
  harness: Harness,
  orderId: string,
): Promise<{ page: string; token: string }> {
  const { body } = await harness.postJson('/session', {
    order_id: orderId,
    amount: '149999.50',
    customer_id: 'cust_1',
    first_name: '<Meera>',
    description: 'Saree',
    payment_page_client_id: 'paydeskdemo',
    action: 'paymentPage',
    return_url: 'http://localhost:4000/back?cart=7',
  })
  return {
    page: String(nested(body, 'payment_links')['web']),
    token: String(nested(body, 'sdk_payload', 'payload')['clientAuthToken']),
  }
}

/** Presses a button of the page. */
export function press(page: string, outcome: string, more: Record<string, string> = {}): Promise<Response> {
  return fetch(page, {
    method: 'POST',
    body: new URLSearchParams({ outcome, type: 'UPI', ...more }),
    redirect: 'manual',
  })
}
