import { killDatabase } from './kill-database.ts'
import { useBattery } from './short-tier.ts'

useBattery(killDatabase, { count: 4, events: 200 })
