import type { VerdictStep } from '@sixcast/shared/contract/verdict.ts'
import { stepName, verdictSentence } from '@sixcast/shared/contract/verdict-words.ts'
import { html } from 'hono/html'
import type { Html } from '../look/html-page.ts'
import type { NodeView } from '../nodes/node-view.ts'
import { verdictOf } from '../verdict/verdict-of.ts'
import { consoleFrame, liveRegion, type Operator } from './console-frame.ts'
import { ago } from './figures.ts'

type VerdictPage = { node: NodeView; operator: Operator; now: Date }

/** For whoever has just put a node up: keeps itself fresh until each step has passed. */
export const verdictPage = ({ node, operator, now }: VerdictPage) =>
  consoleFrame({
    title: `Verdict on ${node.name}`,
    operator,
    at: 'nodes',
    content: html`<p class="crumb"><a href="/console">Nodes</a> / <a href="/console/nodes/${node.id}">${node.name}</a></p>
${liveRegion(`/console/events/nodes/${node.id}/verdict`, verdictNow(node, now))}`,
  })

export function verdictNow(node: NodeView, now: Date): Html {
  const verdict = verdictOf(node, now)
  return html`<h1>${verdictSentence(verdict)}</h1>
<dl class="facts wide">
${verdict.steps.map(
  (step) => html`<div><dt>${sentenceCase(stepName(step))}</dt><dd>${stepState(step, now)}</dd></div>
`,
)}</dl>`
}

const stepState = ({ is, since, found, cause, remedy }: VerdictStep, now: Date) =>
  html`<span class="state ${KINDS[is]}">${is} ${since ? html`<span class="quiet">${ago(new Date(since), now)}</span>` : ''}</span><span class="cause">${found ?? cause ?? ''}</span>${remedy ? html`<span class="cause"><strong>${remedy}</strong></span>` : ''}`

const KINDS = { passed: 'well', failed: 'bad', waiting: 'warn', skipped: 'off' } as const

const sentenceCase = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1)
