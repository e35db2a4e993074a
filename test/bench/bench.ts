/** What all benchmarks have in common. */
import type { Ground } from '../faults/world.ts'

/** One line of the printed table and of the result: a name and figures with their units in their names. */
export type Row = { name: string } & Record<string, string | number | null>

export type Bench = {
  name: string
  title: string
  /** The name of a cluster that is kept from run to run, for data that take long to make. */
  kept?: string
  run(context: BenchContext): Promise<BenchResult>
}

export type BenchContext = {
  /** A durable PostgreSQL of the run's own, or the bench's kept one. */
  ground: Ground
  /** Scales how much is done; 1 is what is published. */
  scale: number
  progress: (line: string) => void
}

export type BenchResult = {
  rows: Row[]
  /** More than README has room for: printed, and kept in the result file. */
  details?: Row[]
  /** Sentences with the figures that are promised: `met` says whether this run kept them. */
  aims: { aim: string; found: string; met: boolean }[]
}
