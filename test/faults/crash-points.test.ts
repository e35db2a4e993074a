import { crashPoints } from './crash-points.ts'
import { useBattery } from './short-tier.ts'

useBattery(crashPoints, { count: 0, events: 0 })
