import { html } from 'hono/html'
import { revokedKeyMeans } from '../streams/revoked-key.ts'
import type { StreamView } from '../streams/stream-view.ts'
import type { StreamKey } from './console-dependencies.ts'
import { consoleFrame, csrfField, type Operator } from './console-frame.ts'
import { ago, moment } from './figures.ts'

type KeyPage = { stream: StreamView; key: StreamKey; operator: Operator; now: Date; problem?: string }

/** Where a key is revoked: its name must be typed, for it cannot be brought back. */
export const keyPage = ({ stream, key, operator, now, problem }: KeyPage) =>
  consoleFrame({
    title: `Key ${key.id}`,
    operator,
    at: 'streams',
    content: html`<p class="crumb"><a href="/console/streams">Streams</a> / <a href="/console/streams/${stream.name}">${stream.title}</a></p>
<h1>Key ${key.id}</h1>
<p class="lead">Made ${ago(key.createdAt, now)} ago, ${moment(key.createdAt)}.</p>
<section class="grave" aria-labelledby="revoke">
<h2 id="revoke">Revoke this key</h2>
<p>${revokedKeyMeans(stream.name)} This cannot be undone; a new key must be given to them.</p>
<form method="post" action="/console/streams/${stream.name}/keys/${key.id}/revoke">${csrfField(operator)}
${problem ? html`<p class="problem" role="alert">${problem}</p>` : ''}
<label for="id">Type <strong>${key.id}</strong> to confirm</label>
<div class="together"><input id="id" name="id" autocomplete="off" autocapitalize="none" spellcheck="false" required><button class="grave">Revoke ${key.id}</button></div>
</form>
</section>`,
  })
