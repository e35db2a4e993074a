import type { ComponentProps } from 'react'
import css from './icon-button.module.css'

type IconButtonProps = Omit<ComponentProps<'button'>, 'type'> & { 'aria-label': string }

/** A sign to press within a line of text: what copies it or takes it away. Among buttons an `ActionButton` has the icon. */
export function IconButton({ className, ...props }: IconButtonProps) {
  return <button {...props} type="button" className={`${css['button'] ?? ''} ${className ?? ''}`} />
}
