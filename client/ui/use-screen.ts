/** How much room a screen has, for what style sheets alone cannot decide. Known before the first drawing. */
import { useMediaQuery } from '@mantine/hooks'

const AT_ONCE = { getInitialValueInEffect: false }

/** Whether there is no room for two panels side by side. */
export function useNarrow(): boolean {
  return useMediaQuery('(max-width: 1023px)', undefined, AT_ONCE)
}

/** Whether it is a phone held upright: a bar's buttons fit on one line only without their words. */
export function useSlim(): boolean {
  return useMediaQuery('(max-width: 479px)', undefined, AT_ONCE)
}
