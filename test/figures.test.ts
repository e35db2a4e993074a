import { describe, expect, test } from 'vitest'
import { figuresOf, readmeWithFigures } from './support/figures.ts'

const run = {
  commit: '0123456789abcdef',
  dirty: false,
  startedAt: '2026-11-25T20:00:00.000Z',
  seconds: 600,
  machine: { cores: 2, memoryGiB: 24, node: 'v24.21.0', postgres: '18.4' },
}

describe('the figures of README', () => {
  test('are those of the result files', () => {
    const { before, after } = readmeWithFigures()
    expect(before, 'run `npm run figures`').toBe(after)
  })

  test('say what was not met and not caught as plainly as what was', () => {
    const text = figuresOf(
      [
        {
          ...run,
          battery: 'kill-server',
          counts: { kills: 1_000, acked: 1_000_000 },
          violations: [{ rule: 'J1' }],
          control: { what: 'acknowledges early', caught: false },
        },
      ],
      [
        {
          ...run,
          dirty: true,
          bench: 'ingest',
          rows: [{ name: '32 connections', 'webhooks/s': 5_000, 'p99 ms': null }],
          aims: [{ aim: 'at least 1.0', found: '0.9', met: false }],
        },
      ],
    )
    expect(text).toContain(
      'kills 1,000, acked 10,00,000 | 1 | acknowledges early: **not caught** | 10 min | 0123456 |',
    )
    expect(text).toContain('commit 0123456 with changes')
    expect(text).toContain('| 32 connections | 5000 |  |')
    expect(text).toContain('- **not met**: at least 1.0 (0.9)')
  })
})
