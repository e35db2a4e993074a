import { killRefunds } from './kill-refunds.ts'
import { useBattery } from './short-tier.ts'

useBattery(killRefunds, { count: 4, events: 0 })
