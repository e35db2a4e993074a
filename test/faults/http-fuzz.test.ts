import { httpFuzz } from './http-fuzz.ts'
import { useBattery } from './short-tier.ts'

useBattery(httpFuzz, { count: 1_000, events: 0 })
