/**
 * Step-up: before an act that moves money or gives power, a person proves again who they are, so that an unattended
 * screen or a stolen session is not enough (ASVS 7.5.3).
 */
export const STEP_UP_MINUTES = 5

/**
 * Refunds above this many minor units want a step-up of the person who asks, unless the policy says otherwise; smaller
 * ones are everyday work.
 */
export const STEP_UP_ABOVE_MINOR_DEFAULT = 1_000_000n

/** Whether somebody who last proved who they are at `at` may still act without doing it again. */
export function isSteppedUp(at: Date | null, now: Date): boolean {
  return at !== null && now.getTime() - at.getTime() <= STEP_UP_MINUTES * 60_000
}
