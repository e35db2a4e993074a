import { createContext, type RefObject } from 'react'

/** How a page reaches the frame around it: the place of its title, and whether a page was shown before. */
export type Frame = { titleSlot: RefObject<HTMLElement | null>; visited: RefObject<boolean> }

/** Null outside the frame: the page then brings its own landmark and heading. */
export const FrameContext = createContext<Frame | null>(null)
