import { races } from './races.ts'
import { useBattery } from './short-tier.ts'

useBattery(races, { count: 14, events: 0 })
