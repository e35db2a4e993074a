import IconChevronLeft from '@tabler/icons-react/dist/esm/icons/IconChevronLeft.mjs'
import { useContext, useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react'
import { createPortal } from 'react-dom'
import { announce } from './announcer.tsx'
import { FrameContext } from './frame-context.ts'
import { useKit } from './kit-context.ts'
import css from './page.module.css'

export type Crumb = { label: string; to: string }

export type PageProps = {
  /** Name of the page: `h1` in the top bar, document title, and announced on arrival. */
  title: string
  /** Draw the title in the mono face (IDs). */
  titleIsId?: boolean
  crumbs?: readonly Crumb[]
  /** Beside the title, for example a copy button. */
  titleExtra?: ReactNode
  children: ReactNode
}

/**
 * A page of the signed-in part: puts its title into the frame's top bar, names the document
 * ("Sandbox: Transactions · Paydesk"), moves focus to the heading when the page opens and announces it.
 * Children stack from top to bottom; give one of them the rest of the height (`DataGrid`, `PageScroll`).
 */
export function Page({ title, titleIsId = false, crumbs = [], titleExtra, children }: PageProps) {
  const { productName, environment, link: Link } = useKit()
  const frame = useContext(FrameContext)
  const heading = useRef<HTMLHeadingElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const [slot, setSlot] = useState<HTMLElement | null>(null)
  useLayoutEffect(() => setSlot(frame?.titleSlot.current ?? null), [frame])
  useEffect(() => {
    if (!slot || !frame) return
    // On the first page of a visit focus stays with the browser, so that "Skip to content" is the first tab stop.
    if (frame.visited.current) {
      // A list that gave its row the focus back has said where the person is, and a dialog that was opened while this
      // page was on its way keeps the keys that are typed into it.
      const at = document.activeElement
      if (!content.current?.contains(at) && !at?.closest('[aria-modal=true]')) heading.current?.focus()
      announce(`${title}, ${productName}`)
    }
    frame.visited.current = true
    // Once per page, not per title: a title that is filled in later must not move focus again.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [slot])
  const bar = (
    <div className={css['titleRow']}>
      {crumbs.length ? (
        <nav aria-label="Breadcrumb" className={css['crumbs']}>
          {crumbs.map((crumb) => (
            <span key={crumb.to}>
              <Link to={crumb.to} className={css['crumb']}>
                <IconChevronLeft className={css['crumbMark']} size={20} stroke={1.75} aria-hidden />
                <span className={css['crumbText']}>{crumb.label}</span>
              </Link>
              <span aria-hidden className={css['crumbEnd']}>
                {' / '}
              </span>
            </span>
          ))}
        </nav>
      ) : null}
      <h1 ref={heading} tabIndex={-1} className={css['title']} data-id={titleIsId || undefined}>
        {title}
      </h1>
      {titleExtra}
    </div>
  )
  return (
    <>
      <title>{`${environment === 'sandbox' ? 'Sandbox: ' : ''}${title} · ${productName}`}</title>
      {slot ? createPortal(bar, slot) : null}
      {frame ? (
        <div ref={content} className={css['page']}>
          {children}
        </div>
      ) : (
        <main className={css['bare']}>
          {bar}
          {children}
        </main>
      )}
    </>
  )
}

/**
 * A part of the page that takes the rest of the height and scrolls. `flush` leaves out the padding. Where nothing in it
 * takes the focus, `label` names it and makes it a tab stop: otherwise the keyboard could not scroll it.
 */
export function PageScroll(props: { children: ReactNode; flush?: boolean; label?: string }) {
  const { children, flush = false, label } = props
  const stop = label === undefined ? {} : { tabIndex: 0, role: 'region', 'aria-label': label }
  return (
    <div className={css['scroll']} data-flush={flush || undefined} {...stop}>
      {children}
    </div>
  )
}

/** A bar across the page; `tall` is the header of a detail page. Children sit on one line and wrap. */
export function PageBar({
  children,
  end,
  tall = false,
}: {
  children: ReactNode
  end?: ReactNode
  tall?: boolean
}) {
  return (
    <div className={css['bar']} data-tall={tall || undefined}>
      <div className={css['barStart']}>{children}</div>
      {end ? <div className={css['barEnd']}>{end}</div> : null}
    </div>
  )
}

/** Main column and a 400 px side column of facts; one column on narrow screens. */
export function SplitPage({
  children,
  aside,
  asideLabel,
}: {
  children: ReactNode
  aside: ReactNode
  asideLabel: string
}) {
  return (
    <div className={css['split']}>
      <div className={css['main']}>{children}</div>
      <aside className={css['aside']} aria-label={asideLabel}>
        {aside}
      </aside>
    </div>
  )
}

/** A titled part of a page or side column. */
export function Section({ title, children, end }: { title: string; children: ReactNode; end?: ReactNode }) {
  return (
    <section className={css['section']} aria-label={title}>
      <div className={css['sectionHead']}>
        <h2 className="section-heading">{title}</h2>
        {end}
      </div>
      {children}
    </section>
  )
}

/** The 32 px line at the bottom of lists: counts at the start, key hints at the end. */
export function PageFooter({ children, end }: { children: ReactNode; end?: ReactNode }) {
  return (
    <div className={css['footer']}>
      <div className={css['footerStart']}>{children}</div>
      {end ? <div className={css['footerEnd']}>{end}</div> : null}
    </div>
  )
}
