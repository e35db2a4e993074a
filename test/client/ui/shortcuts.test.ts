import { afterEach, describe, expect, test } from 'vitest'
import { ariaKeys, keyCaps, matchesChord, parseKeys, spokenKeys } from '../../../client/ui/shortcut-keys.ts'
import { pressKey, registerAction, type Action } from '../../../client/ui/shortcut-registry.ts'

const page = { inField: false, inDialog: false, singleKeys: true }
const plain = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false }
const press = (key: string, more: Partial<typeof plain> & { code?: string } = {}) => ({
  ...plain,
  key,
  code: `Key${key.toUpperCase()}`,
  ...more,
})

let cleanup: (() => void)[] = []
function offer(action: Partial<Action> & { id: string; keys: string }) {
  cleanup.push(registerAction({ label: action.id, run: () => {}, ...action }))
}
afterEach(() => {
  for (const remove of cleanup) remove()
  cleanup = []
})

describe('matchesChord', () => {
  const matches = (keys: string, key: Parameters<typeof press>[0], more = {}) =>
    parseKeys(keys).every((chord) => matchesChord(chord, press(key, more)))

  test('letters match whatever Caps Lock does, and Shift makes another key of them', () => {
    expect(matches('R', 'r')).toBe(true)
    expect(matches('R', 'R', { shiftKey: true })).toBe(false)
    expect(matches('Shift+R', 'R', { shiftKey: true })).toBe(true)
  })

  test('symbols carry their Shift in themselves', () => {
    expect(matches('?', '?', { shiftKey: true, code: 'Slash' })).toBe(true)
  })

  test('on a Hindi layout the place of the key counts', () => {
    expect(matches('R', 'र', { code: 'KeyR' })).toBe(true)
    expect(matches('R', 'र', { code: 'KeyT' })).toBe(false)
  })

  test('Mod is Ctrl or ⌘, and never nothing', () => {
    expect(matches('Mod+K', 'k', { ctrlKey: true })).toBe(true)
    expect(matches('Mod+K', 'k', { metaKey: true })).toBe(true)
    expect(matches('Mod+K', 'k')).toBe(false)
    expect(matches('R', 'r', { ctrlKey: true })).toBe(false)
  })
})

describe('pressKey', () => {
  test('runs a sequence within 1.2 s and forgets it afterwards', () => {
    offer({ id: 'go', keys: 'G T' })
    expect(pressKey(press('g'), page, 0).kind).toBe('pending')
    expect(pressKey(press('t'), page, 1200)).toMatchObject({ kind: 'run', action: { id: 'go' } })
    expect(pressKey(press('g'), page, 5000).kind).toBe('pending')
    expect(pressKey(press('t'), page, 6201).kind).toBe('none')
  })

  test('a key that ends no sequence is still a key of its own', () => {
    offer({ id: 'go', keys: 'G T' })
    offer({ id: 'refund', keys: 'R' })
    pressKey(press('g'), page, 0)
    expect(pressKey(press('r'), page, 10)).toMatchObject({ kind: 'run', action: { id: 'refund' } })
  })

  test('single keys are off in fields, in dialogs and when switched off', () => {
    offer({ id: 'refund', keys: 'R' })
    expect(pressKey(press('r'), { ...page, inField: true }, 0).kind).toBe('none')
    expect(pressKey(press('r'), { ...page, inDialog: true }, 0).kind).toBe('none')
    expect(pressKey(press('r'), { ...page, singleKeys: false }, 0).kind).toBe('none')
  })

  test('Escape and Home work with single keys off, and not in a field', () => {
    offer({ id: 'close', keys: 'Escape' })
    offer({ id: 'top', keys: 'Home' })
    const off = { ...page, singleKeys: false }
    expect(pressKey(press('Escape'), off, 0)).toMatchObject({ kind: 'run', action: { id: 'close' } })
    expect(pressKey(press('Home'), off, 0)).toMatchObject({ kind: 'run', action: { id: 'top' } })
    expect(pressKey(press('Home'), { ...off, inField: true }, 0).kind).toBe('none')
  })

  test('Ctrl K works in a field and with single keys off', () => {
    offer({ id: 'palette', keys: 'Mod+K', scope: 'everywhere' })
    const place = { inField: true, inDialog: true, singleKeys: false }
    expect(pressKey(press('k', { ctrlKey: true }), place, 0).kind).toBe('run')
  })

  test('a dialog has its own keys, which the page behind it does not get', () => {
    offer({ id: 'send', keys: 'Mod+Enter', scope: 'dialog' })
    const enter = press('Enter', { ctrlKey: true })
    expect(pressKey(enter, page, 0).kind).toBe('none')
    expect(pressKey(enter, { ...page, inField: true, inDialog: true }, 0).kind).toBe('run')
  })

  test('the later registration wins, and gives the key back when it goes', () => {
    offer({ id: 'page', keys: 'R' })
    const remove = registerAction({ id: 'peek', label: 'peek', keys: 'R', run: () => {} })
    expect(pressKey(press('r'), page, 0)).toMatchObject({ action: { id: 'peek' } })
    remove()
    expect(pressKey(press('r'), page, 0)).toMatchObject({ action: { id: 'page' } })
  })

  test('an action that is not allowed answers with its reason and does not run', () => {
    offer({ id: 'refund', keys: 'R', disabledReason: 'Nothing left to refund' })
    expect(pressKey(press('r'), page, 0)).toMatchObject({
      kind: 'disabled',
      action: { disabledReason: 'Nothing left to refund' },
    })
  })

  test('an action whose time has not come does nothing', () => {
    offer({ id: 'refund', keys: 'R', when: false })
    expect(pressKey(press('r'), page, 0).kind).toBe('none')
  })
})

test('caps and aria-keyshortcuts name the keys of the machine', () => {
  expect(keyCaps('Mod+Enter', false)).toEqual(['Ctrl ⏎'])
  expect(keyCaps('Mod+K', true)).toEqual(['⌘ K'])
  expect(keyCaps('G T', false)).toEqual(['G', 'T'])
  expect(ariaKeys('Mod+K', false)).toBe('Control+K')
  expect(ariaKeys('G T', false)).toBeUndefined()
})

test('keys without a letter are drawn as their sign and said in words', () => {
  expect(keyCaps('Shift+ArrowDown', false)).toEqual(['⇧ ↓'])
  expect(keyCaps('ArrowRight', true)).toEqual(['→'])
  expect(keyCaps('PageDown', false)).toEqual(['PgDn'])
  expect(spokenKeys('Shift+ArrowDown', false)).toBe('Shift and Down arrow')
  expect(spokenKeys('G T', false)).toBe('G, then T')
  expect(spokenKeys('Mod+Enter', true)).toBe('Command and Enter')
  expect(['?', '[', '.', '/'].map((key) => spokenKeys(key, false))).toEqual([
    'Question mark',
    'Left bracket',
    'Full stop',
    'Slash',
  ])
})

test('the ends of a text that is typed are its own', () => {
  const remove = registerAction({ id: 'last', keys: 'Mod+End', label: 'Last row', run: () => {} })
  const ctrlEnd = press('End', { ctrlKey: true })
  expect(pressKey(ctrlEnd, { ...page, inField: true }, 0).kind).toBe('none')
  expect(pressKey(ctrlEnd, page, 0)).toMatchObject({ kind: 'run', action: { id: 'last' } })
  remove()
})
