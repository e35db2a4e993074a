import { ActionMenu } from './menu.tsx'
import { useFocusReturn } from './use-focus-return.ts'
import css from './jobs-menu.module.css'

type JobsMenuProps = {
  jobs: readonly {
    id: string
    /** What runs: "Batch 0197". */
    title: string
    /** How far it is: "312 of 1,240". */
    text: string
    /** Address of its page. */
    to: string
  }[]
}

/** "2 running" in the top bar: what runs, how far it is, and the way to it. */
export function JobsMenu({ jobs }: JobsMenuProps) {
  const noteFocus = useFocusReturn()
  return (
    <span className={css['menu']} onFocus={noteFocus}>
      <ActionMenu
        label="What is running"
        entries={jobs.map(({ id, title, text, to }) => ({
          kind: 'link',
          id,
          to,
          label: (
            <>
              <span className={css['title']}>{title}</span> <span className={css['text']}>{text}</span>
            </>
          ),
        }))}
        trigger={
          <button type="button" className={css['button']}>
            {jobs.length} running
          </button>
        }
      />
    </span>
  )
}
