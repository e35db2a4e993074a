import type { ExportRecord } from '../../store/exports.ts'

export type ExportView = {
  id: string
  fileName: string
  status: ExportRecord['status']
  /** Orders that matched when it was asked for. */
  expected: number
  written: number
  bytes: number
  personal: boolean
  sha256: string | null
  note: string | null
  createdAt: Date
  finishedAt: Date | null
  expiresAt: Date
}

/** A file for the person who asked for it. */
export function exportView(file: ExportRecord): ExportView {
  return {
    id: file.id,
    fileName: file.fileName,
    status: file.status,
    expected: file.expected,
    written: file.written,
    bytes: Number(file.bytes),
    personal: file.request.personal,
    sha256: file.sha256,
    note: file.note,
    createdAt: file.createdAt,
    finishedAt: file.finishedAt,
    expiresAt: file.expiresAt,
  }
}
