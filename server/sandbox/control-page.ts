import { GATEWAYS } from './instruments.ts'
import { PAGE_STYLE } from './page-style.ts'
import { escapeHtml } from './html.ts'
import { SCENARIOS } from './scenario-steps.ts'
import { settingsSchema } from './settings.ts'
import { SIMULATIONS, SWITCHES } from './simulations.ts'

const CONTROL_STYLE = `
main { max-width: 62rem; }
section { margin: 1.25rem 0; }
h2 { font-size: 1rem; margin: 0 0 0.5rem; }
.row { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: end; }
.row .field { margin: 0; min-width: 9rem; }
.row .check { display: flex; align-items: center; gap: 0.4rem; min-height: 2.75rem; }
.row .check input { width: 1.1rem; height: 1.1rem; min-height: 0; accent-color: var(--brand); }
.told { color: var(--soft); font-size: 0.9rem; flex-basis: 100%; margin: 0; }
table { width: 100%; border-collapse: collapse; font-size: 0.85rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 0.3rem 0.5rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
@media (max-width: 34rem) { table { display: block; overflow-x: auto; white-space: nowrap; } th, td { overflow-wrap: normal; } }
pre { overflow: auto; max-height: 20rem; font-size: 0.8rem; border: 1px solid var(--line); border-radius: 8px; padding: 0.6rem; }
`

const SCRIPT = `
const show = (id, text) => { document.getElementById(id).textContent = text }
async function call(method, path, body) {
  const answer = await fetch(path, { method, headers: body ? { 'content-type': 'application/json' } : {}, body: body && JSON.stringify(body) })
  const data = await answer.json()
  show('answer', (answer.ok ? '' : 'Refused: ') + JSON.stringify(data, null, 2).slice(0, 4000))
  await refresh()
}
function rows(id, items, cells) {
  const body = document.getElementById(id)
  body.replaceChildren(...items.map((item) => {
    const row = document.createElement('tr')
    for (const value of cells(item)) { const cell = document.createElement('td'); cell.textContent = String(value ?? ''); row.append(cell) }
    return row
  }))
}
async function refresh() {
  const state = await (await fetch('/control/state')).json()
  const log = await (await fetch('/control/deliveries?limit=25')).json()
  show('summary', 'Virtual time ' + state.now + ' (factor ' + state.clockFactor + '), ' + state.orders + ' orders, ' + state.timers + ' timers, traffic ' +
    (state.traffic.paused ? 'paused' : state.traffic.perMinute + ' a minute') + ', webhooks: ' + (Object.entries(state.deliveries).map(([name, n]) => n + ' ' + name).join(', ') || 'none') + ', ' + state.faults.length + ' faults on')
  for (const choice of document.querySelectorAll('select[data-setting]')) {
    const value = String(state.settings[choice.dataset.setting])
    if (![...choice.options].some((option) => option.value === value)) choice.add(new Option(value))
    if (choice !== document.activeElement) choice.value = value
  }
  rows('orders', state.recentOrders, (order) => [order.orderId, order.merchantId, order.status, order.amount])
  rows('deliveries', log.deliveries, (delivery) => [delivery.id, delivery.eventName, delivery.orderId, delivery.state, delivery.attempts, delivery.lastStatus ?? delivery.lastError, delivery.nextAt])
}
document.querySelectorAll('form').forEach((form) => form.addEventListener('submit', (event) => {
  event.preventDefault()
  const data = new FormData(form)
  const fields = Object.fromEntries([...data].filter(([, value]) => value !== ''))
  for (const name of (form.dataset.lists || '').split(' ')) if (name) fields[name] = data.getAll(name)
  for (const name of (form.dataset.numbers || '').split(' ')) if (name in fields) fields[name] = Number(fields[name])
  void call('POST', form.dataset.path, fields)
}))
document.querySelectorAll('select[data-setting]').forEach((choice) => choice.addEventListener('change', () =>
  void call('POST', '/control/settings', { [choice.dataset.setting]: choice.dataset.number ? Number(choice.value) : choice.value })))
const simulation = document.querySelector('select[name=simulation]')
const tell = () => show('told', simulation.selectedOptions[0].dataset.told)
simulation.addEventListener('change', tell)
tell()
document.querySelectorAll('button[data-path]').forEach((button) => button.addEventListener('click', () =>
  void call(button.dataset.method || 'POST', button.dataset.path, button.dataset.body ? JSON.parse(button.dataset.body) : undefined)))
void refresh()
setInterval(refresh, 3000)
`

function select(name: string, label: string, values: readonly string[], chosen = values[0]): string {
  const list = values
    .map((value) => `<option${value === chosen ? ' selected' : ''}>${value}</option>`)
    .join('')
  return `<label class="field"><span>${label}</span><select name="${name}">${list}</select></label>`
}

/** A simulation with its story; the story follows the choice. */
function simulations(): string {
  const list = Object.entries(SIMULATIONS)
    .map(([name, { title, story, result }]) => {
      const told = escapeHtml(`${story} In Paydesk: ${result}`)
      return `<option value="${name}" data-told="${told}">${escapeHtml(title)}</option>`
    })
    .join('')
  return `<label class="field"><span>Ends as</span><select name="simulation">${list}</select></label>`
}

function switches(): string {
  return Object.entries(SWITCHES)
    .map(
      ([name, { title, story }]) =>
        `<label class="check" title="${escapeHtml(story)}"><input type="checkbox" name="switches" value="${name}">${escapeHtml(title)}</label>`,
    )
    .join('')
}

/** Settings of all merchants that people reach for, and what each may be. */
const SETTINGS: readonly (readonly [
  keyof typeof settingsSchema.shape,
  string,
  readonly (string | number)[],
])[] = [
  ['refundOutcome', 'Refunds end as', settingsSchema.shape.refundOutcome.unwrap().options],
  ['captureOutcome', 'Captures end as', settingsSchema.shape.captureOutcome.unwrap().options],
  ['voidOutcome', 'Releases end as', settingsSchema.shape.voidOutcome.unwrap().options],
  ['webhookPayload', 'Webhook bodies', settingsSchema.shape.webhookPayload.unwrap().options],
  ['statusLagSeconds', 'Status lags, seconds', [0, 1, 2, 5, 30]],
  ['refundSettleSeconds', 'Refunds take, seconds', [0, 3, 30, 300, 900]],
]

/** Each shows how it stands and changes when chosen. */
function settingChoices(): string {
  return SETTINGS.map(([name, label, values]) => {
    const isNumber = typeof values[0] === 'number'
    const list = values.map((value) => `<option>${value}</option>`).join('')
    return `<label class="field"><span>${label}</span><select data-setting="${name}"${isNumber ? ' data-number="1"' : ''}>${list}</select></label>`
  }).join('')
}

function input(name: string, label: string, value = ''): string {
  return `<label class="field"><span>${label}</span><input name="${name}" value="${value}"></label>`
}

function button(label: string, path: string, body: unknown = null, method = 'POST'): string {
  const data = body === null ? '' : ` data-body='${JSON.stringify(body)}'`
  return `<button type="button" data-method="${method}" data-path="${path}"${data}>${label}</button>`
}

/** The sandbox's own page: what is going on, and the usual levers. Everything on it is also an API call. */
export function controlPage(): string {
  const trouble = [
    button('Lose the next refund answer', '/control/faults', {
      kind: 'drop_response',
      route: 'refund',
      count: 1,
    }),
    button('API times out', '/control/faults', { kind: 'timeout' }),
    button('API answers 500', '/control/faults', { kind: 'status', status: 500 }),
    button('Webhooks stop', '/control/faults', { kind: 'webhook_drop' }),
    button('Webhooks twice', '/control/faults', { kind: 'webhook_duplicate' }),
    button('End all trouble', '/control/faults', null, 'DELETE'),
  ].join('')
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>Juspay sandbox control</title><style>${PAGE_STYLE}${CONTROL_STYLE}</style></head>
<body><main>
<h1>Juspay sandbox</h1><p id="summary" role="status">Loading</p>
<section><h2>Simulate</h2><form class="row" data-path="/control/simulate" data-numbers="count" data-lists="switches">
${simulations()}${input('amount', 'Amount', '499.00')}${input('count', 'How many', '1')}${switches()}<button>Simulate</button><p class="told" id="told"></p></form></section>
<section><h2>Behaviour</h2><div class="row">${settingChoices()}</div></section>
<section><h2>New order</h2><form class="row" data-path="/control/orders" data-numbers="repeat">
${select('scenario', 'Ends as', SCENARIOS, 'charged')}${input('amount', 'Amount', '499.00')}${select('gateway', 'Gateway', GATEWAYS)}
${select('paymentMethodType', 'Method', ['UPI', 'CARD', 'NB', 'WALLET'])}${input('repeat', 'How many', '1')}<button>Create</button></form></section>
<section><h2>Time and traffic</h2><div class="row">
${button('One minute later', '/control/clock', { advanceSeconds: 60 })}${button('One day later', '/control/clock', { advanceSeconds: 86_400 })}
${button('Pause traffic', '/control/traffic', { paused: true })}${button('12 orders a minute', '/control/traffic', { paused: false, perMinute: 12 })}</div></section>
<section><h2>Trouble</h2><div class="row">${trouble}</div></section>
<section><h2>Last answer</h2><pre id="answer" tabindex="0"></pre></section>
<section><h2>Orders</h2><table><thead><tr><th>Order</th><th>Merchant</th><th>Status</th><th>Amount</th></tr></thead><tbody id="orders"></tbody></table></section>
<section><h2>Webhook deliveries</h2><table><thead><tr><th>#</th><th>Event</th><th>Order</th><th>State</th><th>Tries</th><th>Answer</th><th>Next</th></tr></thead><tbody id="deliveries"></tbody></table></section>
</main><script>${SCRIPT}</script></body></html>`
}
