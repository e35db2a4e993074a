import { expect } from 'vitest'

export const sheet = () => document.querySelector<HTMLElement>('body > [data-print-sheet]')

/** Has the list drawn for the browser that prints, as soon as the part that draws it has arrived. */
export async function beginPrint(): Promise<void> {
  await expect
    .poll(() => {
      window.dispatchEvent(new Event('beforeprint'))
      return sheet()
    })
    .not.toBeNull()
}

/** The heading and the lines above the rows. */
export function linesOnPaper(): (string | null)[] {
  return [...(sheet()?.querySelectorAll('h1, p') ?? [])].map(({ textContent }) => textContent)
}
