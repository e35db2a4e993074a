import { feed } from './feed.ts'
import { useBattery } from './short-tier.ts'

useBattery(feed, { count: 50, events: 2_000 })
