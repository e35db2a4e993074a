import { crc32, deflateRawSync } from 'node:zlib'

/** One part of an archive; `claimed` is the inflated size that the archive says, when it lies. */
export type ZipPart = { name: string; data: string | Buffer; claimed?: number }

/** A ZIP archive, written by hand so that tests can make it lie. */
export function zip(parts: readonly ZipPart[]): Buffer {
  const files: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const { name, data, claimed } of parts) {
    const raw = Buffer.from(data)
    const packed = deflateRawSync(raw)
    const head = Buffer.alloc(26)
    head.writeUInt16LE(20, 0)
    head.writeUInt16LE(8, 4)
    head.writeUInt32LE(crc32(raw), 10)
    head.writeUInt32LE(packed.length, 14)
    head.writeUInt32LE(claimed ?? raw.length, 18)
    head.writeUInt16LE(Buffer.byteLength(name), 22)
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), head, Buffer.from(name), packed])
    const entry = Buffer.alloc(42)
    head.copy(entry, 2, 0, 24)
    entry.writeUInt16LE(20, 0)
    entry.writeUInt32LE(at, 38)
    directory.push(Buffer.concat([Buffer.from('PK\u0001\u0002'), entry, Buffer.from(name)]))
    files.push(local)
    at += local.length
  }
  const body = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(parts.length, 4)
  end.writeUInt16LE(parts.length, 6)
  end.writeUInt32LE(body.length, 8)
  end.writeUInt32LE(at, 12)
  return Buffer.concat([...files, body, Buffer.from('PK\u0005\u0006'), end])
}

/** A workbook whose first sheet is `sheet` (the rows' XML); shared strings, styles and properties as given. */
export function workbook(
  sheet: string,
  shared: readonly string[] = [],
  { styles, properties = '' }: { styles?: string; properties?: string } = {},
): Buffer {
  return zip([
    ...(styles === undefined ? [] : [{ name: 'xl/styles.xml', data: `<styleSheet>${styles}</styleSheet>` }]),
    {
      name: 'xl/workbook.xml',
      data: `<workbook xmlns:r="r">${properties}<sheets><sheet name="Refunds" sheetId="1" r:id="rId7"/></sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      data: '<Relationships><Relationship Id="rId7" Target="worksheets/refunds.xml"/></Relationships>',
    },
    { name: 'xl/worksheets/refunds.xml', data: `<worksheet><sheetData>${sheet}</sheetData></worksheet>` },
    { name: 'xl/sharedStrings.xml', data: `<sst>${shared.map((one) => `<si>${one}</si>`).join('')}</sst>` },
  ])
}
