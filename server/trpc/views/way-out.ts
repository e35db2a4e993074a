/** What an empty list is told about what keeps its rows out. */

/** How many there are; `more` than that when counting stopped. */
export type CountView = { count: number; more: boolean }

/** What would match without one clause, `q` being the rest of the query, and in a longer time. */
export type WayOutView = {
  clause: ({ text: string; q: string } & CountView) | null
  wider: CountView | null
}
