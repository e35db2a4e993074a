import { escapeHtml, scriptJson } from './html.ts'
import { BANKS, CARD_BRANDS, GATEWAYS, WALLETS } from './instruments.ts'
import { OUTCOME_GROUPS, PAGE_OUTCOMES } from './page-outcomes.ts'
import { HOSTED_STYLE } from './hosted-style.ts'
import type { ReturnTrip } from './return-url.ts'

export type PageOrder = {
  merchantName: string
  orderId: string
  amountText: string
  description: string
  customer: string
  attemptsMade: number
}

/** Where the page was opened: on its own, or in a frame of the SDK script that waits for a message. */
export type PageFrame = { embed: boolean; origin: string }

const BADGE = '<p class="badge">Sandbox: no real money</p>'

function shell(title: string, body: string, extra = '', look = ''): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${HOSTED_STYLE}</style>
</head>
<body${look}>
<main>
${body}
</main>
${extra}
</body>
</html>`
}

function options(values: readonly string[], label: (value: string) => string = (value) => value): string {
  return values.map((value) => `<option value="${value}">${escapeHtml(label(value))}</option>`).join('')
}

/** One stroke each, in the colour of the text beside it. */
const ICONS = {
  UPI: '<path d="M7 4l6 6-6 6M3 4l6 6-6 6"/>',
  CARD: '<rect x="2" y="4" width="16" height="12" rx="2"/><path d="M2 8h16M5 13h3"/>',
  NB: '<path d="M2 8l8-5 8 5M4 8v8M8 8v8M12 8v8M16 8v8M2 17h16"/>',
  WALLET: '<rect x="2" y="5" width="16" height="12" rx="2"/><path d="M13 11h2M4 5l9-2v2"/>',
} as const

function icon(type: keyof typeof ICONS): string {
  return `<svg viewBox="0 0 20 20" aria-hidden="true">${ICONS[type]}</svg>`
}

function methodChoice(type: keyof typeof ICONS, label: string, detail: string, isFirst: boolean): string {
  return `<div class="method">
<label class="pick"><input type="radio" name="type" value="${type}"${isFirst ? ' checked' : ''}>${icon(type)}<span>${label}</span></label>
<div class="detail">${detail}</div>
</div>`
}

function field(label: string, control: string): string {
  return `<label class="field"><span>${label}</span>${control}</label>`
}

function methods(): string {
  const bank = (value: string) => value.replace('NB_', '')
  const card = field('Card network', `<select name="brand">${options(CARD_BRANDS)}</select>`)
  const lastFour = field(
    'Last four digits',
    '<input name="last_four" inputmode="numeric" pattern="[0-9]{4}" maxlength="4" value="4242" autocomplete="off">',
  )
  return [
    methodChoice(
      'UPI',
      'UPI',
      field('UPI ID', '<input name="vpa" value="customer@okhdfcbank" autocomplete="off">'),
      true,
    ),
    methodChoice('CARD', 'Card', `${card}${lastFour}`, false),
    methodChoice(
      'NB',
      'Net banking',
      field('Bank', `<select name="bank">${options(BANKS, bank)}</select>`),
      false,
    ),
    methodChoice(
      'WALLET',
      'Wallet',
      field('Wallet', `<select name="wallet">${options(WALLETS)}</select>`),
      false,
    ),
  ].join('')
}

function summary(order: PageOrder): string {
  const line = (term: string, value: string) =>
    value === '' ? '' : `<div><dt>${term}</dt><dd>${escapeHtml(value)}</dd></div>`
  return `<header class="order">
${BADGE}
<p class="brand"><span aria-hidden="true">${escapeHtml(order.merchantName.slice(0, 1))}</span></p>
<h1>${escapeHtml(order.merchantName)}</h1>
<p class="amount">${escapeHtml(order.amountText)}</p>
<dl>${line('Order', order.orderId)}${line('For', order.description)}${line('Customer', order.customer)}</dl>
</header>`
}

function hidden(frame: PageFrame): string {
  const origin = `<input type="hidden" name="origin" value="${escapeHtml(frame.origin)}">`
  return frame.embed ? `<input type="hidden" name="embed" value="1">${origin}` : ''
}

type Button = { id: string; label: string; hint: string }

function button({ id, label, hint }: Button, look = ''): string {
  return `<button name="outcome" value="${id}"${look}><strong>${escapeHtml(label)}</strong><small>${escapeHtml(hint)}</small></button>`
}

/** What an honest customer presses stands alone; all the other endings stand below it, by what they lead to. */
function outcomes(amountText: string): string {
  const [pay, ...others] = PAGE_OUTCOMES
  const groups = OUTCOME_GROUPS.map((group) => {
    const buttons = others.filter((outcome) => outcome.group === group).map((outcome) => button(outcome))
    return `<fieldset class="outcomes"><legend>${group}</legend>${buttons.join('')}</fieldset>`
  })
  const first = pay ? button({ ...pay, label: `${pay.label} ${amountText}` }, ' class="primary"') : ''
  return `${first}<h2>Or let something else happen</h2>${groups.join('')}`
}

/** Tells the framing SDK script how high the page is, so that a phone scrolls one thing and not two. */
function heightScript(frame: PageFrame, nonce: string | null): string {
  if (nonce === null) return ''
  const origin = scriptJson(frame.origin)
  return `<script nonce="${nonce}">
new ResizeObserver(function () {
  parent.postMessage({ source: 'juspay-sandbox', height: document.documentElement.offsetHeight }, ${origin})
}).observe(document.documentElement)
</script>`
}

/** The hosted payment page: a plain form that works without JavaScript; each outcome is a submit button. */
export function paymentPage(
  action: string,
  order: PageOrder,
  frame: PageFrame,
  nonce: string | null,
): string {
  const retry =
    order.attemptsMade === 0
      ? ''
      : `<p class="note" role="status">${order.attemptsMade} earlier attempt${order.attemptsMade === 1 ? '' : 's'} on this order did not succeed. You can try again.</p>`
  const form = `<form method="post" action="${escapeHtml(action)}">
${hidden(frame)}
<fieldset><legend>Pay with</legend>${methods()}</fieldset>
${field('Gateway', `<select name="gateway">${options(GATEWAYS)}</select>`)}
${outcomes(order.amountText)}
</form>`
  return shell(
    `Pay ${order.merchantName}`,
    `${summary(order)}<div class="pay">${retry}${form}</div>`,
    heightScript(frame, nonce),
    frame.embed ? ' class="framed"' : '',
  )
}

/** A page that only says something: paid already, expired, unknown, or the result when there is nowhere to return to. */
export function messagePage(title: string, text: string, link: string | null = null): string {
  const more =
    link === null ? '' : `<p><a class="button" href="${escapeHtml(link)}">Continue to the shop</a></p>`
  return shell(
    title,
    `<header>${BADGE}<h1>${escapeHtml(title)}</h1></header><div class="pay"><p>${escapeHtml(text)}</p>${more}</div>`,
  )
}

/** Tells the framing SDK script how it ended; `nonce` lets only this script run. */
export function framedResultPage(title: string, message: unknown, origin: string, nonce: string): string {
  const script = `<script nonce="${nonce}">parent.postMessage(${scriptJson(message)}, ${scriptJson(origin)})</script>`
  return shell(
    title,
    `<header><h1>${escapeHtml(title)}</h1></header><p class="pay" role="status">Returning to the shop.</p>`,
    script,
  )
}

/** Sends the browser back by POST (the "POST method support for return URL" switch); a button serves without JavaScript. */
export function returnFormPage({ url, params }: ReturnTrip, nonce: string): string {
  const fields = params
    .map(([key, value]) => `<input type="hidden" name="${escapeHtml(key)}" value="${escapeHtml(value)}">`)
    .join('')
  const form = `<form method="post" action="${escapeHtml(url)}" id="back" class="pay">${fields}<button class="primary">Continue to the shop</button></form>`
  const script = `<script nonce="${nonce}">document.getElementById('back').submit()</script>`
  return shell('Returning to the shop', `<header><h1>Returning to the shop</h1></header>${form}`, script)
}
