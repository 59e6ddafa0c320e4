import type { Duty } from '@sixcast/shared/contract/configuration.ts'
import { html } from 'hono/html'
import type { Html } from '../look/html-page.ts'
import type { NodeView } from '../nodes/node-view.ts'
import { csrfField, type Operator } from './console-frame.ts'

/** What the node is told to do, and what else it can be told. Each of them can be taken back by another. */
export function dutySection(node: NodeView, operator: Operator): Html {
  const duty = node.duty?.is ?? 'serving'
  const orders = ORDERS[duty]
  return html`<section class="deed" aria-labelledby="duty">
<h2 id="duty">${TITLES[duty]}</h2>
<p>${WORDS[duty](node.name)}</p>
<form method="post" action="/console/nodes/${node.id}/duty">${csrfField(operator)}
<p class="deeds">${orders.map(([order, verb]) => html`<button name="duty" value="${order}">${verb}</button> `)}</p>
</form>
<ul class="meanings">${orders.map(([order, verb]) => html`<li>${verb}: ${MEANING[order]}</li>`)}</ul>
</section>`
}

const TITLES: Record<Duty, string> = {
  serving: 'Serving',
  draining: 'Draining',
  maintenance: 'In maintenance',
}

const WORDS: Record<Duty, (name: string) => string> = {
  serving: (name) => `${name} takes new viewers.`,
  draining: (name) =>
    `No new viewer is sent to ${name}. Those who are there are moved to another node or the relay within some seconds, without a break.`,
  maintenance: (name) =>
    `No new viewer is sent to ${name}, those who were there are moved away, and its troubles are not told: it may be switched off.`,
}

const ORDERS: Record<Duty, [Duty, string][]> = {
  serving: [
    ['draining', 'Drain'],
    ['maintenance', 'Begin maintenance'],
  ],
  draining: [
    ['serving', 'Serve again'],
    ['maintenance', 'Begin maintenance'],
  ],
  maintenance: [
    ['serving', 'Serve again'],
    ['draining', 'End maintenance, but drain'],
  ],
}

const MEANING: Record<Duty, string> = {
  serving: 'new viewers are sent there again.',
  draining: 'no new viewers; those who are there are moved away without a break.',
  maintenance: 'as draining, and nobody is alarmed when the node is switched off.',
}
