import { useBattery } from './short-tier.ts'
import { killServer } from './kill-server.ts'

useBattery(killServer, { count: 20, events: 500 })
