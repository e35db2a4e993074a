import { createAuthEndpoint } from '@better-auth/core/api'
import { setSessionCookie } from 'better-auth/cookies'
import { z } from 'zod'

/**
 * A part of ours in the sign-in library: starts a session for somebody who was let in by other means than a password
 * alone, with the library's own token and signed cookie. It has no address; only our code can call it.
 */
export function sessionStart() {
  return {
    id: 'paydesk-session-start',
    endpoints: {
      startSession: createAuthEndpoint.serverOnly(
        { method: 'POST', body: z.object({ userId: z.string() }) },
        async (ctx) => {
          const { internalAdapter } = ctx.context
          const user = await internalAdapter.findUserById(ctx.body.userId)
          if (!user) throw new Error('a session was to be started for somebody who does not exist')
          const session = await internalAdapter.createSession(user.id)
          await setSessionCookie(ctx, { session, user })
          return ctx.json({ sessionId: session.id })
        },
      ),
    },
  }
}
