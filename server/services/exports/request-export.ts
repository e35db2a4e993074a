import type { StaffActor } from '../../domain/actor.ts'
import {
  EXPORT_AT_ONCE_MAX,
  EXPORT_DAYS,
  EXPORTS_KEPT_MAX,
  exportFacts,
  exportFields,
  exportFileName,
  type ExportRequest,
  type KeptExportRequest,
} from '../../domain/order-export.ts'
import { csvLine } from '../../domain/csv.ts'
import { deniedReason, roleCan, type Permission } from '../../domain/permission.ts'
import { loggedFilter } from '../../domain/personal-search.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { ExportRecord } from '../../store/exports.ts'
import type { Deps } from '../deps.ts'
import { BOM } from './csv-file.ts'
import { exportedOrders } from './export-scope.ts'
import { EXPORT_LEASE_MS, writeExport } from './write-export.ts'

const DAY_MS = 24 * 60 * 60 * 1_000

type ExportDeps = Pick<Deps, 'store' | 'clock' | 'ids' | 'wake'>

/**
 * Asks for a file of orders. That somebody does, with the filter and the rows, is written down before the first row is
 * read. Up to {@link EXPORT_AT_ONCE_MAX} rows it is ready when this returns; beyond, a job makes it. The same key is the
 * same file.
 * @throws Refusal invalid_input, permission_denied for personal data, limit_exceeded
 */
export async function requestExport(
  deps: ExportDeps,
  actor: StaffActor,
  input: { requestKey: string; request: ExportRequest },
): Promise<ExportRecord> {
  const { accountId, userId } = actor
  const { requestKey } = input
  const request = { ...input.request, names: roleCan(actor.role, 'order:pii') }
  if (request.personal) demandPersonal(actor)
  const known = await deps.store.exports.byKey(accountId, userId, requestKey)
  if (known !== null) return known
  const now = deps.clock.now()
  const account = await deps.store.accounts.byId(accountId)
  if (account === null) throw new Refusal('not_found', 'There is no such merchant account.')
  const which = exportedOrders(request, {
    currency: account.currency,
    userId,
    masked: !request.names,
    now,
  })
  const found =
    'orderIds' in which
      ? { count: which.orderIds.length, exact: true }
      : await deps.store.orders.estimate(accountId, which.filter)
  const atOnce = found.exact && found.count <= EXPORT_AT_ONCE_MAX
  const claim = await deps.store.transaction(async (tx) => {
    const inserted = await tx.exports.insert({
      id: deps.ids.uuid(),
      accountId,
      userId,
      requestKey,
      request,
      fileName: exportFileName(now, request, account.environment),
      expected: found.count,
      at: now,
      expiresAt: new Date(now.getTime() + EXPORT_DAYS * DAY_MS),
      leaseUntil: atOnce ? new Date(now.getTime() + EXPORT_LEASE_MS) : null,
    })
    if (inserted === null) return null
    await tx.audit.append({
      actor,
      action: 'order.export',
      subjectKind: 'order_export',
      subjectId: inserted.id,
      outcome: 'done',
      after: {
        ...request,
        what: loggedWhat(request.what, account),
        rows: found.count,
        rowsExact: found.exact,
      },
    })
    return inserted
  })
  if (claim === null) return whyNotAsked(deps, actor, requestKey)
  if (atOnce) await writeExport(deps, claim)
  else deps.wake('exports')
  return demandExport(deps, actor, claim.id)
}

function loggedWhat(what: ExportRequest['what'], account: { currency: string }): ExportRequest['what'] {
  return what.kind === 'list' ? { ...what, q: loggedFilter(what.q, account) } : what
}

/** The file that a double click made meanwhile, or the refusal. */
async function whyNotAsked(
  deps: Pick<Deps, 'store'>,
  { accountId, userId }: StaffActor,
  requestKey: string,
): Promise<ExportRecord> {
  const known = await deps.store.exports.byKey(accountId, userId, requestKey)
  if (known !== null) return known
  throw new Refusal('limit_exceeded', `You have ${EXPORTS_KEPT_MAX} files.`, 'Delete one you do not need.')
}

function demandPersonal({ role }: StaffActor): void {
  if (!roleCan(role, 'order:pii')) throw new Refusal('permission_denied', deniedReason(role, 'order:pii'))
}

async function demandExport(
  deps: Pick<Deps, 'store' | 'clock'>,
  { accountId, userId }: StaffActor,
  exportId: string,
): Promise<ExportRecord> {
  const found = await deps.store.exports.own(accountId, userId, exportId, deps.clock.now())
  if (found === null) throw new Refusal('not_found', 'There is no such file. It may have expired.')
  return found
}

/** Makes the file that waits longest. False when none waits. */
export async function makeNextExport(deps: Deps, signal?: AbortSignal): Promise<boolean> {
  const now = deps.clock.now()
  const claim = await deps.store.exports.claim(now, new Date(now.getTime() + EXPORT_LEASE_MS))
  if (claim === null) return false
  await writeExport(deps, claim, signal)
  return true
}

/** Takes a file of one's own away. @throws Refusal not_found */
export async function removeExport(
  deps: Pick<Deps, 'store'>,
  actor: StaffActor,
  { exportId }: { exportId: string },
): Promise<void> {
  await deps.store.transaction(async (tx) => {
    if (!(await tx.exports.remove(actor.accountId, actor.userId, exportId)))
      throw new Refusal('not_found', 'There is no such file.')
    await tx.audit.append({
      actor,
      action: 'order.export.delete',
      subjectKind: 'order_export',
      subjectId: exportId,
      outcome: 'done',
    })
  })
}

/**
 * A finished file for the person who asked for it, piece by piece; each fetch is written down. Whoever may not see
 * personal data any more does not get a file with it.
 * @throws Refusal not_found, permission_denied, conflict while it is not ready
 */
export async function fetchExport(
  deps: Pick<Deps, 'store' | 'clock'>,
  actor: StaffActor,
  { exportId }: { exportId: string },
): Promise<{
  fileName: string
  bytes: bigint
  format: ExportRequest['format']
  /** What its person must still be allowed while it is on its way. */
  permissions: readonly Permission[]
  pieces: AsyncGenerator<Buffer>
}> {
  const file = await demandExport(deps, actor, exportId)
  const { asOf, sha256, request } = file
  const personal = request.personal || request.names
  if (personal) demandPersonal(actor)
  if (file.status !== 'ready' || asOf === null || sha256 === null)
    throw new Refusal('conflict', 'This file is not ready.')
  await deps.store.audit.append({
    actor,
    action: 'order.export.download',
    subjectKind: 'order_export',
    subjectId: file.id,
    outcome: 'done',
    after: { rows: file.written, sha256, fileName: file.fileName },
  })
  const head =
    request.format === 'csv' ? csvHead(request, { asOf, rows: file.written, sha256 }) : Buffer.alloc(0)
  return {
    fileName: file.fileName,
    bytes: BigInt(head.length) + file.bytes,
    format: request.format,
    permissions: personal ? ['export:create', 'order:pii'] : ['export:create'],
    pieces: piecesOf(),
  }

  async function* piecesOf(): AsyncGenerator<Buffer, void, void> {
    if (head.length > 0) yield head
    for (let seq = 0; ; seq += 1) {
      const piece = await deps.store.exports.piece(exportId, seq)
      if (piece === null) return
      yield piece
    }
  }
}

/** What a CSV file says about itself, an empty line, and the names of the columns. */
function csvHead(request: KeptExportRequest, made: { asOf: Date; rows: number; sha256: string }): Buffer {
  const facts = exportFacts(request, made).map((line) => csvLine(line))
  const names = csvLine(exportFields(request).map(({ head }) => head))
  return Buffer.from(`${BOM}${facts.join('')}\r\n${names}`)
}
