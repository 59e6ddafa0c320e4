import { html } from 'hono/html'
import type { Html } from '../look/html-page.ts'
import { MOST_COPIES } from '../mirrors/mirror-choice.ts'
import { choiceSentence, holderState, ruleSentence } from '../mirrors/mirror-words.ts'
import type { Holder, StreamMirrors } from '../mirrors/stream-mirrors.ts'
import type { NodeBrief } from '../nodes/node-brief.ts'
import { csrfField, type Operator } from './console-frame.ts'
import { ago } from './figures.ts'

/** Who has the stream, in which role, how it stands, and why there is less than is wanted. */
export const mirrorsNow = (
  stream: string,
  mirrors: StreamMirrors,
  now: Date,
): Html => html`<section class="deed" aria-labelledby="held">
<h2 id="held">On which nodes</h2>
<p class="quiet">${choiceSentence(stream, mirrors)}</p>
${mirrors.lacks.length ? html`<ul class="matters">${mirrors.lacks.map((lack) => html`<li class="warn"><p>${lack}</p></li>`)}</ul>` : ''}
${mirrors.holders.length ? holdersTable(mirrors.holders, now) : ''}
</section>`

const holdersTable = (holders: Holder[], now: Date) => html`<table class="dense">
<thead><tr><th scope="col">Node</th><th scope="col">Role</th><th scope="col">State</th><th scope="col">Standing</th></tr></thead>
<tbody>
${holders.map(
  (holder) => html`<tr>
<th scope="row"><a class="row" href="/console/nodes/${holder.node.id}">${holder.node.name}</a></th>
<td data-label="Role">${holder.role}</td>
<td data-label="State"><span class="state ${stateKind(holder)}">${holderState(holder)} <span class="quiet">${ago(holder.since, now)}</span></span></td>
<td data-label="Standing"><span class="state ${standingKind(holder)}">${holder.standing}</span></td>
</tr>
`,
)}</tbody>
</table>`

const stateKind = ({ state }: Holder) =>
  ({ live: 'well', waiting: 'warn', ordered: 'off', silent: 'bad' })[state]

const standingKind = ({ standing }: Holder) =>
  standing === 'healthy' ? 'well' : DOUBTFUL.includes(standing) ? 'warn' : 'bad'
const DOUBTFUL: Holder['standing'][] = ['pending', 'suspect', 'flapping', 'draining']

/** What was chosen in the form, if it could not be done. */
export type TypedMirrors = { choice: 'rule' | 'copies' | 'nodes'; copies: number; nodes: string[] }

type Form = {
  stream: string
  mirrors: StreamMirrors
  nodes: NodeBrief[]
  operator: Operator
  typed?: TypedMirrors | undefined
  problem?: string | undefined
}

/** Stands outside of what keeps itself fresh. */
export function mirrorsForm({ stream, mirrors, nodes, operator, typed, problem }: Form): Html {
  const chosen = typed ?? chosenNow(mirrors)
  return html`<section class="deed" aria-labelledby="mirrors">
<h2 id="mirrors">Choose its copies</h2>
<p class="quiet">A mirror copies what the origin makes, and viewers go to either. When one of them fails they go on at the other. Each copy costs the origin’s line as much as one viewer of every rendition.</p>
<form class="stack" method="post" action="/console/streams/${stream}/mirrors">${csrfField(operator)}
${problem ? html`<p class="problem" role="alert">${problem}</p>` : ''}
${radio('rule', chosen, html`By the fleet’s rule <span class="quiet">${ruleSentence(mirrors.rule)}</span>`)}
${radio('copies', chosen, html`On so many nodes <span class="quiet">the one that it is published to counted</span>`)}
<select name="copies" aria-label="On so many nodes">${Array.from({ length: MOST_COPIES }, (_, at) => at + 1).map((copies) => html`<option value="${copies}"${copies === chosen.copies ? html` selected` : ''}>${copies === 1 ? '1 node: no copy' : `${copies} nodes`}</option>`)}</select>
${radio('nodes', chosen, html`Copied by just these <span class="quiet">${MOST_COPIES - 1} at most</span>`)}
<div class="choices" role="group" aria-label="Copied by just these">${nodes.filter(({ kind }) => kind !== 'retired').map((node) => nodeBox(node, chosen))}</div>
<button>Choose</button>
</form>
</section>`
}

function chosenNow({ choice, rule }: StreamMirrors): TypedMirrors {
  const copies = Math.max(2, rule.copies)
  if (!choice) return { choice: 'rule', copies, nodes: [] }
  return 'nodes' in choice
    ? { choice: 'nodes', copies, nodes: choice.nodes }
    : { choice: 'copies', copies: choice.copies, nodes: [] }
}

const radio = (value: TypedMirrors['choice'], chosen: TypedMirrors, words: Html) =>
  html`<label class="choice"><input type="radio" name="choice" value="${value}"${chosen.choice === value ? html` checked` : ''}><span>${words}</span></label>`

const nodeBox = ({ id, name }: NodeBrief, { nodes }: TypedMirrors) =>
  html`<label class="choice"><input type="checkbox" name="node" value="${id}"${nodes.includes(id) ? html` checked` : ''}><span>${name} <span class="quiet">${id.slice(0, 8)}</span></span></label>`
