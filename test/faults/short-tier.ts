/** A battery as a test of every run: few faults, brief waits, and its control. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runControl, type Battery, type Run } from './battery.ts'
import { openGround, type Ground } from './world.ts'

const OPEN_MS = 60_000
const RUN_MS = 180_000
const SEED = 1

/** Declares the tests of a battery, on a cluster of the file's own. */
export function useBattery(battery: Battery, size: Pick<Run, 'count' | 'events'>): void {
  let ground: Ground | null = null
  const run = (): Omit<Run, 'count' | 'events' | 'entry'> => {
    if (ground === null) throw new Error('the cluster runs only while the tests of the file do')
    return {
      ground,
      tier: 'short',
      rate: null,
      seed: SEED,
      progress: () => undefined,
      say: () => undefined,
      signal: new AbortController().signal,
    }
  }
  beforeAll(async () => {
    ground = await openGround()
  }, OPEN_MS)
  afterAll(() => ground?.close(), OPEN_MS)

  describe(battery.title, () => {
    test(`${size.count} times: nothing is broken`, { timeout: RUN_MS }, async () => {
      const { counts, violations } = await battery.run({ ...run(), ...size, entry: 'real' })
      expect(violations).toEqual([])
      if (size.events > 0) expect(counts['acked']).toBeGreaterThanOrEqual(size.events)
    })

    test(`finds out ${battery.control.what}`, { timeout: RUN_MS }, async () => {
      expect(await runControl(battery, run())).toMatchObject({ caught: true })
    })
  })
}
