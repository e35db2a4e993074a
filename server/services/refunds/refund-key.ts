import { createHash, createHmac } from 'node:crypto'
import {
  approvalText,
  crockford,
  REFUND_KEY_LENGTH,
  refundKeyText,
  requestText,
} from '../../domain/refund-key.ts'

/**
 * Our idempotency key at Juspay for one attempt of one request (reliability §2.1.8): 20 Crockford base32 characters of
 * an HMAC. Derived, so that making the attempt twice makes the same key; the stored key is the one that counts.
 */
export function deriveRefundKey(
  secret: Uint8Array,
  attempt: { accountId: string; refundRequestId: string; attemptNo: number },
): string {
  const digest = createHmac('sha256', secret).update(refundKeyText(attempt)).digest()
  return crockford(digest, REFUND_KEY_LENGTH)
}

/** SHA-256 of what one gesture asked for. */
export function requestHash(input: Parameters<typeof requestText>[0]): Buffer {
  return createHash('sha256').update(requestText(input)).digest()
}

/** SHA-256 of what an approver is shown and agrees to. */
export function approvalHash(input: Parameters<typeof approvalText>[0]): Buffer {
  return createHash('sha256').update(approvalText(input)).digest()
}
