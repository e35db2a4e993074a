import { authTiming } from './auth-timing.ts'
import { useBattery } from './short-tier.ts'

useBattery(authTiming, { count: 2_000, events: 0 })
