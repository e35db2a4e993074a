import { describe, expect, test } from 'vitest'
import { base32, codeOf, otpauthUri, stepAt, stepOfCode } from '../../../server/auth/totp.ts'

/** RFC 6238, appendix B: the last six of its eight digits. */
const SECRET = Buffer.from('12345678901234567890', 'ascii')
const VECTORS = [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
] as const

const at = (seconds: number) => new Date(seconds * 1_000)

describe('codes by time', () => {
  test.each(VECTORS)('at %i s is %s, as the RFC says', (seconds, code) => {
    expect(codeOf(SECRET, stepAt(at(seconds)))).toBe(code)
  })

  test('a code is good one step before and after its own, and no further', () => {
    const now = 1_234_567_890
    const step = stepAt(at(now))
    const code = codeOf(SECRET, step)
    for (const by of [-30, 0, 30]) expect(stepOfCode(SECRET, code, at(now + by))).toBe(step)
    for (const by of [-60, 60]) expect(stepOfCode(SECRET, code, at(now + by))).toBeNull()
  })

  test('what is no code is none, whatever its length', () => {
    for (const typed of ['', '1', '0059245', '005924 ', 'abcdef', '𝟘𝟘𝟝𝟡𝟚𝟜'])
      expect(stepOfCode(SECRET, typed, at(1_234_567_890))).toBeNull()
  })

  test('the key is base32 without padding, as RFC 4648 writes it', () => {
    const words = {
      f: 'MY',
      fo: 'MZXQ',
      foo: 'MZXW6',
      foob: 'MZXW6YQ',
      fooba: 'MZXW6YTB',
      foobar: 'MZXW6YTBOI',
    }
    for (const [word, text] of Object.entries(words)) expect(base32(Buffer.from(word))).toBe(text)
  })

  test('the address for the app names issuer, person and key', () => {
    expect(otpauthUri({ secret: SECRET, issuer: 'Paydesk', account: 'asha@shop.in' })).toBe(
      'otpauth://totp/Paydesk:asha%40shop.in?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Paydesk',
    )
  })
})
