import IconCheck from '@tabler/icons-react/dist/esm/icons/IconCheck.mjs'
import { Fragment } from 'react'
import { ROLE_LABELS, roleCan, ROLES } from '../../../server/domain/permission.ts'
import { Section } from '../../ui/page.tsx'
import { PERMISSION_GROUPS, ROLE_SENTENCES } from './role-words.ts'
import css from './staff.module.css'

/** What each role is for and what it may do. Roles are fixed; this page explains them. */
export function RoleMatrix() {
  return (
    <>
      <Section title="What the roles are for">
        <dl className={css['roles']}>
          {ROLES.map((role) => (
            <div key={role}>
              <dt>{ROLE_LABELS[role]}</dt>
              <dd>{ROLE_SENTENCES[role]}</dd>
            </div>
          ))}
        </dl>
        <p className="caption">Whoever asked for a refund can never approve it, in any role.</p>
      </Section>
      <Section title="What each role may do">
        {/* A scrolling region has to be reachable by keyboard. */}
        <div className={css['matrixScroll']} tabIndex={0} role="region" aria-label="Permissions by role">
          <table className={css['matrix']}>
            <caption className="visually-hidden">Permissions by role</caption>
            <thead>
              <tr>
                <th scope="col">Permission</th>
                {ROLES.map((role) => (
                  <th key={role} scope="col">
                    {ROLE_LABELS[role]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {PERMISSION_GROUPS.map((group) => (
                <Fragment key={group.title}>
                  <tr>
                    <th scope="rowgroup" colSpan={ROLES.length + 1} className={css['group']}>
                      {group.title}
                    </th>
                  </tr>
                  {group.permissions.map(({ id, label }) => (
                    <tr key={id}>
                      <th scope="row">
                        {label} <span className={css['code']}>{id}</span>
                      </th>
                      {ROLES.map((role) => (
                        <td key={role}>
                          {roleCan(role, id) ? (
                            <>
                              <IconCheck size={14} stroke={2.25} aria-hidden />
                              <span className="visually-hidden">Yes</span>
                            </>
                          ) : (
                            <span className="visually-hidden">No</span>
                          )}
                        </td>
                      ))}
                    </tr>
                  ))}
                </Fragment>
              ))}
            </tbody>
          </table>
        </div>
      </Section>
    </>
  )
}
