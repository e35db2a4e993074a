import { model } from './model.ts'
import { useBattery } from './short-tier.ts'

useBattery(model, { count: 25, events: 0 })
