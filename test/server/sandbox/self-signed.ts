import { createSign, generateKeyPairSync } from 'node:crypto'

/** Minimal DER: tag, length, content. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const size = content.length
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), content])
}

const sequence = (...parts: Buffer[]) => der(0x30, ...parts)
const utcTime = (text: string) => der(0x17, Buffer.from(text))
const oid = (...bytes: number[]) => der(0x06, Buffer.from(bytes))
const SHA256_RSA = sequence(oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b), der(0x05))
const COMMON_NAME = oid(0x55, 0x04, 0x03)
const ALT_NAMES = oid(0x55, 0x1d, 0x11)
const CONSTRAINTS = oid(0x55, 0x1d, 0x13)

function name(host: string): Buffer {
  return sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from(host)))))
}

function extensions(host: string): Buffer {
  const altNames = sequence(ALT_NAMES, der(0x04, sequence(der(0x82, Buffer.from(host)))))
  const isAuthority = sequence(
    CONSTRAINTS,
    der(0x01, Buffer.from([0xff])),
    der(0x04, sequence(der(0x01, Buffer.from([0xff])))),
  )
  return der(0xa3, sequence(altNames, isAuthority))
}

/** A throw-away certificate of its own authority for one host name, made for a single test run; PEM key and certificate. */
export function selfSigned(host: string): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    SHA256_RSA,
    name(host),
    sequence(utcTime('200101000000Z'), utcTime('491231235959Z')),
    name(host),
    publicKey.export({ type: 'spki', format: 'der' }),
    extensions(host),
  )
  const signature = createSign('RSA-SHA256').update(body).sign(privateKey)
  const certificate = sequence(body, SHA256_RSA, der(0x03, Buffer.from([0]), signature))
  const lines = certificate.toString('base64').replace(/.{64}/g, '$&\n').trimEnd()
  return {
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  }
}
