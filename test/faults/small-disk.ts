/** A small file system of its own for a cluster: real, so that it syncs and so that it can be full. Needs root and Linux. */
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const SIZE_MIB = 700
const REFILL_MS = 100
const BLOCK_BYTES = 4_096

/** Why there can be no such disk here; null when there can. */
export function whyNoDisk(): string | null {
  if (process.platform !== 'linux') return 'a disk of its own needs Linux'
  if (process.getuid?.() !== 0) return 'a disk of its own needs root, to be mounted'
  for (const program of ['mkfs.ext4', 'mount', 'umount', 'fallocate'])
    if (!isInstalled(program)) return `${program} is not installed`
  return null
}

/** Whether a program can be found. */
export function isInstalled(program: string): boolean {
  try {
    execFileSync('/bin/sh', ['-c', `PATH="$PATH:/sbin:/usr/sbin" command -v ${program}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Mounts a new disk, has `work` use its directory, and removes it. */
export async function withSmallDisk<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const base = join(tmpdir(), `paydesk-faults-disk-${process.pid}-${randomBytes(4).toString('hex')}`)
  const [image, directory] = [`${base}.img`, base]
  const run = (program: string, ...args: string[]): void =>
    void execFileSync(program, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: '/usr/sbin:/sbin:/usr/bin:/bin' },
    })
  let mounted = false
  try {
    mkdirSync(directory)
    run('fallocate', '-l', `${SIZE_MIB}M`, image)
    run('mkfs.ext4', '-q', '-m', '0', image)
    run('mount', '-o', 'loop', image, directory)
    mounted = true
    // PostgreSQL's account has to get in.
    chmodSync(directory, 0o755)
    return await work(directory)
  } finally {
    if (mounted) run('umount', directory)
    rmSync(image, { force: true })
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Fills the disk that `dataDir` lies on, and keeps it full. Returns the way to end that. */
export function fillDisk(dataDir: string): () => void {
  const directory = dirname(dataDir)
  const fillers: string[] = []
  const fill = (): void => {
    const { bavail, bsize } = statfsSync(directory)
    const free = bavail * bsize
    if (free < BLOCK_BYTES) return
    const filler = join(directory, `filler-${fillers.length}`)
    fillers.push(filler)
    try {
      execFileSync('fallocate', ['-l', String(free - (free % BLOCK_BYTES)), filler], { stdio: 'ignore' })
    } catch {
      // PostgreSQL was faster, or the file system needs some blocks for itself; what was taken stays taken.
    }
  }
  fill()
  const timer = setInterval(fill, REFILL_MS)
  return () => {
    clearInterval(timer)
    for (const filler of fillers) rmSync(filler, { force: true })
  }
}
