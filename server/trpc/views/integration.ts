/** What the integration page is told. Words and instants only: no credential and no key is among them. */
import { integrationSteps, type IntegrationFacts, type IntegrationStep } from '../../domain/integration.ts'
import { silentSwitches, type SilentSwitch } from '../../domain/silent-switch.ts'

export type IntegrationView = {
  steps: IntegrationStep[]
  switches: SilentSwitch[]
  /** What is entered at Juspay. */
  addresses: { webhookUrl: string; webhookUsername: string; returnUrl: string }
}

export function integrationView(
  facts: IntegrationFacts,
  addresses: IntegrationView['addresses'],
): IntegrationView {
  return { steps: integrationSteps(facts), switches: silentSwitches(facts), addresses }
}
