import { html } from 'hono/html'
import type { ChannelView } from '../alerts/channel-desk.ts'
import type { Outcome } from '../alerts/next-attempt.ts'
import type { Html } from '../look/html-page.ts'
import { consoleFrame, copyable, csrfField, may, type Operator } from './console-frame.ts'
import { ago } from './figures.ts'

type ChannelsPage = {
  channels: ChannelView[]
  hasMailServer: boolean
  operator: Operator
  now: Date
  /** Of a webhook that was just made: shown this once. */
  secret?: string
  tested?: { id: string; outcome: Outcome }
  typed?: { recipients?: string; url?: string }
  problem?: string
}

/** Where alerts are told. */
export const alertChannelsPage = (page: ChannelsPage) =>
  consoleFrame({
    title: 'Channels of alerts',
    operator: page.operator,
    at: 'alerts',
    content: html`<p class="crumb"><a href="/console/alerts">Alerts</a></p>
<h1>${channelsSentence(page.channels)}</h1>
<p class="lead quiet">An incident is one message, one more when it is over, and one between them at most, if it has become much larger.</p>
${page.tested ? testedWords(page.tested.outcome) : ''}
${page.secret ? madeSecret(page.secret) : ''}
${page.channels.length ? channelTable(page) : ''}
${may(page.operator, '/console/alerts/channels/mail') ? html`${mailForm(page)}${webhookForm(page)}` : ''}`,
  })

const channelsSentence = ({ length }: ChannelView[]) =>
  length === 0
    ? 'Nobody is told of alerts.'
    : `Alerts are told on ${length === 1 ? 'one channel' : `${length} channels`}.`

const testedWords = ({ is, words }: Outcome) =>
  is === 'sent'
    ? html`<p class="lead" role="status">The test was sent. ${words}.</p>`
    : html`<p class="problem" role="alert">The test did not arrive. ${words}.</p>`

const madeSecret = (secret: string) => html`<section class="made" aria-labelledby="made">
<h2 id="made">The secret of the webhook</h2>
<p class="lead">It is shown only now. With it the program there checks that a message comes from here.</p>
<div class="secret">${copyable(secret)}</div>
</section>`

const channelTable = ({ channels, operator, now }: ChannelsPage) => html`<table class="dense">
<thead><tr><th scope="col">Channel</th><th scope="col">Leads to</th><th scope="col">Told last</th><th scope="col">Since</th><th scope="col"><span class="unseen">Action</span></th></tr></thead>
<tbody>${channels.map(
  ({
    id,
    kind,
    target,
    last,
    madeBy,
    madeAt,
  }) => html`<tr><th scope="row">${kind} <code class="quiet">${id}</code></th>
<td data-label="Leads to">${target}</td>
<td data-label="Told last">${last ? lastState(last, now) : html`<span class="quiet">nothing yet</span>`}</td>
<td data-label="Since">${ago(madeAt, now)} <span class="quiet">by ${madeBy}</span></td>
<td class="acts">${may(operator, `/console/alerts/channels/${id}/test`) ? html`<div class="together"><form method="post" action="/console/alerts/channels/${id}/test">${csrfField(operator)}<button>Send a test</button></form><form method="post" action="/console/alerts/channels/${id}/remove">${csrfField(operator)}<button class="grave">Remove this ${kind}</button></form></div>` : ''}</td></tr>
`,
)}</tbody></table>`

function lastState({ at, is, attempts, error }: NonNullable<ChannelView['last']>, now: Date): Html {
  const kind = { sent: 'well', waiting: attempts > 0 ? 'warn' : 'off', 'given up': 'bad' }[is]
  return html`<span class="state ${kind}">${is} <span class="quiet">${ago(at, now)} ago</span></span>${error ? html`<span class="cause">${error}</span>` : ''}`
}

const mailForm = ({
  operator,
  hasMailServer,
  typed,
  problem,
}: ChannelsPage) => html`<section class="deed" aria-labelledby="mail">
<h2 id="mail">Tell somebody by mail</h2>
${hasMailServer ? '' : html`<p class="problem">This control plane knows no mail server. Set SMTP_URL and MAIL_FROM where it is started.</p>`}
<form class="stack" method="post" action="/console/alerts/channels/mail">${csrfField(operator)}
${problem && typed?.recipients !== undefined ? html`<p class="problem" role="alert">${problem}</p>` : ''}
<label for="recipients">Addresses <span class="quiet">several by comma</span></label>
<input id="recipients" name="recipients" value="${typed?.recipients ?? ''}" required maxlength="2000" autocomplete="off" autocapitalize="none" spellcheck="false">
<button class="first">Add the mail</button>
</form></section>`

const webhookForm = ({
  operator,
  typed,
  problem,
}: ChannelsPage) => html`<section class="deed" aria-labelledby="webhook">
<h2 id="webhook">Tell a program by webhook</h2>
<p class="quiet">Each message is a POST of JSON: what happened, since when, and the names of nodes and streams. It carries
<code>sixcast-signature: t=SECONDS,v1=HEX</code>, the HMAC-SHA256 of “SECONDS.BODY” with the secret that is shown once, and
<code>sixcast-delivery</code>, the same each time one message is tried. It is tried for a day while nobody answers, or with 5xx or 429; a redirect is not followed.</p>
<form class="stack" method="post" action="/console/alerts/channels/webhook">${csrfField(operator)}
${problem && typed?.url !== undefined ? html`<p class="problem" role="alert">${problem}</p>` : ''}
<label for="url">Address <span class="quiet">only its host is shown afterwards</span></label>
<input id="url" name="url" type="url" value="${typed?.url ?? ''}" required maxlength="1500" placeholder="https://" autocomplete="off">
<button class="first">Add the webhook</button>
</form></section>`
