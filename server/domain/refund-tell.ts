/**
 * What to tell the customer about a refund, in English and Hindi, ready to copy. Whole sentences: nothing is joined
 * from parts that another language orders differently. Hindi keeps western digits and the words people say (design §5.3).
 */
import { formatMoney } from './money.ts'

export const TELL_LANGUAGES = ['en', 'hi'] as const
export type TellLanguage = (typeof TELL_LANGUAGES)[number]

/** Every state a customer can be told about. */
export const TELL_STATES = [
  'waiting',
  'held',
  'queued',
  'pending',
  'late',
  'confirming',
  'done_with_reference',
  'done',
  'failed',
  'review',
  'unknown',
] as const
export type TellState = (typeof TELL_STATES)[number]

/**
 * What the sentences need. `at` is when it was paid, else when it was sent or asked for; `shown` whether the account of
 * the customer should show a refund that was paid, because the promised days are over.
 */
export type TellFacts = {
  amountMinor: bigint
  currency: string
  at: Date
  reference: string | null
  by: Date | null
  shown: boolean
}

type Words = { money: string; on: string; reference: string; by: string; shown: boolean }

const SENTENCES: Readonly<Record<TellLanguage, Readonly<Record<TellState, (words: Words) => string>>>> = {
  en: {
    waiting: ({ money }) =>
      `We are looking at your refund of ${money}. We will tell you as soon as it is approved.`,
    held: ({ money }) =>
      `Your refund of ${money} is approved and has not been sent yet. We will tell you as soon as it is.`,
    queued: ({ money, by }) =>
      `We have started your refund of ${money}. It should be in your account by ${by}.`,
    pending: ({ money, on, by }) =>
      `We sent your refund of ${money} on ${on}. It is with the bank and should be in your account by ${by}.`,
    late: ({ money, on }) =>
      `We sent your refund of ${money} on ${on}. It takes longer than usual, and we are asking the bank about it.`,
    confirming: ({ money }) => `We have sent your refund of ${money} and are confirming it with the bank.`,
    done_with_reference: ({ money, on, reference, shown }) =>
      shown
        ? `We refunded ${money} on ${on}. Your bank reference is ${reference}. If you do not see it, ask your bank with this reference.`
        : `We refunded ${money} on ${on}. Your bank reference is ${reference}. It can take 5 to 7 working days to show.`,
    done: ({ money, on, shown }) =>
      shown
        ? `We refunded ${money} on ${on}. If you do not see it, tell us.`
        : `We refunded ${money} on ${on}. It can take 5 to 7 working days to show.`,
    failed: ({ money }) =>
      `The bank could not pay back your ${money}. We are arranging it again and will tell you when it is done.`,
    review: ({ money }) =>
      `We are checking your refund of ${money} with the bank and will tell you as soon as we know more.`,
    unknown: ({ money }) =>
      `We are checking if your refund of ${money} has reached the bank and will tell you as soon as we know.`,
  },
  hi: {
    waiting: ({ money }) => `हम आपके ${money} के रिफ़ंड को देख रहे हैं। मंज़ूरी मिलते ही हम आपको बताएँगे।`,
    held: ({ money }) => `आपका ${money} का रिफ़ंड मंज़ूर हो गया है, पर अभी भेजा नहीं गया है। भेजते ही हम आपको बताएँगे।`,
    queued: ({ money, by }) => `हमने आपका ${money} का रिफ़ंड शुरू कर दिया है। ${by} तक यह आपके खाते में आ जाना चाहिए।`,
    pending: ({ money, on, by }) =>
      `हमने ${on} को आपका ${money} का रिफ़ंड भेज दिया है। यह बैंक के पास है और ${by} तक आपके खाते में आ जाना चाहिए।`,
    late: ({ money, on }) =>
      `हमने ${on} को आपका ${money} का रिफ़ंड भेज दिया है। इसमें सामान्य से अधिक समय लग रहा है, और हम बैंक से पूछ रहे हैं।`,
    confirming: ({ money }) => `हमने आपका ${money} का रिफ़ंड भेज दिया है और बैंक से इसकी पुष्टि कर रहे हैं।`,
    done_with_reference: ({ money, on, reference, shown }) =>
      shown
        ? `हमने ${on} को ${money} का रिफ़ंड कर दिया है। आपका बैंक संदर्भ क्रमांक ${reference} है। अगर खाते में न दिखे, तो आपका बैंक इस क्रमांक से इसे खोज सकता है।`
        : `हमने ${on} को ${money} का रिफ़ंड कर दिया है। आपका बैंक संदर्भ क्रमांक ${reference} है। खाते में दिखने में 5 से 7 कार्य दिवस लग सकते हैं।`,
    done: ({ money, on, shown }) =>
      shown
        ? `हमने ${on} को ${money} का रिफ़ंड कर दिया है। अगर खाते में न दिखे, तो हमें बताएँ।`
        : `हमने ${on} को ${money} का रिफ़ंड कर दिया है। खाते में दिखने में 5 से 7 कार्य दिवस लग सकते हैं।`,
    failed: ({ money }) => `बैंक आपके ${money} वापस नहीं कर सका। हम इसे दोबारा करवा रहे हैं और होते ही आपको बताएँगे।`,
    review: ({ money }) => `हम आपके ${money} के रिफ़ंड के बारे में बैंक से पूछ रहे हैं और पता चलते ही आपको बताएँगे।`,
    unknown: ({ money }) =>
      `हम जाँच रहे हैं कि आपका ${money} का रिफ़ंड बैंक तक पहुँचा है या नहीं, और पता चलते ही आपको बताएँगे।`,
  },
}

/** Made once: building one costs a hundred times what using it does. The short form of a Hindi month ends in a sign that
 * few fonts of few phones have. */
const DAYS: Readonly<Record<TellLanguage, Intl.DateTimeFormat>> = {
  en: dayFormat('en-IN', 'short'),
  hi: dayFormat('hi-IN', 'long'),
}

function dayFormat(locale: string, month: 'short' | 'long'): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month,
    timeZone: 'Asia/Kolkata',
    numberingSystem: 'latn',
  })
}

/** "22 Nov", "22 नवंबर"; in western digits and Indian time. */
export function dayText(at: Date, language: TellLanguage): string {
  return DAYS[language].format(at)
}

/** The sentence of a state in one language. */
export function tellSentence(state: TellState, facts: TellFacts, language: TellLanguage): string {
  return SENTENCES[language][state]({
    money: formatMoney({ minor: facts.amountMinor, currency: facts.currency }),
    on: dayText(facts.at, language),
    reference: facts.reference ?? '',
    by: dayText(facts.by ?? facts.at, language),
    shown: facts.shown,
  })
}
