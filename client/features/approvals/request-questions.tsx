import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { COMMENT_MAX_LENGTH } from '../../../server/domain/refund-request.ts'
import { toActProblem, toProblem } from '../../lib/errors.ts'
import { useCan, useSession } from '../../lib/session.ts'
import { useTRPC } from '../../lib/trpc.ts'
import { ActionButton } from '../../ui/action-button.tsx'
import { TimeAgo } from '../../ui/date-time.tsx'
import { TextAreaField } from '../../ui/fields.tsx'
import { Section } from '../../ui/page.tsx'
import { Notice } from '../../ui/states.tsx'
import type { ApprovalRow } from './approval-types.ts'
import css from './approvals.module.css'

/** Questions of approvers and answers of the person who asked for the refund; they decide nothing. */
export function RequestQuestions({ row }: { row: ApprovalRow }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const canApprove = useCan('refund:approve')
  const { user } = useSession()
  const { requestId } = row
  const said = useQuery(
    trpc.approvals.comments.queryOptions({ requestId }, { enabled: row.commentCount > 0 }),
  )
  const comment = useMutation(trpc.approvals.comment.mutationOptions())
  const [text, setText] = useState<string | null>(null)
  const asker = row.requestedBy.id === user.id
  const label = asker ? 'Answer' : 'Ask a question'

  async function send() {
    try {
      const all = await comment.mutateAsync({ requestId, text: text ?? '' })
      client.setQueryData(trpc.approvals.comments.queryKey({ requestId }), all)
      setText(null)
      await client.invalidateQueries({ queryKey: trpc.approvals.list.pathKey() })
    } catch {
      // The problem is shown under the field, which keeps what was typed.
    }
  }
  const problem = comment.error ? toActProblem(comment.error) : null
  const mayWrite = canApprove.allowed || asker
  if (!mayWrite && row.commentCount === 0) return null
  return (
    <Section title="Questions">
      {said.error ? <p className="muted">{toProblem(said.error, 'the questions').title}</p> : null}
      <ol className={css['questions']} aria-label="Questions and answers">
        {said.data?.map(({ id, author, text: words, at, mine }) => (
          <li key={id}>
            <p className="caption">
              {mine ? 'You' : author.name}, <TimeAgo at={at} />
            </p>
            <p className={css['quote']}>{words}</p>
          </li>
        ))}
      </ol>
      {text === null ? (
        mayWrite ? (
          <ActionButton onPress={() => setText('')}>{label}</ActionButton>
        ) : null
      ) : (
        <>
          <TextAreaField
            label={asker ? 'Your answer' : `Your question to ${row.requestedBy.name}`}
            value={text}
            onChange={setText}
            maxLength={COMMENT_MAX_LENGTH}
          />
          {problem ? (
            <Notice tone="failed" title={problem.title}>
              {problem.message}
            </Notice>
          ) : null}
          <div className={css['buttons']}>
            <ActionButton onPress={() => setText(null)}>Cancel</ActionButton>
            <ActionButton
              tone="primary"
              busy={comment.isPending}
              disabledReason={text.trim() === '' ? 'Write something first.' : null}
              onPress={() => void send()}
            >
              Send
            </ActionButton>
          </div>
        </>
      )}
    </Section>
  )
}
