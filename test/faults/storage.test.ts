import { STORAGE_FAULTS } from './storage-faults.ts'
import { storage } from './storage.ts'
import { useBattery } from './short-tier.ts'

useBattery(storage, { count: STORAGE_FAULTS.filter(({ needs }) => needs === 'nothing').length, events: 200 })
