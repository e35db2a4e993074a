import { races } from './races.ts'
import { useBattery } from './short-tier.ts'

useBattery(races, { count: 13, events: 0 })
