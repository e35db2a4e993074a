import { useState } from 'react'
import { useLive } from '../../lib/live.tsx'

/** What the stream says of itself: it sends one event in `oneIn`, and `behind` more come from before. */
export type StreamPace = { oneIn: number; perSecond: number; behind: number }

const ALL_OF_THEM: StreamPace = { oneIn: 1, perSecond: 0, behind: 0 }

/** The latest word of the stream about its pace; a stream that begins sends everything. */
export function useStreamPace(): StreamPace {
  const [pace, setPace] = useState(ALL_OF_THEM)
  useLive((message) => {
    switch (message.kind) {
      case 'hello':
        return setPace(ALL_OF_THEM)
      case 'pace':
        return setPace((before) => ({ ...before, oneIn: message.oneIn, perSecond: message.perSecond }))
      case 'behind':
        return setPace((before) => ({ ...before, behind: message.about }))
      case 'event':
      case 'renewed':
      case 'change':
        return
    }
  })
  return pace
}
