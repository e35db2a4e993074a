/** Longer lives: two or three of the others happen to one order. */
import { SCENES, type Scene } from './permutation-scenes.ts'

export const LONG_SCENES: readonly Scene[] = [
  longer(
    'refused, charged, refunded in part, disputed',
    'refused, then charged with another gateway',
    'a refund of a part',
    'a dispute that is won',
  ),
  longer(
    'charged twice, returned, disputed',
    'a double charge',
    'a double charge, one returned',
    'a dispute that is lost, and a refund',
  ),
  longer(
    'a portal refund beside a failed one',
    'late success of a failed attempt',
    'a refund that failed',
    'a refund made in the portal',
  ),
  longer(
    'everything masked and contradicted',
    'a charge, masked before clear',
    'variants of one event in other bytes',
    'contradictions of one instant',
  ),
  longer(
    'a mandate, unknown words and no dates',
    'a mandate and its notices',
    'words that nobody knows',
    'messages without a date',
  ),
]

function longer(name: string, ...parts: readonly string[]): Scene {
  return { name, messages: parts.flatMap((part) => sceneOf(part).messages) }
}

/** @throws when there is no such scene */
function sceneOf(name: string): Scene {
  const scene = SCENES.find((one) => one.name === name)
  if (scene === undefined) throw new Error(`there is no scene "${name}"`)
  return scene
}
