import { html } from 'hono/html'
import type { ClaimView } from '../enrolment/claim-view.ts'
import { elapsed } from '../look/elapsed.ts'
import type { Html } from '../look/html-page.ts'
import { consoleFrame, csrfField, liveRegion, may, type Operator } from './console-frame.ts'
import { ago, moment, nothing } from './figures.ts'

/** How long a claim may wait for its node. */
export const claimHours = [
  ['1', '1 hour'],
  ['24', '1 day'],
  ['168', '1 week'],
] as const

const crumb = html`<p class="crumb"><a href="/console/nodes">Nodes</a></p>`

/** Who may come in, and who came in by what. */
export const claimsPage = (claims: ClaimView[], operator: Operator, now: Date) =>
  consoleFrame({
    title: 'Claims',
    operator,
    at: 'claims',
    content: html`${crumb}
<h1>Add a node</h1>
<p class="lead">A claim lets one machine enrol as a node of this fleet. It works once, and only as long as you say here.</p>
${may(operator, '/console/claims') ? claimForm(operator) : html`<p class="problem">Your role makes no claims. Ask an admin.</p>`}
<section class="deed" aria-labelledby="claims">
<h2 id="claims">Claims</h2>
${liveRegion('/console/events/claims', claimsNow(claims, now))}
</section>`,
  })

const claimForm = (
  operator: Operator,
) => html`<form class="stack" method="post" action="/console/claims">${csrfField(operator)}
<label for="hours">Good for</label>
<select id="hours" name="hours">${claimHours.map(([hours, words]) => html`<option value="${hours}"${hours === '24' ? html` selected` : ''}>${words}</option>`)}</select>
<button class="first">Make a claim</button>
</form>`

export function claimsNow(claims: ClaimView[], now: Date): Html {
  if (claims.length === 0) return html`<p class="quiet">None has been made in the last weeks.</p>`
  return html`<p class="quiet">${sentence(claims)}</p>
<table class="dense">
<thead><tr><th scope="col">Claim</th><th scope="col">State</th><th scope="col">Node</th><th scope="col">Made</th></tr></thead>
<tbody>${claims.map((claim) => row(claim, now))}</tbody></table>`
}

function sentence(claims: ClaimView[]): string {
  const open = claims.filter(({ state }) => state === 'open').length
  if (open === 0) return 'None waits for a node.'
  return open === 1 ? 'One waits for its node.' : `${open} wait for their nodes.`
}

const row = (
  claim: ClaimView,
  now: Date,
) => html`<tr${claim.state === 'open' ? '' : html` class="past"`}><th scope="row"><a class="row" href="/console/claims/${claim.id}">${claim.id}</a></th>
<td data-label="State">${claimState(claim, now)}</td>
<td data-label="Node">${cameIn(claim)}</td>
<td data-label="Made">${ago(claim.createdAt, now)} ago${claim.madeBy ? html` <span class="quiet">by ${claim.madeBy}</span>` : ''}</td></tr>
`

/** A dot and a word: one that waits is well, whatever became of the others. */
function claimState({ state, since, expiresAt }: ClaimView, now: Date): Html {
  if (state === 'open')
    return html`<span class="state well">open <span class="quiet">for ${moment(expiresAt, elapsed(now, expiresAt))} more</span></span>`
  return html`<span class="state off">${state} <span class="quiet">${ago(since, now)} ago</span></span>`
}

const cameIn = ({ nodeId, nodeName = nodeId }: ClaimView): Html =>
  nodeId ? html`used by <a href="/console/nodes/${nodeId}">${nodeName}</a>` : nothing

/** One of them, where it can be taken back. */
export const claimPage = (claim: ClaimView, operator: Operator, now: Date) =>
  consoleFrame({
    title: `Claim ${claim.id}`,
    operator,
    at: 'claims',
    content: html`<p class="crumb"><a href="/console/nodes">Nodes</a> / <a href="/console/claims">Claims</a></p>
<h1>Claim ${claim.id}</h1>
<dl class="facts">
<div><dt>State</dt><dd>${claimState(claim, now)}</dd></div>
<div><dt>Node</dt><dd>${cameIn(claim)}</dd></div>
<div><dt>Made</dt><dd>${ago(claim.createdAt, now)} ago, ${moment(claim.createdAt)}</dd></div>
<div><dt>By</dt><dd>${claim.madeBy ?? nothing}</dd></div>
<div><dt>Good until</dt><dd>${moment(claim.expiresAt)}</dd></div>
</dl>
${claim.state === 'open' && may(operator, `/console/claims/${claim.id}/revoke`) ? revokeForm(claim, operator) : ''}`,
  })

const revokeForm = (
  { id }: ClaimView,
  operator: Operator,
) => html`<section class="grave" aria-labelledby="revoke">
<h2 id="revoke">Revoke this claim</h2>
<p>It enrols nobody any more. A machine that has its file waits until it is given another.</p>
<form method="post" action="/console/claims/${id}/revoke">${csrfField(operator)}<button class="grave">Revoke ${id}</button></form>
</section>`
