import { z } from 'zod'
import { PROOF_WORDS_MAX } from '../../domain/integration-proof.ts'
import {
  listSimulations,
  sendSandboxEvent,
  setSandboxTraffic,
  simulatePayments,
} from '../../services/sandbox/control.ts'
import { checkoutAccount, DEMO_ORDER_REF, startCheckout } from '../../services/sandbox/start-checkout.ts'
import { signInitiatePayload } from '../../services/sdk/sign-payload.ts'
import { procedure, router } from '../init.ts'
import { amountMinor, word } from '../inputs.ts'
import type {
  CheckoutStartView,
  SandboxInfoView,
  SignedInitiateView,
  SimulatedView,
  SimulationsView,
  TrafficView,
} from '../views/admin.ts'

/** Where the sandbox serves its HyperServices-compatible script. */
const HYPER_SERVICES = '/hyper-sdk-web/HyperServices.js'

/** Orders that one click on the sandbox page may make. */
const CREATE_MAX = 25
const TRAFFIC_MAX = 120
const SWITCHES_MAX = 10

/** As the sandbox names its simulations and switches; it knows which there are. */
const simulationName = z.string().regex(/^[a-z]+(-[a-z]+)*$/)

/** How the demo shop names its customer. */
const customerRef = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/)

const checkoutInput = z.strictObject({
  amountMinor,
  customer: z
    .strictObject({
      ref: customerRef.nullable().default(null),
      name: z.string().trim().max(100).nullable().default(null),
      email: z.email().max(254).nullable().default(null),
      phone: z
        .string()
        .regex(/^\d{10}$/)
        .nullable()
        .default(null),
    })
    .default({ ref: null, name: null, email: null, phone: null }),
  orderRef: z.string().regex(DEMO_ORDER_REF).nullable().default(null),
})

export const sandboxRouter = router({
  info: procedure('sandbox:use').query(async ({ ctx }): Promise<SandboxInfoView> => {
    const account = await ctx.deps.store.accounts.byId(ctx.signedIn.accountId)
    const { sandboxUrl, hyperSdkUrl } = ctx.deps.facts
    const url = account?.environment === 'sandbox' ? sandboxUrl : null
    const own = account?.environment === 'sandbox' ? hyperSdkUrl : null
    return {
      url,
      scriptUrl: own ?? (url === null ? null : new URL(HYPER_SERVICES, url).href),
      ownScript: own !== null,
      clientId: account?.clientId ?? '',
      pageUrl: url === null ? null : new URL('/control', url).href,
      available: url !== null,
    }
  }),

  signInitiate: procedure('sandbox:use')
    .input(z.strictObject({ customerRef }))
    .mutation(async ({ ctx, input }): Promise<SignedInitiateView> => {
      await checkoutAccount(ctx.deps, ctx.signedIn)
      const { payload, ...signed } = await signInitiatePayload(ctx.deps, ctx.signedIn, input)
      return { signaturePayload: payload, ...signed }
    }),

  startCheckout: procedure('sandbox:use')
    .input(checkoutInput)
    .mutation(async ({ ctx, input }): Promise<CheckoutStartView> => {
      const { sdkPayloadJson, ...start } = await startCheckout(ctx.deps, ctx.signedIn, input)
      return { ...start, sdkPayload: sdkPayloadJson === null ? null : JSON.parse(sdkPayloadJson) }
    }),

  /** What the SDK said in the demo checkout: Juspay tells only the browser whether it starts. */
  tellStep: procedure('sandbox:use')
    .input(
      z.strictObject({
        step: z.enum(['initiate', 'process']),
        ok: z.boolean(),
        words: z.string().trim().min(1).max(PROOF_WORDS_MAX),
      }),
    )
    .mutation(async ({ ctx, input }): Promise<{ noted: true }> => {
      await checkoutAccount(ctx.deps, ctx.signedIn)
      ctx.deps.noteProof(ctx.signedIn.accountId, input)
      return { noted: true }
    }),

  simulations: procedure('sandbox:use').query(async ({ ctx }): Promise<SimulationsView> => {
    const { simulations, switches } = await listSimulations(ctx.deps, ctx.signedIn)
    return {
      simulations: simulations.map(({ name, title, story, result }) => ({ name, title, story, result })),
      switches: switches.map(({ name, title, story }) => ({ name, title, story })),
    }
  }),

  simulate: procedure('sandbox:use')
    .input(
      z.strictObject({
        simulation: simulationName,
        switches: z.array(simulationName).max(SWITCHES_MAX).default([]),
        amountMinor,
        count: z.int().min(1).max(CREATE_MAX).default(1),
      }),
    )
    .mutation(async ({ ctx, input }): Promise<SimulatedView> => {
      const { orderRefs, lastsSeconds } = await simulatePayments(ctx.deps, ctx.signedIn, input)
      return { orderRefs, lastsSeconds }
    }),

  sendTestEvent: procedure('sandbox:use')
    .input(z.strictObject({ name: word }))
    .mutation(async ({ ctx, input }): Promise<{ sent: true }> => {
      await sendSandboxEvent(ctx.deps, ctx.signedIn, input.name)
      return { sent: true }
    }),

  traffic: procedure('sandbox:use')
    .input(z.strictObject({ perMinute: z.int().min(0).max(TRAFFIC_MAX), paused: z.boolean() }))
    .mutation(({ ctx, input }): Promise<TrafficView> => setSandboxTraffic(ctx.deps, ctx.signedIn, input)),
})
