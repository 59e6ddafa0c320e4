import type { VerdictStep } from '@sixcast/shared/contract/verdict.ts'
import type { VerdictLink } from '@sixcast/shared/contract/verdict-link.ts'
import { stepName, verdictSentence } from '@sixcast/shared/contract/verdict-words.ts'
import { qrSvg } from '@sixcast/shared/runtime/qr-code.ts'
import { html, raw } from 'hono/html'
import type { Html } from '../look/html-page.ts'
import type { NodeView } from '../nodes/node-view.ts'
import { verdictOf } from '../verdict/verdict-of.ts'
import { consoleFrame, copyable, csrfField, liveRegion, may, type Operator } from './console-frame.ts'
import { ago, moment, nothing } from './figures.ts'

type VerdictPage = {
  node: NodeView
  operator: Operator
  now: Date
  /** Just made. */
  link?: VerdictLink
}

/** For whoever has just put a node up: keeps itself fresh until each step has passed. */
export const verdictPage = ({ node, operator, now, link }: VerdictPage) =>
  consoleFrame({
    title: `Verdict on ${node.name}`,
    operator,
    at: 'nodes',
    content: html`<p class="crumb"><a href="/console/nodes">Nodes</a> / <a href="/console/nodes/${node.id}">${node.name}</a></p>
${liveRegion(`/console/events/nodes/${node.id}/verdict`, verdictNow(node, now))}
${node.revokedAt || !may(operator, `/console/nodes/${node.id}/verdict-link`) ? '' : deeds(node, operator, link)}`,
  })

const deeds = (
  node: NodeView,
  operator: Operator,
  link: VerdictLink | undefined,
) => html`<section class="deed" aria-labelledby="link">
<h2 id="link">For an installer</h2>
${link ? madeLink(link) : html`<p>By a link an installer reads this verdict on a phone, without a login, for a day. Whoever has the link can read it.</p>`}
<div class="deeds">
<form method="post" action="/console/nodes/${node.id}/verdict-link">${csrfField(operator)}<button>${link ? 'Make another' : 'Make a link'}</button></form>
<form method="post" action="/console/nodes/${node.id}/verdict-link/revoke">${csrfField(operator)}<button>Take all links back</button></form>
<form method="post" action="/console/nodes/${node.id}/line-trial">${csrfField(operator)}<button>Measure the line again</button></form>
</div>
</section>`

const madeLink = ({
  url,
  expiresAt,
}: VerdictLink) => html`<p>It is shown only now, and good until ${moment(new Date(expiresAt))}. The one that was made here before is no longer good.</p>
<div class="secret">${copyable(url)}</div>
<div class="qr" role="img" aria-label="The link as a QR code">${raw(qrSvg(url))}</div>`

export function verdictNow(node: NodeView, now: Date): Html {
  const verdict = verdictOf(node, now)
  return html`<h1>${verdictSentence(verdict)}</h1>
<table class="dense">
<thead><tr><th scope="col">Step</th><th scope="col">Verdict</th><th scope="col">What was found</th><th scope="col">What to do</th></tr></thead>
<tbody>
${verdict.steps.map((step) => row(step, now))}</tbody>
</table>`
}

const row = (
  step: VerdictStep,
  now: Date,
) => html`<tr${step.is === 'skipped' ? html` class="past"` : ''}><th scope="row">${sentenceCase(stepName(step))}</th>
<td data-label="Verdict"><span class="state ${KINDS[step.is]}">${step.is} ${step.since ? html`<span class="quiet">${ago(new Date(step.since), now)}</span>` : ''}</span></td>
<td data-label="Found">${step.found ?? step.cause ?? nothing}</td>
<td data-label="To do">${step.remedy ?? nothing}</td></tr>
`

const KINDS = { passed: 'well', failed: 'bad', waiting: 'warn', skipped: 'off' } as const

const sentenceCase = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1)
