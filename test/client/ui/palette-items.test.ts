import { describe, expect, test } from 'vitest'
import { paletteGroups, type PaletteItem } from '../../../client/ui/palette-items.ts'
import type { Action } from '../../../client/ui/shortcut-registry.ts'

const action = (id: string, label: string, more: Partial<Action> = {}): Action => ({
  id,
  label,
  run: () => {},
  ...more,
})
const order: PaletteItem = { id: 'order-1', label: 'ord_8F2K', group: 'Orders', run: () => {} }
const NOTHING = { recent: [], found: [] }
const actions = [
  action('scheme', 'Dark colours', { group: 'Settings', keywords: 'theme' }),
  action('go.refunds', 'Refunds', { group: 'Go to', keys: 'G R' }),
  action('order.refund', 'Refund this order', { group: 'This record' }),
  action('grid.down', 'Next row', { palette: false }),
  action('gone', 'Refund nothing', { when: false }),
]

describe('paletteGroups', () => {
  test('puts the open record first, found records after the places, settings last', () => {
    expect(paletteGroups(actions, { recent: [], found: [order] }, '').map(({ title }) => title)).toEqual([
      'This record',
      'Go to',
      'Orders',
      'Settings',
    ])
  })

  test('finds actions by the beginnings of words and by keywords', () => {
    const labels = (text: string) =>
      paletteGroups(actions, NOTHING, text).flatMap((g) => g.items.map((i) => i.label))
    expect(labels('ref')).toEqual(['Refund this order', 'Refunds'])
    expect(labels('ref ord')).toEqual(['Refund this order'])
    expect(labels('theme')).toEqual(['Dark colours'])
    expect(labels('xyz')).toEqual([])
  })

  test("lists the page's own act in place of the start that leads to it, whichever came first", () => {
    const own = action('staff.add', 'Add a person', { keys: 'I' })
    const start = action('staff.add', 'Add a person', { group: 'Start' })
    for (const both of [
      [own, start],
      [start, own],
    ])
      expect(paletteGroups(both, NOTHING, '')).toMatchObject([
        { title: 'This page', items: [{ id: 'staff_add', keys: 'I' }] },
      ])
    expect(paletteGroups([start], NOTHING, '')).toMatchObject([{ title: 'Start' }])
  })

  test('of several acts of the page with one id lists the latest', () => {
    const labels = paletteGroups(
      [action('orders.export', 'Export'), action('orders.export', 'Export 2 selected')],
      NOTHING,
      '',
    ).flatMap((g) => g.items.map((i) => i.label))
    expect(labels).toEqual(['Export 2 selected'])
  })

  test('leaves out row movement and actions whose time has not come', () => {
    const ids = paletteGroups(actions, NOTHING, '').flatMap((g) => g.items.map((i) => i.id))
    expect(ids).not.toContain('grid_down')
    expect(ids).not.toContain('gone')
  })

  test('> lists actions only, # records only', () => {
    expect(
      paletteGroups(actions, { recent: [], found: [order] }, '>').some((g) => g.title === 'Orders'),
    ).toBe(false)
    expect(paletteGroups(actions, { recent: [], found: [order] }, '#8F').map((g) => g.title)).toEqual([
      'Orders',
    ])
  })

  test('@ lists what was found and no actions, ? lists the prefixes', () => {
    const found = { recent: [], found: [{ ...order, group: 'People' }] }
    expect(paletteGroups(actions, found, '@asha').map((g) => g.title)).toEqual(['People'])
    const help = paletteGroups(actions, found, '?')
    expect(help[0]?.title).toBe('Help')
    expect(help[0]?.items.map(({ label }) => label[0])).toEqual(['>', '#', '@', '?'])
  })

  test('puts recent records before places, and none of them twice', () => {
    const recent = [{ ...order, group: 'Recent', label: 'Order ord_8F2K', to: '/orders/ord_8F2K' }]
    const found = [{ ...order, to: '/orders/ord_8F2K' }]
    expect(paletteGroups(actions, { recent, found }, '8F2K').map((g) => g.title)).toEqual(['Orders'])
    expect(paletteGroups(actions, { recent, found: [] }, '').map((g) => g.title)).toEqual([
      'This record',
      'Recent',
      'Go to',
      'Settings',
    ])
  })

  test('keeps the reason of an action that is not allowed', () => {
    const [group] = paletteGroups(
      [action('x', 'Export', { disabledReason: 'No export for viewers.' })],
      NOTHING,
      '',
    )
    expect(group?.items[0]?.disabledReason).toBe('No export for viewers.')
  })
})
