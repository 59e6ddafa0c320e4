import { html } from 'hono/html'
import { consoleFrame, copyable, csrfField, may, type Operator } from './console-frame.ts'
import { moment } from './figures.ts'

/** How long a claim may wait for its node. */
export const claimHours = [
  ['1', '1 hour'],
  ['24', '1 day'],
  ['168', '1 week'],
] as const

export const newClaimPage = (operator: Operator) =>
  consoleFrame({
    title: 'Add a node',
    operator,
    at: 'nodes',
    content: html`<p class="crumb"><a href="/console/nodes">Nodes</a></p>
<h1>Add a node</h1>
<p class="lead">A claim lets one machine enrol as a node of this fleet. It works once, and only as long as you say here.</p>
${may(operator, '/console/claims') ? claimForm(operator) : html`<p class="problem">Your role makes no claims. Ask an admin.</p>`}`,
  })

const claimForm = (
  operator: Operator,
) => html`<form class="stack" method="post" action="/console/claims">${csrfField(operator)}
<label for="hours">Good for</label>
<select id="hours" name="hours">${claimHours.map(([hours, words]) => html`<option value="${hours}"${hours === '24' ? html` selected` : ''}>${words}</option>`)}</select>
<button class="first">Make a claim</button>
</form>`

export const madeClaimPage = (made: { claim: string; expiresAt: Date }, operator: Operator) =>
  consoleFrame({
    title: 'Claim',
    operator,
    at: 'nodes',
    content: html`<p class="crumb"><a href="/console/nodes">Nodes</a></p>
<h1>The claim for your next node</h1>
<p class="lead">It is shown only now, and good until ${moment(made.expiresAt)}. Whoever has it can enrol one node.</p>
<div class="secret">${copyable(made.claim)}</div>
<h2>What to do with it</h2>
<ol class="steps">
<li>On the new machine, save this line as the file <code>claim</code> in the agent’s state folder, or as the file that <code>CLAIM_FILE</code> names.</li>
<li>Start the agent. It makes its own key, enrols, and erases the claim.</li>
<li>Within a minute the node stands under <a href="/console/nodes">Nodes</a>, with the verdict whether viewers reach it.</li>
</ol>`,
  })
