import { DENSITIES, type Density } from '../../server/domain/list-view.ts'
import { useShortcut } from '../ui/use-shortcut.ts'
import { nextDensity } from './preferences.ts'

type DensityActsProps = { density: Density; onDensity: (next: Density) => void }

/** How high rows are: `D` for the next, and each by name. A list that keeps its own takes the place of everybody's. */
export function DensityActs({ density, onDensity }: DensityActsProps) {
  useShortcut({
    id: 'density',
    keys: 'D',
    label: 'Change row height',
    group: 'Settings',
    palette: false,
    run: () => onDensity(nextDensity(density)),
  })
  return DENSITIES.map((one) => <DensityAct key={one} one={one} onDensity={onDensity} />)
}

type DensityActProps = { one: Density; onDensity: (next: Density) => void }

function DensityAct({ one, onDensity }: DensityActProps) {
  useShortcut({
    id: `density.${one}`,
    label: `Row height: ${one}`,
    group: 'Settings',
    keywords: 'density',
    run: () => onDensity(one),
  })
  return null
}
