import { html } from 'hono/html'
import type { Happening } from '../happenings/happening.ts'
import type { NodeView } from '../nodes/node-view.ts'
import { consoleFrame, type Operator } from './console-frame.ts'
import { moment } from './figures.ts'
import type { TimelineEntry } from './timeline.ts'

type TimelinePage = { node: NodeView; entries: TimelineEntry[]; next?: Date | undefined; operator: Operator }

/** What has happened to a node, and what people have done to it. */
export const timelinePage = ({ node, entries, next, operator }: TimelinePage) =>
  consoleFrame({
    title: `${node.name}, timeline`,
    operator,
    at: 'nodes',
    content: html`<p class="crumb"><a href="/console/nodes">Nodes</a> / <a href="/console/nodes/${node.id}">${node.name}</a></p>
<h1>What happened to ${node.name}</h1>
<p class="lead">The latest first: what was seen of it every few seconds, and what people have done to it.</p>
${entries.length === 0 ? html`<p>Nothing yet.</p>` : timelineTable(entries)}
${next ? html`<p class="after"><a class="button" href="/console/nodes/${node.id}/timeline?before=${next.toISOString()}">Earlier</a></p>` : ''}`,
  })

const timelineTable = (
  entries: TimelineEntry[],
) => html`<table class="dense"><thead><tr><th scope="col">When</th><th scope="col">What</th><th scope="col">By whom</th></tr></thead>
<tbody>${entries.map(
  ({
    at,
    words,
    kind,
    who,
  }) => html`<tr><th scope="row">${moment(at)}</th><td data-label="What">${kind ? happeningState(kind, words) : words}</td><td data-label="By whom">${who ?? html`<span class="quiet">seen</span>`}</td></tr>
`,
)}</tbody></table>`

/** Only what takes viewers away has a colour. */
export const happeningState = (kind: Happening['kind'], words: string) =>
  html`<span class="state ${kind === 'lost' ? 'warn' : kind === 'found' ? 'well' : 'off'}">${words}</span>`
