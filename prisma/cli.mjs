// npm run prisma -- migrate dev --name add-disputes
import { prisma } from './command.mjs'

process.exitCode = prisma(process.argv.slice(2)).status ?? 1
