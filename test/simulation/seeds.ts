/**
 * Seeds that once found something wrong; every test run lives through them again. What a seed stands for changes with
 * the simulation, so each is worth as much as the run it was found by.
 */
export const REGRESSION_SEEDS: readonly { seed: number; why: string }[] = [
  { seed: 57, why: 'a webhook ended a claim while its call was still in the air' },
  { seed: 278, why: 'a refund by Juspay itself came after the last look' },
  { seed: 965, why: 'a server died while its commit was on the way' },
  { seed: 1_652, why: 'a refund waited for ever for money that Juspay had taken back' },
  {
    seed: 15_477,
    why: 'the answer that told of a refund made in the portal could not be stored, and was never asked for again',
  },
  {
    seed: 209_574,
    why: 'a request was approved again every two days though Juspay had taken back what an earlier refund claimed',
  },
  { seed: 148, why: 'a refused call closed a refund of which an earlier call was still on its way' },
  { seed: 385, why: 'an order stayed unconfirmed for an auto refund of its second charge' },
]
