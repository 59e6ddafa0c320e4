import type { NodeMetrics } from '@sixcast/shared/contract/node-metrics.ts'
import { html } from 'hono/html'
import type { Html } from '../look/html-page.ts'

type Process = NodeMetrics['processes'][number]

/** Sixcast's own processes on a node, those that work most first. */
export function processesSection(processes: Process[]): Html | '' {
  if (processes.length === 0) return ''
  const busiest = processes.toSorted((one, other) => other.cpuPercent - one.cpuPercent)
  return html`<section class="deed" aria-labelledby="processes"><h2 id="processes">Processes</h2>
<table class="dense"><thead><tr><th scope="col">Process</th><th scope="col" class="number">CPU of one core</th><th scope="col" class="number">Memory</th><th scope="col" class="number">Number</th></tr></thead>
<tbody>${busiest.map(
    ({ name, pid, cpuPercent, memoryBytes }) => html`<tr><th scope="row">${name}</th>
<td data-label="CPU of one core" class="number">${cpuPercent.toFixed(1)} %</td>
<td data-label="Memory" class="number">${Math.round(memoryBytes / 2 ** 20)} MB</td>
<td data-label="Number" class="number">${pid}</td></tr>
`,
  )}</tbody></table></section>`
}
