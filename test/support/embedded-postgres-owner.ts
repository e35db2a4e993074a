/**
 * A process that owns an embedded PostgreSQL, for tests that kill it:
 * `node embedded-postgres-owner.ts <dataDir>` prints one line of JSON when the database answers, and stops it when
 * its standard input ends.
 */
import { startEmbeddedPostgres } from '../../server/store/embedded-postgres.ts'

const [dataDir = ''] = process.argv.slice(2)
const postgres = await startEmbeddedPostgres({ dataDir, initdbFlags: ['--no-sync'] })
process.stdout.write(`${JSON.stringify({ url: postgres.url, dataDir: postgres.dataDir })}\n`)
process.stdin.resume().once('end', () => void postgres.stop())
