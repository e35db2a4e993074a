import { procedureFuzz } from './procedure-fuzz.ts'
import { useBattery } from './short-tier.ts'

useBattery(procedureFuzz, { count: 20, events: 0 })
