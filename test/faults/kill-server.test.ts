import { useBattery } from './short-tier.ts'
import { killServer } from './kill-server.ts'

useBattery(killServer, { count: 10, events: 400 })
