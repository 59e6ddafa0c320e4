import { html } from 'hono/html'
import { viewerFrame } from './viewer-frame.ts'

export const unknownStreamPage = (name: string) =>
  viewerFrame({
    title: 'No such stream · Sixcast',
    content: html`<section class="message">
<h1>There is no stream called “${name.slice(0, 64)}”</h1>
<p>The address may be mistyped, or the stream was removed.</p>
<p><a class="button" href="/">See what is live</a></p>
</section>`,
  })

/** While the control plane cannot read its database. */
export const unavailablePage = () =>
  viewerFrame({
    title: 'One moment · Sixcast',
    refreshSeconds: 5,
    content: html`<section class="message">
<h1>This page is not available at the moment</h1>
<p>It tries again by itself every five seconds.</p>
</section>`,
  })
