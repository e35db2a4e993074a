import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from './context.ts'
import { checked, controlRoute } from './control-route.ts'
import { newOrderSchema, simulateSchema } from './control-schemas.ts'
import { faultSchema } from './faults.ts'
import { insertOrder, madeOrderId, merchantOr404 } from './made-orders.ts'
import type { JsonObject } from './serialise.ts'
import { simulationOf, SIMULATIONS, SWITCHES, troublesOf } from './simulations.ts'

/** Seconds between the steps: long enough to watch, short enough to wait for. */
const PACE_SECONDS = 1

function list(): JsonObject {
  const named = (entries: object) => Object.entries(entries).map(([name, words]) => ({ name, ...words }))
  return { simulations: named(SIMULATIONS), switches: named(SWITCHES) }
}

/** Makes the orders of a simulation; what befalls them follows by the clock. */
function simulate(context: Context, request: FastifyRequest): JsonObject {
  const { simulation, count, switches, ...wish } = checked(simulateSchema, request)
  const { scenario, result } = simulationOf(simulation)
  const merchant = merchantOr404(context, wish.merchantId)
  const input = newOrderSchema.parse({ ...wish, scenario, paceSeconds: PACE_SECONDS })
  const at = context.clock.now()
  const troubles = troublesOf(simulation, switches)
  const made = context.database.transact(() =>
    Array.from({ length: count }, () => insertOrder(context, merchant, input, madeOrderId(), at, troubles)),
  )
  if (switches.includes('drop-reply')) {
    for (const { order } of made) {
      const { orderId } = order
      context.faults.add(faultSchema.parse({ kind: 'drop_response', route: 'refund', orderId, count: 1 }))
    }
  }
  context.scheduler.runDue()
  return {
    simulation,
    result,
    orderIds: made.map(({ order }) => order.orderId),
    lastsSeconds: Math.max(0, ...made.map(({ lastsSeconds }) => lastsSeconds)),
  }
}

/** The simulations, and running one. */
export function registerSimulations(app: FastifyInstance, context: Context): void {
  controlRoute(app, 'GET', '/control/simulations', list)
  controlRoute(app, 'POST', '/control/simulate', (request) => simulate(context, request))
}
