import { answers } from './answers.ts'
import { useBattery } from './short-tier.ts'

useBattery(answers, { count: 40, events: 0 })
