/** Approving several small requests in one go: each stays its own request, with its own checks. */
export const TOGETHER_MAX = 20
/** Requests above this many minor units are decided one by one. */
export const TOGETHER_ITEM_MAX_MINOR = 1_000_000n
