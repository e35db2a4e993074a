import { PROXY_FAULTS } from '../support/fault-proxy.ts'
import { network } from './network.ts'
import { useBattery } from './short-tier.ts'

useBattery(network, { count: PROXY_FAULTS.length, events: 200 })
