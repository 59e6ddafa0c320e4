import type { Problem } from '@sixcast/shared/contract/problem.ts'
import { html } from 'hono/html'
import type { Html } from '../look/html-page.ts'
import type { Texts } from './texts/viewer-texts.ts'
import { viewerFrame } from './viewer-frame.ts'

export const unknownStreamPage = (name: string, texts: Texts) =>
  messagePage(texts, {
    title: texts.refusal.noStream,
    what: texts.refusal.unknownStream(name.slice(0, 64)),
    means: texts.refusal.streamGone,
  })

export const unknownAddressPage = (texts: Texts) =>
  messagePage(texts, {
    title: texts.refusal.noPage,
    what: texts.refusal.unknownPage,
    means: texts.refusal.pageGone,
  })

/** When something was refused or is not there, or we have stumbled. */
export function problemPage({ code, message }: Problem, texts: Texts) {
  if (code === 'unavailable') return unavailablePage(texts)
  if (code === 'not-found') return unknownAddressPage(texts)
  if (code === 'bug') return bugPage(texts)
  return messagePage(texts, {
    title: texts.refusal.unread,
    what: texts.refusal.notUnderstood,
    // The causes of a refusal are told in English alone.
    means: message === code ? texts.refusal.mistyped : html`<span lang="en">${message}</span>`,
  })
}

const bugPage = (texts: Texts) =>
  messagePage(texts, {
    title: texts.refusal.unshown,
    what: texts.refusal.cannotBeShown,
    means: texts.refusal.ourFault,
  })

type Message = { title: string; what: string; means: Html | string }

const messagePage = (texts: Texts, { title, what, means }: Message) =>
  viewerFrame({
    texts,
    title: `${title} · Sixcast`,
    content: html`<section class="message">
<h1>${what}</h1>
<p>${means}</p>
<p><a class="button" href="/">${texts.refusal.home}</a></p>
</section>`,
  })

/** While the control plane cannot read its database. */
const unavailablePage = (texts: Texts) =>
  viewerFrame({
    texts,
    title: `${texts.refusal.moment} · Sixcast`,
    refreshSeconds: 5,
    content: html`<section class="message">
<h1>${texts.refusal.unavailable}</h1>
<p>${texts.refusal.triesAgain}</p>
</section>`,
  })
