import { killDatabase } from './kill-database.ts'
import { useBattery } from './short-tier.ts'

useBattery(killDatabase, { count: 5, events: 200 })
