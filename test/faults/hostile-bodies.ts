/** Bodies that break parsers: some of our own, always; and, where they lie beside the checkout, two public corpora in full. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

export type Body = { name: string; bytes: Buffer }

const shared = join(import.meta.dirname, '../../../shared/data')
const suiteFolder = join(shared, 'json-test-suite/test_parsing')
const stringsFile = join(shared, 'naughty-strings/blns.json')

/** What is missing of the corpora, in words; null when both are there. */
export const CORPORA_MISSING =
  existsSync(suiteFolder) && existsSync(stringsFile)
    ? null
    : 'JSONTestSuite and the list of naughty strings are not beside this checkout: our own hostile bodies only'

/** Named as JSONTestSuite names its files: `y_` must be read, `n_` must be given up, `i_` as it comes. */
const OWN_BODIES: readonly (readonly [string, string | Buffer])[] = [
  [
    'y_own_event',
    '{"id":"evt_own_1","event_name":"ORDER_CREATED","content":{"order":{"order_id":"OWN-1","status":"NEW","amount":1}}}',
  ],
  ['y_own_nul_escape', '{"id":"evt\\u0000own","event_name":"A"}'],
  ['y_own_lone_surrogate', '{"id":"\\ud83d","event_name":"A"}'],
  ['y_own_prototype_keys', '{"__proto__":{"id":"x"},"constructor":{"prototype":{"a":1}},"event_name":"A"}'],
  ['y_own_same_key_twice', '{"id":"evt_own_a","id":"evt_own_b","event_name":"A"}'],
  ['y_own_huge_number', '{"event_name":"A","amount":1e400,"other":123456789012345678901234567890.5}'],
  ['y_own_spaces_everywhere', ' \t\r\n{ "event_name" :\n"A" , "content" : { } }\r\n'],
  ['y_own_empty_key', '{"":"","event_name":"A"}'],
  ['n_own_nothing', ''],
  ['n_own_space', '   '],
  ['n_own_cut_short', '{"id":"evt_own_2","content":{"order":'],
  ['n_own_single_quotes', "{'id':'evt_own_3'}"],
  ['n_own_trailing_comma', '{"id":"evt_own_4",}'],
  ['n_own_two_values', '{"id":"evt_own_5"}{"id":"evt_own_6"}'],
  ['n_own_form', 'id=evt_own_7&event_name=ORDER_SUCCEEDED'],
  ['n_own_xml', '<?xml version="1.0"?><event id="evt_own_8"/>'],
  ['n_own_nan', '{"amount":NaN}'],
  ['n_own_deep', '['.repeat(100_000)],
  ['n_own_deep_objects', '{"a":'.repeat(50_000)],
  ['n_own_raw_newline', '{"id":"evt\nown"}'],
  ['i_own_bytes', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
  ['i_own_half_a_character', Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xe2, 0x82, 0x22, 0x7d])],
  ['i_own_byte_order_mark', '\uFEFF{"id":"evt_own_9","event_name":"A"}'],
  ['i_own_two_bytes_a_character', Buffer.from('{"id":"evt_own_10"}', 'utf16le')],
]

/** Texts that people, scripts and log scrubbers put where a name belongs. */
const OWN_STRINGS: readonly string[] = [
  '',
  ' ',
  'null',
  'undefined',
  'FILTERED',
  'NaN',
  '-1',
  '1e309',
  '0x7fffffff',
  '\u0000',
  'a\u0000b',
  '\ud83d',
  '👩‍👩‍👧‍👦',
  'रिफ़ंड',
  '\u202Eright to left',
  'Ω≈ç√∫˜µ≤≥÷',
  "Robert'); DROP TABLE orders;--",
  '" OR ""="',
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '{{7*7}} ${7*7} #{7*7}',
  '=HYPERLINK("http://example.test","pay")',
  '../../../../etc/passwd',
  '%00%0a%0d',
  '\\',
  '"',
  '\t\r\n',
  '\uFFFE\uFFFF',
  'x'.repeat(70_000),
]

/** Whole bodies by name: ours, then the suite's files. */
export function suiteBodies(): Body[] {
  const own = OWN_BODIES.map(([name, body]) => ({
    name,
    bytes: typeof body === 'string' ? Buffer.from(body, 'utf8') : body,
  }))
  if (!existsSync(suiteFolder)) return own
  const files = readdirSync(suiteFolder).map((name) => ({
    name,
    bytes: readFileSync(join(suiteFolder, name)),
  }))
  return [...own, ...files]
}

/** Texts: ours, then the list's. */
export function naughtyStrings(): string[] {
  if (!existsSync(stringsFile)) return [...OWN_STRINGS]
  return [...OWN_STRINGS, ...z.array(z.string()).parse(JSON.parse(readFileSync(stringsFile, 'utf8')))]
}
