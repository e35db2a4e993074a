/** `npm run figures`: writes the figures of the result files into README.md. */
import { writeFileSync } from 'node:fs'
import { readmeWithFigures } from './support/figures.ts'

const { path, before, after } = readmeWithFigures()
writeFileSync(path, after)
process.stdout.write(before === after ? 'README.md has them already.\n' : 'README.md has the figures now.\n')
