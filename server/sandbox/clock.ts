/** The sandbox's virtual time. A factor of 0 freezes it: only `jumpTo` moves it then. */
export type SandboxClock = {
  /** Virtual now, epoch milliseconds. */
  now(): number
  factor(): number
  setFactor(factor: number): void
  /** Moves virtual time forward to an instant; going back is ignored. */
  jumpTo(at: number): void
  /** Real milliseconds until a virtual instant; Infinity while time is frozen. */
  realDelayUntil(at: number): number
}

/**
 * A clock that starts at `start` and runs `factor` virtual milliseconds per real one.
 * @param wall the real clock, injectable for tests
 */
export function createClock(start: number, factor: number, wall: () => number = Date.now): SandboxClock {
  let anchorVirtual = start
  let anchorWall = wall()
  let rate = factor
  const now = () => Math.floor(anchorVirtual + (wall() - anchorWall) * rate)
  const anchorAt = (at: number) => {
    anchorVirtual = at
    anchorWall = wall()
  }
  return {
    now,
    factor: () => rate,
    setFactor(next) {
      anchorAt(now())
      rate = next
    },
    jumpTo(at) {
      if (at > now()) anchorAt(at)
    },
    realDelayUntil(at) {
      const left = at - now()
      if (left <= 0) return 0
      return rate === 0 ? Number.POSITIVE_INFINITY : left / rate
    },
  }
}

/** A frozen clock for tests: time passes only when the test says so. */
export function manualClock(start: number): SandboxClock {
  return createClock(start, 0)
}

/** Juspay's timestamps: UTC, second precision, `YYYY-MM-DDTHH:MM:SSZ` (reference 3.5). */
export function utcSeconds(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`
}
