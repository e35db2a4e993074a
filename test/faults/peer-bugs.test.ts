import { peerBugs } from './peer-bugs.ts'
import { useBattery } from './short-tier.ts'

useBattery(peerBugs, { count: 3, events: 0 })
