import { escapeHtml, scriptJson } from './html.ts'
import { BANKS, CARD_BRANDS, GATEWAYS, WALLETS } from './instruments.ts'
import { PAGE_STYLE } from './page-style.ts'
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

/** Outcome buttons: value, label, what will happen. */
const OUTCOMES: readonly [string, string, string, string][] = [
  ['success', 'Pay', 'primary', 'The bank approves; the money is captured.'],
  ['authentication_failed', 'Fail authentication', '', 'The OTP or UPI PIN is wrong.'],
  ['authorization_failed', 'Fail at the bank', '', 'The bank refuses: not sufficient funds.'],
  ['pending', 'Stay pending', '', 'No answer yet; succeeds a little later.'],
  ['late_success', 'Fail, then succeed late', '', 'Fails now; the bank says yes afterwards.'],
  ['double_charge', 'Pay twice', '', 'Two attempts are charged.'],
  ['abandon', 'Leave without paying', 'quiet', 'Closes the page; no attempt is made.'],
]

function shell(title: string, body: string, extra = ''): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
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

function methodChoice(type: string, label: string, detail: string, isFirst: boolean): string {
  return `<div class="method">
<label class="pick"><input type="radio" name="type" value="${type}"${isFirst ? ' checked' : ''}> ${label}</label>
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
  return `<header>
<p class="badge">Sandbox: no real money</p>
<h1>${escapeHtml(order.merchantName)}</h1>
<p class="amount">${escapeHtml(order.amountText)}</p>
<dl>${line('Order', order.orderId)}${line('For', order.description)}${line('Customer', order.customer)}</dl>
</header>`
}

function hidden(frame: PageFrame): string {
  const origin = `<input type="hidden" name="origin" value="${escapeHtml(frame.origin)}">`
  return frame.embed ? `<input type="hidden" name="embed" value="1">${origin}` : ''
}

/** The hosted payment page: a plain form that works without JavaScript; each outcome is a submit button. */
export function paymentPage(action: string, order: PageOrder, frame: PageFrame): string {
  const buttons = OUTCOMES.map(
    ([value, label, style, hint]) =>
      `<button name="outcome" value="${value}" class="${style}"><strong>${label}</strong><small>${hint}</small></button>`,
  ).join('')
  const retry =
    order.attemptsMade === 0
      ? ''
      : `<p class="note" role="status">${order.attemptsMade} earlier attempt${order.attemptsMade === 1 ? '' : 's'} on this order did not succeed. You can try again.</p>`
  const form = `<form method="post" action="${escapeHtml(action)}">
${hidden(frame)}
<fieldset><legend>Pay with</legend>${methods()}</fieldset>
${field('Gateway', `<select name="gateway">${options(GATEWAYS)}</select>`)}
<fieldset class="outcomes"><legend>What should happen?</legend>${buttons}</fieldset>
</form>`
  return shell(`Pay ${order.merchantName}`, `${summary(order)}${retry}${form}`)
}

/** A page that only says something: paid already, expired, unknown, or the result when there is nowhere to return to. */
export function messagePage(title: string, text: string, link: string | null = null): string {
  const more =
    link === null ? '' : `<p><a class="button" href="${escapeHtml(link)}">Continue to the shop</a></p>`
  return shell(
    title,
    `<header><p class="badge">Sandbox: no real money</p><h1>${escapeHtml(title)}</h1></header><p>${escapeHtml(text)}</p>${more}`,
  )
}

/** Tells the framing SDK script how it ended; `nonce` lets only this script run. */
export function framedResultPage(title: string, message: unknown, origin: string, nonce: string): string {
  const script = `<script nonce="${nonce}">parent.postMessage(${scriptJson(message)}, ${scriptJson(origin)})</script>`
  return shell(
    title,
    `<header><h1>${escapeHtml(title)}</h1></header><p role="status">Returning to the shop.</p>`,
    script,
  )
}

/** Sends the browser back by POST (the "POST method support for return URL" switch); a button serves without JavaScript. */
export function returnFormPage({ url, params }: ReturnTrip, nonce: string): string {
  const fields = params
    .map(([key, value]) => `<input type="hidden" name="${escapeHtml(key)}" value="${escapeHtml(value)}">`)
    .join('')
  const form = `<form method="post" action="${escapeHtml(url)}" id="back">${fields}<button class="primary">Continue to the shop</button></form>`
  const script = `<script nonce="${nonce}">document.getElementById('back').submit()</script>`
  return shell('Returning to the shop', `<header><h1>Returning to the shop</h1></header>${form}`, script)
}
