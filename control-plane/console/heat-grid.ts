import { html } from 'hono/html'
import type { Html } from '../look/html-page.ts'
import { NODE_KINDS, type NodeBrief, type NodeKind } from '../nodes/node-brief.ts'

/** Of more only those that are not well have a cell of their own: the others are what they stand on. */
const MOST_CELLS = 400
const FEW = 40
/** When more than these are not well, nobody looks for one of them here; and a page of all would be a megabyte. */
const MOST_LINKS = 800
const [CELL, GAP] = [10, 2]

/** The whole fleet in one picture: a cell for each node, by name, for eyes and mice; in words how many are how, for everybody. */
export function heatGrid(nodes: NodeBrief[]): Html {
  const present = nodes.filter(({ kind }) => kind !== 'retired')
  const columns = columnsFor(present.length)
  const step = CELL + GAP
  const [width, height] = [columns * step, Math.ceil(present.length / columns) * step]
  const isSmall = present.length <= MOST_CELLS
  const scale = present.length <= FEW ? 2.5 : isSmall ? 1.5 : 1
  const cells = present.flatMap((node, at) => (isSmall || node.kind !== 'well' ? [{ node, at }] : []))
  return html`<figure class="fleet">
<svg viewBox="0 0 ${width} ${height}" width="${width * scale}" height="${height * scale}" aria-hidden="true">
${isSmall ? '' : ground(present.length, columns)}
${cells.length > MOST_LINKS ? plainCells(cells, columns) : cells.map(({ node, at }) => cell(node, (at % columns) * step, Math.floor(at / columns) * step))}</svg>
<figcaption><ul class="plain counts">${NODE_KINDS.map((kind) => counted(kind, nodes))}</ul></figcaption>
</figure>`
}

/** Twice as wide as high, and a row is not longer than a phone can show. */
const columnsFor = (count: number) =>
  Math.max(1, Math.min(count, Math.max(24, Math.ceil(Math.sqrt(2 * count)))))

function ground(count: number, columns: number) {
  const step = CELL + GAP
  const [rows, rest] = [Math.floor(count / columns), count % columns]
  return html`<defs><pattern id="cells" width="${step}" height="${step}" patternUnits="userSpaceOnUse"><rect class="cell well" width="${CELL}" height="${CELL}" rx="2"/></pattern></defs>
<path fill="url(#cells)" d="M0 0h${columns * step}v${rows * step}h${(rest - columns) * step}v${rest ? step : 0}h${-rest * step}z"/>`
}

type Placed = { node: NodeBrief; at: number }

const plainCells = (cells: Placed[], columns: number) =>
  [...Map.groupBy(cells, ({ node }) => node.kind)].map(([kind, each]) => {
    const step = CELL + GAP
    const squares = each.map(
      ({ at }) => `M${(at % columns) * step} ${Math.floor(at / columns) * step}h${CELL}v${CELL}h-${CELL}z`,
    )
    return html`<path class="cell ${kind}" d="${squares.join('')}"/>`
  })

/** What is down fills its cell and is crossed out, what is in doubt fills half of it: no colour is needed to tell them. */
const cell = (node: NodeBrief, x: number, y: number) =>
  html`<a href="/console/nodes/${node.id}" tabindex="-1"><title>${node.name}: ${KIND_WORDS[node.kind]}</title><rect class="cell ${node.kind}" x="${x}" y="${y}" width="${CELL}" height="${CELL}" rx="2"/>${MARKS[node.kind]?.(x, y) ?? ''}</a>
`

const MARKS: Partial<Record<NodeKind, (x: number, y: number) => Html>> = {
  down: (x, y) => html`<path class="mark" d="M${x + 3} ${y + 3}l4 4m0-4l-4 4"/>`,
  doubtful: (x, y) =>
    html`<rect class="half" x="${x}" y="${y + CELL / 2}" width="${CELL}" height="${CELL / 2}" rx="1"/>`,
}

export const KIND_WORDS: Record<NodeKind, string> = {
  down: 'down',
  doubtful: 'in doubt',
  arriving: 'arriving',
  out: 'taken out for a while',
  well: 'well',
  retired: 'revoked',
}

const STATES: Record<NodeKind, string> = {
  down: 'bad',
  doubtful: 'warn',
  arriving: 'off',
  out: 'off',
  well: 'well',
  retired: 'off',
}

function counted(kind: NodeKind, nodes: NodeBrief[]) {
  const count = nodes.filter((node) => node.kind === kind).length
  return count === 0
    ? ''
    : html`<li><a href="/console/nodes?show=${kind}"><span class="state ${STATES[kind]}">${count.toLocaleString('en')} ${KIND_WORDS[kind]}</span></a></li>`
}
