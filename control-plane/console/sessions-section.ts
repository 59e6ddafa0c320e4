import { html } from 'hono/html'
import type { OpenSession } from '../operators/open-sessions.ts'
import { csrfField, type Operator } from './console-frame.ts'
import { ago } from './figures.ts'

type Sessions = {
  sessions: OpenSession[]
  operator: Operator
  /** Whose they are, and below which address they are ended. */
  of: { name: string; path: string }
  now: Date
}

/** Where somebody is logged in: of himself, or of another for an admin. */
export function sessionsSection({ sessions, operator, of, now }: Sessions) {
  const isOwn = of.name === operator.operator
  const others = sessions.filter(({ id }) => id !== operator.id)
  return html`<section class="deed" aria-labelledby="sessions">
<h2 id="sessions">Logins</h2>
<p class="quiet">${sentence(isOwn ? others.length : sessions.length, isOwn ? 'You are' : `${of.name} is`, isOwn)}</p>
${sessions.length ? sessionsTable({ sessions, operator, of, now }) : ''}
${others.length ? html`<form class="deeds" method="post" action="${of.path}/sessions/end">${csrfField(operator)}<button>${isOwn ? 'End all others' : 'End all of them'}</button></form>` : ''}
</section>`
}

function sentence(count: number, who: string, isOwn: boolean): string {
  if (count === 0) return isOwn ? `${who} logged in here, and nowhere else.` : `${who} not logged in.`
  const places = count === 1 ? 'one place' : `${count} places`
  return isOwn
    ? `${who} logged in here, and in ${count === 1 ? 'one more place' : `${count} more places`}.`
    : `${who} logged in at ${places}.`
}

const sessionsTable = ({ sessions, operator, of, now }: Sessions) => html`<table class="dense">
<thead><tr><th scope="col">With</th><th scope="col">From</th><th scope="col">Since</th><th scope="col">Last seen</th><th scope="col"><span class="unseen">Action</span></th></tr></thead>
<tbody>${sessions.map(
  ({
    id,
    since,
    seenAt,
    source,
    browser,
  }) => html`<tr><th scope="row">${browser}${id === operator.id ? html` <span class="quiet">this one</span>` : ''}</th>
<td data-label="From">${source || html`<span class="quiet unknown">not known</span>`}</td>
<td data-label="Since">${ago(since, now)} ago</td>
<td data-label="Last seen">${ago(seenAt, now)} ago</td>
<td class="number"><form method="post" action="${of.path}/sessions/${id}/end">${csrfField(operator)}<button aria-label="End the login with ${browser} from ${source}">End</button></form></td></tr>
`,
)}</tbody></table>`
