/** Deliveries that were refused at the door: why, and what may be said of them without keeping what was sent. */
import { z } from 'zod/mini'

export const REJECTION_CAUSES = ['wrong_credentials', 'unknown_account', 'too_large'] as const
export type RejectionCause = (typeof REJECTION_CAUSES)[number]

/** Never the password, never the header, and no user name but our own. */
export const rejectionDetailSchema = z.object({
  /** How the sender said who it is. */
  scheme: z._default(z.enum(['none', 'basic', 'other']), 'none'),
  /** Whether the user name was the account's; then it is the password that is wrong. */
  userMatched: z._default(z.boolean(), false),
  contentLength: z._default(z.nullable(z.number()), null),
  userAgent: z._default(z.nullable(z.string()), null),
})

export type RejectionDetail = z.infer<typeof rejectionDetailSchema>

/** What failed, in words: "Wrong password for user demowebhook". */
export function describeRejection(
  cause: RejectionCause,
  { slug, detail, username }: { slug: string; detail: RejectionDetail; username: string },
): string {
  switch (cause) {
    case 'unknown_account':
      return `Unknown address /webhooks/juspay/${slug}`
    case 'too_large':
      return detail.contentLength === null
        ? 'Too large: more than 2 MB'
        : `Too large: ${(detail.contentLength / 1_000_000).toFixed(1)} MB`
    case 'wrong_credentials':
      if (detail.scheme === 'none') return 'No credentials'
      if (detail.scheme === 'other') return 'Not Basic authentication'
      return detail.userMatched ? `Wrong password for user ${username}` : 'Wrong user name'
  }
}

/** What to do about it. */
export function adviseOnRejection(
  cause: RejectionCause,
  { detail, username }: { detail: RejectionDetail; username: string },
): string {
  switch (cause) {
    case 'unknown_account':
      return 'If it is Juspay, correct the webhook address in its dashboard: the last part names the account.'
    case 'too_large':
      return 'Webhooks are a few KB. If it is Juspay, ask them what they send.'
    case 'wrong_credentials':
      return detail.scheme === 'basic' && detail.userMatched
        ? 'If it is Juspay, set the webhook password in its dashboard to the one kept here. It sends again for a day.'
        : `If it is Juspay, set its webhook to Basic authentication with the user ${username}. It sends again for a day.`
  }
}
