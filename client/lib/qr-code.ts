/**
 * QR codes by ISO/IEC 18004: bytes, error correction level M, versions 1 to 10. That holds 213 characters, which is more
 * than the address that an authenticator app reads; so no library has to be kept for it.
 */

const VERSION_MAX = 10
/** Codewords of error correction in each block, and blocks, by version (table 9, level M). */
const CORRECTION = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26]
const BLOCKS = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5]
/** Centres of the alignment patterns by version (annex E). */
const ALIGNMENT = [
  [],
  [6, 18],
  [6, 22],
  [6, 26],
  [6, 30],
  [6, 34],
  [6, 22, 38],
  [6, 24, 42],
  [6, 26, 46],
  [6, 28, 50],
]

const at = (list: ArrayLike<number>, index: number): number => list[index] ?? 0

/** Modules of the code for `text`, row by row, true for dark. @throws when the text is too long */
export function qrModules(text: string): boolean[][] {
  const bytes = new TextEncoder().encode(text)
  const version = versionFor(bytes.length)
  const codewords = interleave(dataCodewords(bytes, version), version)
  const plain = drawPatterns(version)
  let best: { grid: Grid; penalty: number } | null = null
  for (let mask = 0; mask < 8; mask++) {
    const grid = plain.copy()
    drawFormat(grid, mask)
    drawData(grid, plain, codewords, mask)
    const penalty = penaltyOf(grid)
    if (best === null || penalty < best.penalty) best = { grid, penalty }
  }
  if (best === null) throw new Error('no mask was tried')
  return best.grid.rows()
}

/** Codewords that a version has altogether: all modules but those of its patterns (§7.3.1). */
function totalCodewords(version: number): number {
  const size = version * 4 + 17
  const centres = version === 1 ? 0 : Math.floor(version / 7) + 2
  const alignment = centres === 0 ? 0 : centres * centres * 25 - 75 - (centres - 2) * 10
  const finders = 3 * 64
  const timing = 2 * (size - 16)
  const versionBits = version >= 7 ? 36 : 0
  return Math.floor((size * size - finders - timing - alignment - 31 - versionBits) / 8)
}

function dataLength(version: number): number {
  return totalCodewords(version) - at(CORRECTION, version - 1) * at(BLOCKS, version - 1)
}

function countBits(version: number): number {
  return version < 10 ? 8 : 16
}

function versionFor(length: number): number {
  for (let version = 1; version <= VERSION_MAX; version++)
    if (4 + countBits(version) + length * 8 <= dataLength(version) * 8) return version
  throw new Error('This text is too long for a QR code.')
}

/** Mode, length, bytes, terminator and padding (§7.4). */
function dataCodewords(bytes: Uint8Array, version: number): number[] {
  const bits: number[] = []
  const put = (value: number, count: number) => {
    for (let bit = count - 1; bit >= 0; bit--) bits.push((value >>> bit) & 1)
  }
  put(0b0100, 4)
  put(bytes.length, countBits(version))
  for (const byte of bytes) put(byte, 8)
  const capacity = dataLength(version) * 8
  put(0, Math.min(4, capacity - bits.length))
  while (bits.length % 8 !== 0) bits.push(0)
  for (let pad = 0xec; bits.length < capacity; pad ^= 0xec ^ 0x11) put(pad, 8)
  return Array.from({ length: bits.length / 8 }, (_, index) =>
    bits.slice(index * 8, index * 8 + 8).reduce((value, bit) => (value << 1) | bit, 0),
  )
}

/** Splits into blocks, adds the correction of each, and takes one codeword of each block in turn (§7.6). */
function interleave(data: readonly number[], version: number): number[] {
  const blocks = at(BLOCKS, version - 1)
  const correction = at(CORRECTION, version - 1)
  const short = Math.floor(data.length / blocks)
  const longFrom = blocks - (data.length % blocks)
  const divisor = correctionDivisor(correction)
  const parts: { words: number[]; check: number[] }[] = []
  for (let block = 0, from = 0; block < blocks; block++) {
    const length = short + (block >= longFrom ? 1 : 0)
    const words = data.slice(from, from + length)
    parts.push({ words, check: remainder(words, divisor) })
    from += length
  }
  const out: number[] = []
  for (let index = 0; index <= short; index++)
    for (const { words } of parts) if (index < words.length) out.push(at(words, index))
  for (let index = 0; index < correction; index++) for (const { check } of parts) out.push(at(check, index))
  return out
}

/** Multiplication in GF(256) modulo x⁸ + x⁴ + x³ + x² + 1. */
function times(a: number, b: number): number {
  let product = 0
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d)
    product ^= ((b >>> bit) & 1) * a
  }
  return product
}

/** Coefficients of the generator polynomial, highest first, without the leading one. */
function correctionDivisor(degree: number): number[] {
  let poly: number[] = Array.from({ length: degree }, (_, index) => (index === degree - 1 ? 1 : 0))
  for (let root = 1, step = 0; step < degree; step++) {
    poly = poly.map((value, index) => times(value, root) ^ at(poly, index + 1))
    root = times(root, 2)
  }
  return poly
}

function remainder(words: readonly number[], divisor: readonly number[]): number[] {
  let rest = divisor.map(() => 0)
  for (const word of words) {
    const factor = word ^ at(rest, 0)
    rest = divisor.map((value, index) => at(rest, index + 1) ^ times(value, factor))
  }
  return rest
}

type Grid = {
  size: number
  get(x: number, y: number): boolean
  set(x: number, y: number, value: boolean): void
  /** Sets a module of a pattern; what lies outside is left out. */
  fix(x: number, y: number, value: boolean): void
  isFixed(x: number, y: number): boolean
  copy(): Grid
  rows(): boolean[][]
}

/** Modules with a note of which of them belong to patterns and carry no data. */
function createGrid(
  size: number,
  dark = new Uint8Array(size * size),
  fixed = new Uint8Array(size * size),
): Grid {
  return {
    size,
    get: (x: number, y: number): boolean => dark[y * size + x] === 1,
    set: (x: number, y: number, value: boolean) => {
      dark[y * size + x] = value ? 1 : 0
    },
    fix: (x: number, y: number, value: boolean) => {
      if (x < 0 || y < 0 || x >= size || y >= size) return
      dark[y * size + x] = value ? 1 : 0
      fixed[y * size + x] = 1
    },
    isFixed: (x: number, y: number): boolean => fixed[y * size + x] === 1,
    copy: (): Grid => createGrid(size, dark.slice(), fixed.slice()),
    rows: (): boolean[][] =>
      Array.from({ length: size }, (_, y) =>
        Array.from({ length: size }, (__, x) => dark[y * size + x] === 1),
      ),
  }
}

/** Everything that does not depend on data and mask (§6.3); the place of the format bits is kept free. */
function drawPatterns(version: number): Grid {
  const grid = createGrid(version * 4 + 17)
  const { size } = grid
  for (let along = 0; along < size; along++) {
    grid.fix(6, along, along % 2 === 0)
    grid.fix(along, 6, along % 2 === 0)
  }
  for (const [x, y] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ] as const)
    drawRings(grid, x, y, 4, [2, 4])
  const centres = ALIGNMENT[version - 1] ?? []
  for (const x of centres)
    for (const y of centres) {
      const last = size - 7
      const onFinder = (x === 6 && y === 6) || (x === 6 && y === last) || (x === last && y === 6)
      if (!onFinder) drawRings(grid, x, y, 2, [1])
    }
  drawFormat(grid, 0)
  if (version >= 7) drawVersion(grid, version)
  return grid
}

/** Squares around a centre, out to `radius`; those at the `light` distances are light. */
function drawRings(grid: Grid, x: number, y: number, radius: number, light: readonly number[]): void {
  for (let dy = -radius; dy <= radius; dy++)
    for (let dx = -radius; dx <= radius; dx++)
      grid.fix(x + dx, y + dy, !light.includes(Math.max(Math.abs(dx), Math.abs(dy))))
}

/** The remainder of a code word of `bits` bits by a generator, appended to it (annexes C and D). */
function withCheck(value: number, bits: number, generator: number): number {
  let rest = value
  for (let step = 0; step < bits; step++) rest = (rest << 1) ^ ((rest >>> (bits - 1)) * generator)
  return (value << bits) | rest
}

/** Level and mask, twice (§7.9). Level M is 00. */
function drawFormat(grid: Grid, mask: number): void {
  const bits = withCheck(mask, 10, 0x537) ^ 0x5412
  const bit = (index: number) => ((bits >>> index) & 1) === 1
  const { size } = grid
  for (let index = 0; index < 15; index++) {
    const row = index < 6 ? index : index < 8 ? index + 1 : size - 15 + index
    const column = index < 8 ? size - 1 - index : index === 8 ? 7 : 14 - index
    grid.fix(8, row, bit(index))
    grid.fix(column, 8, bit(index))
  }
  grid.fix(8, size - 8, true)
}

/** The version, twice (§7.10). */
function drawVersion(grid: Grid, version: number): void {
  const bits = withCheck(version, 12, 0x1f25)
  for (let index = 0; index < 18; index++) {
    const far = grid.size - 11 + (index % 3)
    const near = Math.floor(index / 3)
    grid.fix(far, near, ((bits >>> index) & 1) === 1)
    grid.fix(near, far, ((bits >>> index) & 1) === 1)
  }
}

/** Lays the codewords in two-module columns from right to left, up and down in turn, and masks them (§7.7, §7.8). */
function drawData(grid: Grid, plain: Grid, codewords: readonly number[], mask: number): void {
  const { size } = grid
  let next = 0
  let upwards = true
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5
    for (let step = 0; step < size; step++) {
      const y = upwards ? size - 1 - step : step
      for (const x of [right, right - 1]) {
        if (plain.isFixed(x, y)) continue
        const bit = ((at(codewords, next >>> 3) >>> (7 - (next & 7))) & 1) === 1
        grid.set(x, y, bit !== isMasked(mask, x, y))
        next += 1
      }
    }
    upwards = !upwards
  }
}

function isMasked(mask: number, x: number, y: number): boolean {
  switch (mask) {
    case 0:
      return (x + y) % 2 === 0
    case 1:
      return y % 2 === 0
    case 2:
      return x % 3 === 0
    case 3:
      return (x + y) % 3 === 0
    case 4:
      return (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0
    case 5:
      return ((x * y) % 2) + ((x * y) % 3) === 0
    case 6:
      return (((x * y) % 2) + ((x * y) % 3)) % 2 === 0
    default:
      return (((x + y) % 2) + ((x * y) % 3)) % 2 === 0
  }
}

/** How hard a masked code is to read (§7.8.3): runs, blocks of one colour, look-alikes of finders, balance. */
function penaltyOf(grid: Grid): number {
  const { size } = grid
  let penalty = 0
  let dark = 0
  for (let line = 0; line < size; line++) {
    penalty += linePenalty(size, (index) => grid.get(index, line))
    penalty += linePenalty(size, (index) => grid.get(line, index))
    for (let x = 0; x < size; x++) {
      if (grid.get(x, line)) dark += 1
      if (x === 0 || line === 0) continue
      const colour = grid.get(x, line)
      const same = [grid.get(x - 1, line), grid.get(x, line - 1), grid.get(x - 1, line - 1)]
      if (same.every((other) => other === colour)) penalty += 3
    }
  }
  return penalty + Math.floor(Math.abs((dark * 20) / (size * size) - 10)) * 10
}

const FINDER_LIKE = ['10111010000', '00001011101']

function linePenalty(size: number, get: (index: number) => boolean): number {
  let penalty = 0
  let run = 0
  let text = ''
  for (let index = 0; index < size; index++) {
    run = index > 0 && get(index) === get(index - 1) ? run + 1 : 1
    if (run === 5) penalty += 3
    if (run > 5) penalty += 1
    text += get(index) ? '1' : '0'
  }
  for (let index = 0; index + 11 <= size; index++)
    if (FINDER_LIKE.includes(text.slice(index, index + 11))) penalty += 40
  return penalty
}
