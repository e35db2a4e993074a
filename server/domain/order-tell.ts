/**
 * What the customer of an order may be told, in English and Hindi, for SMS, e-mail and WhatsApp. Whole sentences, as in
 * `refund-tell.ts`; amounts, dates and references that the customer knows, and no name, address or number. Nothing is
 * promised that Juspay or the bank has not confirmed: what is in doubt is being checked, and no more is said.
 */
import { reversedBy } from './explain-payment.ts'
import { failureReason, failureWords } from './failure-reason.ts'
import { formatMoney } from './money.ts'
import type { ExplainFacts, Situated, Situation } from './order-situation.ts'
import { isDayOver } from './refund-clock.ts'
import { creditBy, shownBy, tellCustomer } from './refund-display.ts'
import { dayText, TELL_LANGUAGES, tellSentence, type TellLanguage } from './refund-tell.ts'

export const TELL_CHANNELS = ['sms', 'whatsapp', 'email'] as const
export type TellChannel = (typeof TELL_CHANNELS)[number]

/** A text for each way to send it; `parts` is what an SMS is billed as. */
export type CustomerTexts = {
  sms: { text: string; parts: number }
  whatsapp: { text: string }
  email: { subject: string; text: string }
}

type Words = {
  money: string
  charged: string
  on: string
  reason: string
  by: string
  order: string
  /** Whether the days after which an account should show it are over: a refund, or the reversal of a debit. */
  shown: boolean
}
/** `more` follows where there is room: in an e-mail and on WhatsApp. */
type Told = { short: string; more: string | null }
type Teller = (words: Words) => Told

/** Situations with sentences of their own; those of a refund are in `refund-tell.ts`. */
type OfOrder = Exclude<Situation, `refund_${string}` | 'confirming_refund'>

const short = (text: string, more: string | null = null): Told => ({ short: text, more })

const CHECKING_EN: Teller = ({ money }) =>
  short(
    `We are checking your payment of ${money} with the bank and will tell you as soon as we know.`,
    'Until then, do not pay again.',
  )
const CHECKING_HI: Teller = ({ money }) =>
  short(`हम आपके ${money} के पेमेंट के बारे में बैंक से पूछ रहे हैं और पता चलते ही आपको बताएँगे।`, 'तब तक दोबारा पेमेंट न करें।')

const UNKNOWN_EN: Teller = () =>
  short(
    'We are checking your payment with the bank and will tell you as soon as we know.',
    'Until then, do not pay again.',
  )
const UNKNOWN_HI: Teller = () =>
  short('हम आपके पेमेंट के बारे में बैंक से पूछ रहे हैं और पता चलते ही आपको बताएँगे।', 'तब तक दोबारा पेमेंट न करें।')

const EN: Readonly<Record<OfOrder, Teller>> = {
  not_paid: ({ money }) => short(`We have not received a payment of ${money} for your order yet.`),
  cash_on_delivery: ({ money }) => short(`You chose to pay ${money} on delivery. Nothing has been taken.`),
  paying: ({ money }) =>
    short(
      `We are waiting for your bank's answer about your payment of ${money} and will tell you as soon as we know.`,
      'Until then, do not pay again.',
    ),
  stuck: ({ money }) =>
    short(
      `Your bank has not told us yet what became of your payment of ${money}. We keep asking and will tell you.`,
      'Until then, do not pay again.',
    ),
  held: ({ money }) => short(`${money} is reserved on your account. It has not been taken.`),
  hold_in_review: CHECKING_EN,
  releasing: ({ money }) =>
    short(
      `The ${money} reserved on your account is being released. It was not taken.`,
      'Your bank decides when it stops showing.',
    ),
  released: ({ money }) =>
    short(
      `The ${money} reserved on your account was released. It was not taken.`,
      'Your bank decides when it stops showing.',
    ),
  failed: ({ money, reason, shown }) =>
    short(
      `Your payment of ${money} did not go through: ${reason}. We have not received this money.`,
      shown
        ? 'If your account still shows a debit for it, ask your bank: banks normally reverse it within 5 days.'
        : 'If your account shows a debit for it, banks normally reverse it by themselves within 5 days; your bank can tell you.',
    ),
  charged: ({ charged, on }) =>
    short(`We received your payment of ${charged} on ${on}. There is nothing more to do.`),
  partly_charged: ({ charged, money, on }) =>
    short(`We received ${charged} of your payment of ${money} on ${on}. We are looking into the rest.`),
  confirming: ({ money }) =>
    short(`We are confirming your payment of ${money} with the bank and will tell you as soon as we know.`),
  amount_unknown: UNKNOWN_EN,
  doubted: CHECKING_EN,
  missing: CHECKING_EN,
  conflicting: CHECKING_EN,
  in_question: ({ money }) =>
    short(
      `We are checking the refund for your payment of ${money} with the bank and will tell you as soon as we know.`,
    ),
  late_success: ({ charged }) =>
    short(
      `Your payment of ${charged} first failed and reached us late. We are looking into it and will tell you what happens next.`,
    ),
  double_charge: ({ charged }) =>
    short(
      `We received more than one payment for your order, ${charged} in all. We are looking into it and will tell you what happens next.`,
    ),
  disputed: ({ money }) =>
    short(
      `Your bank is looking into your payment of ${money}. We have to wait for its decision.`,
      'Your bank can tell you how far it is.',
    ),
  dispute_lost: ({ money }) =>
    short(`Your bank decided about your payment of ${money} in your favour. It can tell you the date.`),
  auto_refund_running: ({ money, by }) =>
    short(`Your payment of ${money} is being returned to you. It should be in your account by ${by}.`),
  auto_refunded: ({ money, shown }) =>
    short(
      shown
        ? `Your payment of ${money} was returned to you. If you do not see it, tell us.`
        : `Your payment of ${money} was returned to you. It can take 5 to 7 working days to show.`,
    ),
  unknown: CHECKING_EN,
}

const HI: Readonly<Record<OfOrder, Teller>> = {
  not_paid: ({ money }) => short(`आपके ऑर्डर के लिए ${money} का पेमेंट हमें अभी नहीं मिला है।`),
  cash_on_delivery: ({ money }) => short(`आपने डिलीवरी पर ${money} देना चुना है। अभी कुछ नहीं लिया गया है।`),
  paying: ({ money }) =>
    short(
      `हम आपके ${money} के पेमेंट पर बैंक के जवाब का इंतज़ार कर रहे हैं और पता चलते ही आपको बताएँगे।`,
      'तब तक दोबारा पेमेंट न करें।',
    ),
  stuck: ({ money }) =>
    short(
      `बैंक ने अभी नहीं बताया है कि आपके ${money} के पेमेंट का क्या हुआ। हम पूछ रहे हैं और आपको बताएँगे।`,
      'तब तक दोबारा पेमेंट न करें।',
    ),
  held: ({ money }) => short(`आपके खाते में ${money} रोक कर रखे गए हैं। ये लिए नहीं गए हैं।`),
  hold_in_review: CHECKING_HI,
  releasing: ({ money }) =>
    short(
      `आपके खाते में रोके गए ${money} छोड़े जा रहे हैं। ये लिए नहीं गए थे।`,
      'यह कब दिखना बंद होगा, यह आपका बैंक तय करता है।',
    ),
  released: ({ money }) =>
    short(
      `आपके खाते में रोके गए ${money} छोड़ दिए गए हैं। ये लिए नहीं गए थे।`,
      'यह कब दिखना बंद होगा, यह आपका बैंक तय करता है।',
    ),
  failed: ({ money, reason, shown }) =>
    short(
      `आपका ${money} का पेमेंट नहीं हो सका: ${reason}। यह राशि हमें नहीं मिली है।`,
      shown
        ? 'अगर खाते से पैसे अब भी कटे दिखते हैं, तो अपने बैंक से पूछें: बैंक आम तौर पर 5 दिन में उन्हें लौटा देते हैं।'
        : 'अगर खाते से पैसे कटे दिखते हैं, तो बैंक आम तौर पर 5 दिन में उन्हें अपने आप लौटाते हैं; अपने बैंक से पूछें।',
    ),
  charged: ({ charged, on }) => short(`आपका ${charged} का पेमेंट ${on} को हमें मिल गया है। आपको और कुछ नहीं करना है।`),
  partly_charged: ({ charged, money, on }) =>
    short(`आपके ${money} के पेमेंट में से ${charged} ${on} को हमें मिले हैं। बाकी की हम जाँच कर रहे हैं।`),
  confirming: ({ money }) => short(`हम बैंक से आपके ${money} के पेमेंट की पुष्टि कर रहे हैं और पता चलते ही आपको बताएँगे।`),
  amount_unknown: UNKNOWN_HI,
  doubted: CHECKING_HI,
  missing: CHECKING_HI,
  conflicting: CHECKING_HI,
  in_question: ({ money }) =>
    short(`हम आपके ${money} के पेमेंट के रिफ़ंड के बारे में बैंक से पूछ रहे हैं और पता चलते ही आपको बताएँगे।`),
  late_success: ({ charged }) =>
    short(
      `आपका ${charged} का पेमेंट पहले विफल हुआ और फिर देर से मिला। हम जाँच कर रहे हैं और आगे क्या होगा, यह आपको बताएँगे।`,
    ),
  double_charge: ({ charged }) =>
    short(
      `आपके ऑर्डर के लिए हमें एक से अधिक पेमेंट मिले हैं, कुल ${charged}। हम जाँच कर रहे हैं और आगे क्या होगा, यह आपको बताएँगे।`,
    ),
  disputed: ({ money }) =>
    short(
      `आपका बैंक आपके ${money} के पेमेंट की जाँच कर रहा है। हमें उसके निर्णय का इंतज़ार करना होगा।`,
      'जाँच कहाँ तक पहुँची, यह आपका बैंक बता सकता है।',
    ),
  dispute_lost: ({ money }) =>
    short(`बैंक ने आपके ${money} के पेमेंट का निर्णय आपके पक्ष में किया है। तारीख़ आपका बैंक बता सकता है।`),
  auto_refund_running: ({ money, by }) =>
    short(`आपका ${money} का पेमेंट आपको लौटाया जा रहा है। ${by} तक यह आपके खाते में आ जाना चाहिए।`),
  auto_refunded: ({ money, shown }) =>
    short(
      shown
        ? `आपका ${money} का पेमेंट आपको लौटा दिया गया है। अगर खाते में न दिखे, तो हमें बताएँ।`
        : `आपका ${money} का पेमेंट आपको लौटा दिया गया है। खाते में दिखने में 5 से 7 कार्य दिवस लग सकते हैं।`,
    ),
  unknown: CHECKING_HI,
}

/** What is said where the sentence with a reference is too long for an SMS. */
const WITHOUT_REFERENCE = 'done'

/** The texts in both languages; total over all situations. */
export function customerTexts(
  facts: ExplainFacts,
  situated: Situated,
  now: Date,
): Record<TellLanguage, CustomerTexts> {
  const texts = (language: TellLanguage) => textsIn(language, facts, situated, now)
  return { en: texts('en'), hi: texts('hi') }
}

function textsIn(language: TellLanguage, facts: ExplainFacts, situated: Situated, now: Date): CustomerTexts {
  const { short: text, more, brief } = toldOf(language, facts, situated, now)
  const order = ORDER_WORDS[language](facts.orderRef)
  const lines = [text, ...(more === null ? [] : [more])]
  const { greeting, subject } = MAIL_WORDS[language]
  return {
    sms: smsOf([`${text} ${order}`, text, brief], language),
    whatsapp: { text: [...lines, order].join('\n') },
    email: { subject: subject(facts.orderRef), text: [greeting, lines.join(' '), order].join('\n\n') },
  }
}

function toldOf(
  language: TellLanguage,
  facts: ExplainFacts,
  { situation, refund }: Situated,
  now: Date,
): Told & { brief: string } {
  const { currency } = facts
  const text = refund === null ? null : (tellCustomer(refund, facts.stops, now)?.[language] ?? null)
  if (isOfRefund(situation) && refund !== null && text !== null) {
    const at = refund.settledAt ?? refund.sentAt ?? refund.requestedAt
    const shown = isDayOver(shownBy(refund), now)
    const plain = { amountMinor: refund.amountMinor, currency, at, shown, reference: null, by: null }
    const brief =
      situation === 'refund_done_with_reference' ? tellSentence(WITHOUT_REFERENCE, plain, language) : text
    return { ...short(text), brief }
  }
  const tellers = language === 'en' ? EN : HI
  const told = tellers[isOfRefund(situation) ? 'in_question' : situation]({
    money: formatMoney({ minor: refund?.amountMinor ?? facts.amountMinor, currency }),
    charged: formatMoney({ minor: facts.chargedMinor, currency }),
    on: dayText(facts.chargedAt ?? facts.createdAt, language),
    reason: failureWords(failureReason(facts), language),
    by: dayText(refund === null ? now : creditBy(refund, now), language),
    order: facts.orderRef,
    shown: isDayOver(refund === null ? reversedBy(facts.createdAt) : shownBy(refund), now),
  })
  return { ...told, brief: told.short }
}

function isOfRefund(situation: Situation): situation is Exclude<Situation, OfOrder> {
  return situation.startsWith('refund_') || situation === 'confirming_refund'
}

const ORDER_WORDS: Readonly<Record<TellLanguage, (orderRef: string) => string>> = {
  en: (orderRef) => `Order ${orderRef}.`,
  hi: (orderRef) => `ऑर्डर ${orderRef}।`,
}

const MAIL_WORDS: Readonly<
  Record<TellLanguage, { greeting: string; subject: (orderRef: string) => string }>
> = {
  en: { greeting: 'Hello,', subject: (orderRef) => `Your payment for order ${orderRef}` },
  hi: { greeting: 'नमस्ते,', subject: (orderRef) => `ऑर्डर ${orderRef} का आपका पेमेंट` },
}

/**
 * The longest SMS we offer, in parts. A part holds 160 characters of the GSM alphabet (153 when there are several), or
 * 70 (67) of any other script (3GPP TS 23.038, 23.040).
 */
export const SMS_PARTS_MAX: Readonly<Record<TellLanguage, number>> = { en: 2, hi: 3 }

/** Letters and signs of the GSM 7-bit alphabet that our texts use; the rupee sign is not among them. */
const GSM = /^[A-Za-z0-9 \r\n@£$¥_!"#%&'()*+,\-./:;<=>?]*$/

/** How many parts an SMS of this text is sent and billed as. */
export function smsParts(text: string): number {
  const [single, joined] = GSM.test(text) ? [160, 153] : [70, 67]
  return text.length <= single ? 1 : Math.ceil(text.length / joined)
}

/** The first of the texts, longest first, that fits. */
function smsOf(texts: readonly string[], language: TellLanguage): CustomerTexts['sms'] {
  const plain = texts.map((text) => (language === 'en' ? inGsm(text) : text))
  const fitting = plain.find((text) => smsParts(text) <= SMS_PARTS_MAX[language])
  const text = fitting ?? plain.at(-1) ?? ''
  return { text, parts: smsParts(text) }
}

/** One sign outside the alphabet would halve the length of the whole message. */
function inGsm(text: string): string {
  return text
    .replaceAll('₹', 'Rs ')
    .replaceAll('€', 'EUR ')
    .replaceAll(/[‘’]/g, "'")
    .replaceAll(/[\u00a0\u202f]/g, ' ')
}

/** Every text of every language, for tests and reviews. */
export function allTexts(texts: Record<TellLanguage, CustomerTexts>): string[] {
  return TELL_LANGUAGES.flatMap((language) => {
    const { sms, whatsapp, email } = texts[language]
    return [sms.text, whatsapp.text, email.subject, email.text]
  })
}
