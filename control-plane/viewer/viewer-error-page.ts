import type { Problem } from '@sixcast/shared/contract/problem.ts'
import { html } from 'hono/html'
import type { Html } from '../look/html-page.ts'
import { viewerFrame } from './viewer-frame.ts'

export const unknownStreamPage = (name: string) =>
  messagePage({
    title: 'No such stream',
    what: html`There is no stream called “${name.slice(0, 64)}”`,
    means: 'The address may be mistyped, or the stream was removed.',
  })

export const unknownAddressPage = () =>
  messagePage({
    title: 'No such page',
    what: 'There is no page at this address',
    means: 'The address may be mistyped, or what was here is gone.',
  })

/** When something was refused or is not there, or we have stumbled. */
export function problemPage({ code, message }: Problem) {
  if (code === 'unavailable') return unavailablePage()
  if (code === 'not-found') return unknownAddressPage()
  if (code === 'bug') return bugPage()
  return messagePage({
    title: 'Not understood',
    what: 'This request was not understood',
    means: message === code ? 'The address may be mistyped.' : message,
  })
}

const bugPage = () =>
  messagePage({
    title: 'Not shown',
    what: 'This page cannot be shown',
    means: 'The fault is on our side, and it has been noted.',
  })

type Message = { title: string; what: Html | string; means: string }

const messagePage = ({ title, what, means }: Message) =>
  viewerFrame({
    title: `${title} · Sixcast`,
    content: html`<section class="message">
<h1>${what}</h1>
<p>${means}</p>
<p><a class="button" href="/">See what is live</a></p>
</section>`,
  })

/** While the control plane cannot read its database. */
const unavailablePage = () =>
  viewerFrame({
    title: 'One moment · Sixcast',
    refreshSeconds: 5,
    content: html`<section class="message">
<h1>This page is not available at the moment</h1>
<p>It tries again by itself every five seconds.</p>
</section>`,
  })
