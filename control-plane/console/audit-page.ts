import { html } from 'hono/html'
import type { AuditEntry } from '../audit/audit-chain.ts'
import { consoleFrame, type Operator } from './console-frame.ts'
import { moment, nothing } from './figures.ts'

type AuditPage = { entries: AuditEntry[]; next?: number | undefined; operator: Operator }

/** Who did what, the latest first. */
export const auditPage = ({ entries, next, operator }: AuditPage) =>
  consoleFrame({
    title: 'Record',
    operator,
    at: 'record',
    content: html`<h1>Record</h1>
<p class="lead">Who did what, the latest first. <code>npm run audit -- check</code> tells whether it is as it was written.</p>
<table class="dense">
<thead><tr><th scope="col">When</th><th scope="col">Who</th><th scope="col">Deed</th><th scope="col">On</th><th scope="col">Outcome</th></tr></thead>
<tbody>${entries.map(
      (each) => html`<tr><th scope="row">${moment(each.at)}</th>
<td data-label="Who">${each.who} <span class="quiet">${each.source}</span></td>
<td data-label="Deed">${each.deed}</td>
<td data-label="On">${each.subject || nothing}</td>
<td data-label="Outcome">${each.outcome}</td></tr>
`,
    )}</tbody></table>
${next ? html`<p><a class="button" href="/console/record?before=${next}">Earlier</a></p>` : ''}`,
  })
