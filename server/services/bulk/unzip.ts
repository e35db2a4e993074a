/**
 * Entries of a ZIP archive that somebody uploaded. Every entry is inflated by zlib into a limit that is ours, whatever
 * sizes the archive claims: libraries that read spreadsheets trust those claims, or have no limit at all.
 */
import { inflateRawSync } from 'node:zlib'
import { Refusal } from '../../domain/refusal.ts'

const END_OF_DIRECTORY = 0x06054b50
const DIRECTORY_ENTRY = 0x02014b50
const LOCAL_ENTRY = 0x04034b50
const END_LENGTH = 22
const COMMENT_MAX = 0xffff
const STORED = 0
const DEFLATED = 8
const ENCRYPTED = 1

/** A spreadsheet has a few dozen parts. */
const ENTRIES_MAX = 2_000
/** Inflated bytes of all entries that are read. */
const INFLATED_MAX = 64 * 1024 * 1024

export type Archive = {
  names: readonly string[]
  /** The entry's bytes; null when there is no such entry. @throws Refusal when it is broken or too large */
  read(name: string): Buffer | null
}

type Entry = { method: number; flags: number; size: number; at: number }

/** Opens an archive. @throws Refusal invalid_input when it is none */
export function unzip(bytes: Buffer): Archive {
  const entries = directoryOf(bytes)
  let left = INFLATED_MAX
  return {
    names: [...entries.keys()],
    read(name) {
      const entry = entries.get(name)
      if (entry === undefined) return null
      const data = inflate(bytes, entry, left)
      left -= data.length
      return data
    },
  }
}

function directoryOf(bytes: Buffer): Map<string, Entry> {
  const end = endOfDirectory(bytes)
  const count = bytes.readUInt16LE(end + 10)
  if (count > ENTRIES_MAX) throw unreadable()
  const entries = new Map<string, Entry>()
  let at = bytes.readUInt32LE(end + 16)
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== DIRECTORY_ENTRY) throw unreadable()
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) =>
      bytes.readUInt16LE(at + field),
    )
    const nameEnd = at + 46 + (nameLength ?? 0)
    entries.set(bytes.toString('utf8', at + 46, nameEnd), {
      flags: bytes.readUInt16LE(at + 8),
      method: bytes.readUInt16LE(at + 10),
      size: bytes.readUInt32LE(at + 20),
      at: bytes.readUInt32LE(at + 42),
    })
    at = nameEnd + (extraLength ?? 0) + (commentLength ?? 0)
  }
  return entries
}

function endOfDirectory(bytes: Buffer): number {
  const first = Math.max(0, bytes.length - END_LENGTH - COMMENT_MAX)
  for (let at = bytes.length - END_LENGTH; at >= first; at -= 1)
    if (bytes.readUInt32LE(at) === END_OF_DIRECTORY) return at
  throw unreadable()
}

function inflate(bytes: Buffer, { method, flags, size, at }: Entry, left: number): Buffer {
  if (at + 30 > bytes.length || bytes.readUInt32LE(at) !== LOCAL_ENTRY) throw unreadable()
  if ((flags & ENCRYPTED) !== 0)
    throw new Refusal('invalid_input', 'This spreadsheet is protected by a password.', 'Save it without one.')
  const start = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28)
  const data = bytes.subarray(start, start + size)
  if (data.length !== size || (method !== STORED && method !== DEFLATED)) throw unreadable()
  if (method === STORED) {
    if (data.length > left) throw tooLarge()
    return data
  }
  try {
    return inflateRawSync(data, { maxOutputLength: Math.max(1, left) })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    throw code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge() : unreadable()
  }
}

function unreadable(): Refusal {
  return new Refusal('invalid_input', 'This spreadsheet cannot be read.', 'Save it again as XLSX or as CSV.')
}

function tooLarge(): Refusal {
  return new Refusal('invalid_input', 'This spreadsheet is too large when it is unpacked.', 'Save it as CSV.')
}
