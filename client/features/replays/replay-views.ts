/** Which events of a replay its page shows. */
export const ITEMS_VIEWS = ['all', 'changes', 'nothing', 'failures', 'left'] as const
export type ItemsView = (typeof ITEMS_VIEWS)[number]
