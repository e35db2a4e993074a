import { ActionButton } from '../../ui/action-button.tsx'
import { ActionMenu, type MenuEntry } from '../../ui/menu.tsx'
import { USUAL_ORDER } from './sandbox-words.ts'
import type { Simulations } from './use-simulations.ts'

type SimulateMenuProps = {
  state: Simulations
  blocked: string | null
  opened: boolean
  onOpened: (opened: boolean) => void
}

/** Two clicks to any payment: open, choose. Switches keep the menu open. */
export function SimulateMenu({ state, blocked, opened, onOpened }: SimulateMenuProps) {
  if (blocked !== null || state.busy)
    return (
      <ActionButton disabledReason={blocked} busy={state.busy}>
        Simulate
      </ActionButton>
    )
  return (
    <ActionMenu
      label="Simulate a payment"
      opened={opened}
      onOpened={onOpened}
      entries={entriesOf(state)}
      trigger={
        <button type="button" className="kit-button">
          Simulate
        </button>
      }
    />
  )
}

function entriesOf(state: Simulations): MenuEntry[] {
  const { list, listProblem, on, toggle, run } = state
  if (list === null)
    return [{ kind: 'heading', id: 'none', label: listProblem?.title ?? 'Asking the sandbox' }]
  return [
    { kind: 'heading', id: 'simulations', label: 'One order that ends as' },
    ...list.simulations.map((simulation) => ({
      id: simulation.name,
      label: simulation.title,
      onPress: () => run(simulation, USUAL_ORDER),
    })),
    { kind: 'divider', id: 'between' },
    { kind: 'heading', id: 'switches', label: 'With' },
    ...list.switches.map(({ name, title }) => ({
      kind: 'check' as const,
      id: `with-${name}`,
      label: title,
      checked: on.includes(name),
      onPress: () => toggle(name),
    })),
  ]
}
