import { html } from 'hono/html'
import { urlHost } from '../addresses/addresses.ts'
import type { BeaconCount } from '../beacons/beacon-count.ts'
import { experienceOf } from '../beacons/experience.ts'
import { experienceSentence } from '../beacons/experience-words.ts'
import type { Html } from '../look/html-page.ts'
import type { StreamMirrors } from '../mirrors/stream-mirrors.ts'
import type { NodeBrief } from '../nodes/node-brief.ts'
import type { SeenStream } from '../streams/stream-sight-repository.ts'
import type { StreamView } from '../streams/stream-view.ts'
import type { StreamKey } from './console-dependencies.ts'
import { consoleFrame, copyable, csrfField, liveRegion, may, type Operator } from './console-frame.ts'
import { ago, nothing } from './figures.ts'
import { listingSection, type TypedListing } from './listing-section.ts'
import { mirrorsForm, mirrorsNow, type TypedMirrors } from './mirrors-section.ts'
import { posterSection } from './poster-section.ts'
import { sightSection } from './sight-section.ts'
import { publisher, streamState } from './streams-page.ts'

export type StreamPage = {
  stream: StreamView
  keys: StreamKey[]
  mirrors: StreamMirrors
  nodes: NodeBrief[]
  told: BeaconCount[]
  seen: SeenStream[]
  operator: Operator
  now: Date
  /** A key that was just made: shown this once. */
  secret?: string
  /** What was chosen and cannot be done, and why. */
  typed?: TypedMirrors
  problem?: string
  listing?: { typed: TypedListing; problem: string } | undefined
  posterProblem?: string
  rotateProblem?: string
}

export const streamPage = (page: StreamPage) => {
  const {
    stream,
    keys,
    mirrors,
    nodes,
    told,
    seen,
    operator,
    now,
    secret,
    listing,
    posterProblem,
    rotateProblem,
    ...tried
  } = page
  const shows = (deed: string) => may(operator, `/console/streams/${stream.name}/${deed}`)
  return consoleFrame({
    title: stream.title,
    operator,
    at: 'streams',
    content: html`<p class="crumb"><a href="/console/streams">Streams</a></p>
<h1>${stream.title}</h1>
${secret ? madeKey(stream.name, secret, nodes) : ''}
${liveRegion(`/console/events/streams/${stream.name}`, streamNow({ stream, mirrors, told, seen, now }))}
${secret ? '' : encoderSettings(stream, nodes)}
${secret || !shows('mirrors') ? '' : mirrorsForm({ stream: stream.name, mirrors, nodes, operator, ...tried })}
${secret || !shows('listing') ? '' : listingSection({ stream, operator, ...listing })}
${secret || !shows('poster') ? '' : posterSection({ stream, operator, problem: posterProblem })}
<section class="deed" aria-labelledby="keys">
<h2 id="keys">Keys</h2>
<p class="quiet">${keysSentence(stream, keys)}</p>
${keys.length ? keysTable(stream.name, keys, now, shows('keys')) : ''}
${shows('keys') ? html`<form class="deeds" method="post" action="/console/streams/${stream.name}/keys">${csrfField(operator)}<button${keys.length ? '' : html` class="first"`}>Make a key</button></form>` : ''}
${shows('keys') && keys.some(({ revokedAt }) => !revokedAt) ? rotation(stream, operator, rotateProblem) : ''}
</section>`,
  })
}

export const streamNow = ({
  stream,
  mirrors,
  told,
  seen,
  now,
}: Pick<StreamPage, 'stream' | 'mirrors' | 'told' | 'seen' | 'now'>): Html => html`<dl class="facts">
${fact('State', streamState(stream, now))}
${fact('Name', copyable(stream.name))}
${fact('Published by', publisher(stream))}
${stream.shown ? fact('Shown', stream.shown) : ''}
${fact('Node', stream.node ? html`<a href="/console/nodes/${stream.node.id}">${stream.node.name}</a>` : nothing)}
${fact('Best rendition', stream.height ? `${stream.height}p` : nothing)}
${fact('Viewers', experienceSentence(experienceOf(told.filter((each) => each.stream === stream.name))))}
${fact('Watch page', html`<a href="/watch/${stream.name}">/watch/${stream.name}</a>`)}
</dl>
${sightSection(stream, seen, now)}
${mirrorsNow(stream.name, mirrors, now)}`

const fact = (name: string, value: Html | string) => html`<div><dt>${name}</dt><dd>${value}</dd></div>
`

const rotation = (
  { name }: StreamView,
  operator: Operator,
  problem: string | undefined,
) => html`<form method="post" action="/console/streams/${name}/keys/rotate">${csrfField(operator)}
<p>Or replace all keys by a new one: whoever publishes with another is refused from then on. This cannot be undone.</p>
${problem ? html`<p class="problem" role="alert">${problem}</p>` : ''}
<label for="rotated">Type <strong>${name}</strong> to confirm</label>
<div class="together"><input id="rotated" name="name" autocomplete="off" autocapitalize="none" spellcheck="false" required><button>Replace all keys</button></div>
</form>`

const madeKey = (
  name: string,
  secret: string,
  nodes: NodeBrief[],
) => html`<section class="made" aria-labelledby="made">
<h2 id="made">The new key</h2>
<p class="lead">It is shown only now. Whoever has it can publish ${name}.</p>
<dl class="facts">
${fact('Server', servers(nodes))}
${fact('Stream key', copyable(`${name}?key=${secret}`))}
</dl>
</section>`

/** What is typed into OBS and its like. */
const encoderSettings = ({ name, open }: StreamView, nodes: NodeBrief[]) => html`<dl class="facts wide">
${fact('Server', servers(nodes))}
${fact('Stream key', open ? copyable(name) : html`<code>${name}?key=…</code> <span class="quiet">a key is shown once, when it is made</span>`)}
</dl>`

function servers(nodes: NodeBrief[]): Html {
  const urls = nodes.flatMap(({ isAlive, kind, addresses: [claimed], rtmpPort }) =>
    isAlive && claimed && rtmpPort && kind !== 'retired'
      ? [`rtmp://${urlHost(claimed)}:${rtmpPort}/stream`]
      : [],
  )
  if (urls.length === 0) return html`<span class="quiet">no node is alive</span>`
  return html`<ul class="plain">${urls.slice(0, 5).map((url) => html`<li>${copyable(url)}</li>`)}</ul>`
}

function keysSentence({ name, open }: StreamView, keys: StreamKey[]): string {
  const good = keys.filter(({ revokedAt }) => !revokedAt).length
  if (open) return `Anybody who reaches a node may publish ${name}; a key is not asked for.`
  if (good === 0) return `Nobody can publish ${name} until there is a key.`
  return good === 1 ? `One key may publish ${name}.` : `${good} keys may publish ${name}.`
}

const keysTable = (name: string, keys: StreamKey[], now: Date, revokes: boolean) => html`<table class="dense">
<thead><tr><th scope="col">Key</th><th scope="col">Made</th><th scope="col">State</th><th scope="col"><span class="unseen">Action</span></th></tr></thead>
<tbody>
${keys.map(
  ({ id, createdAt, revokedAt }) => html`<tr${revokedAt ? html` class="past"` : ''}>
<th scope="row"><code>${id}</code></th>
<td data-label="Made">${ago(createdAt, now)} ago</td>
<td data-label="State">${revokedAt ? html`<span class="state off">revoked <span class="quiet">${ago(revokedAt, now)} ago</span></span>` : html`<span class="state well">good</span>`}</td>
<td class="number">${revokedAt || !revokes ? '' : html`<a href="/console/streams/${name}/keys/${id}">Revoke</a>`}</td>
</tr>
`,
)}</tbody>
</table>`
