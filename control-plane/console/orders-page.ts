import { html } from 'hono/html'
import type { CommandView } from '../commands/commands.ts'
import type { ConfigurationView, VersionView } from '../configuration/configurations.ts'
import { SETTINGS, settingText } from '../configuration/setting-words.ts'
import type { Html } from '../look/html-page.ts'
import type { NodeView } from '../nodes/node-view.ts'
import { consoleFrame, csrfField, type Operator } from './console-frame.ts'
import { ago, nothing } from './figures.ts'

type OrdersPage = {
  node: NodeView
  configuration: ConfigurationView
  commands: CommandView[]
  operator: Operator
  now: Date
  /** What was typed, and why it was not saved. */
  typed?: Record<string, string>
  problem?: string
}

/** What is wanted of a node, what it is told to do, and what has come of both. */
export const ordersPage = ({ node, configuration, commands, operator, now, typed, problem }: OrdersPage) =>
  consoleFrame({
    title: `Orders for ${node.name}`,
    operator,
    at: 'nodes',
    content: html`<p class="crumb"><a href="/console">Nodes</a> / <a href="/console/nodes/${node.id}">${node.name}</a></p>
<h1>Orders for ${node.name}</h1>
<p class="lead">${standing(configuration)}</p>
${settingsForm({ node, configuration, operator, typed, problem })}
<h2>Tell it to</h2>
<div class="deeds">${BUTTONS.map(([words, name, unit]) => button(node, operator, { words, name, unit }))}</div>
${commands.length ? commandTable(node, commands, now) : ''}
<h2>Versions</h2>
${configuration.history.length ? versionTable(node, configuration, operator, now) : html`<p>Nobody has asked anything of it yet.</p>`}`,
  })

function standing({ version, inForce }: ConfigurationView): string {
  if (version === 0) return 'Nobody has asked anything of it yet. A field that is empty asks for nothing.'
  if (inForce === version) return `It lives by version ${version}.`
  const present =
    inForce === undefined
      ? 'has not spoken of it yet'
      : inForce === 0
        ? 'lives by none'
        : `lives by version ${inForce}`
  return `Version ${version} is wanted of it; it ${present}.`
}

type Form = Pick<OrdersPage, 'node' | 'configuration' | 'operator'> & {
  typed: Record<string, string> | undefined
  problem: string | undefined
}

const settingsForm = ({
  node,
  configuration,
  operator,
  typed,
  problem,
}: Form) => html`<form class="stack" method="post" action="/console/nodes/${node.id}/configuration">${csrfField(operator)}
<input type="hidden" name="basedOn" value="${configuration.version}">
${problem ? html`<p class="problem" role="alert">${problem}</p>` : ''}
${SETTINGS.map((name) => field(name, typed?.[name] ?? settingText(name, configuration.settings[name])))}
<button class="first">Save as version ${configuration.version + 1}</button>
</form>`

const field = (name: keyof typeof HINTS, value: string) =>
  html`<label for="${name}">${name} <span class="quiet">${HINTS[name]}</span></label>
<input id="${name}" name="${name}" value="${value}" autocomplete="off" autocapitalize="none" spellcheck="false">
`

const HINTS = {
  release: 'a version; shown, and acted on by a later release',
  tallestQuality: '1080p, 720p, 480p, 360p or 240p',
  mostRenditions: '1 to 10 of each stream',
  mostStreams: 'at a time',
  mostViewers: 'more are sent elsewhere',
  mostBitsPerSecond: 'to its viewers',
  duty: 'serving, draining or maintenance',
  maintenanceWindows: 'sun 02:00 60 Europe/Berlin; several by ;',
  controlPlaneUrl: 'if it is not where the node enrolled',
}

const BUTTONS = [
  ['Probe it now', 'probe'],
  ['Drain', 'drain'],
  ['Serve again', 'serve'],
  ['Identify itself', 'identify'],
  ['Collect diagnostics', 'diagnostics'],
  ['Restart nginx', 'restart', 'nginx'],
  ['Restart media', 'restart', 'media'],
  ['Restart the agent', 'restart', 'agent'],
  ['Restart RTMP', 'restart', 'rtmp'],
] as const

const button = (
  node: NodeView,
  operator: Operator,
  { words, name, unit }: { words: string; name: string; unit: string | undefined },
) =>
  html`<form method="post" action="/console/nodes/${node.id}/commands">${csrfField(operator)}<input type="hidden" name="name" value="${name}">${unit ? html`<input type="hidden" name="unit" value="${unit}">` : ''}<button>${words}</button></form>`

const commandTable = (node: NodeView, commands: CommandView[], now: Date) => html`<table class="dense">
<thead><tr><th scope="col">Command</th><th scope="col">State</th><th scope="col">Outcome</th><th scope="col">Asked</th></tr></thead>
<tbody>${commands.map(
  (each) => html`<tr><th scope="row">${each.name} ${each.unit ?? ''}</th>
<td data-label="State">${each.state}</td>
<td data-label="Outcome">${each.outcome ?? nothing}${each.hasDiagnostics ? html` <a href="/v1/nodes/${node.id}/commands/${each.id}/diagnostics">Download</a>` : ''}</td>
<td data-label="Asked">${ago(each.askedAt, now)} ago by ${each.askedBy}</td></tr>
`,
)}</tbody></table>`

const versionTable = (
  node: NodeView,
  { version, history }: ConfigurationView,
  operator: Operator,
  now: Date,
) => html`<table class="dense">
<thead><tr><th scope="col">Version</th><th scope="col">What it changed</th><th scope="col">What the node says of it</th><th scope="col">Saved</th></tr></thead>
<tbody>${history.map(
  (each) => html`<tr><th scope="row">${each.version}</th>
<td data-label="Changed">${lines(each.changes)}</td>
<td data-label="Node">${reported(each)}</td>
<td data-label="Saved">${ago(each.madeAt, now)} ago by ${each.madeBy}${each.version === version ? '' : again(node, each, operator)}</td></tr>
`,
)}</tbody></table>`

const reported = ({ report }: VersionView) =>
  report
    ? html`${report.state}${report.cause ? html`: ${report.cause}` : ''}${lines(report.steps.map(({ setting, outcome, why }) => `${setting}: ${outcome}${why ? `. ${why}` : ''}`))}`
    : nothing

const lines = (all: string[]): Html => html`${all.map((line) => html`<div>${line}</div>`)}`

const again = (node: NodeView, { version }: VersionView, operator: Operator) =>
  html`<form method="post" action="/console/nodes/${node.id}/rollback">${csrfField(operator)}<input type="hidden" name="version" value="${version}"><button class="plain">Want this again</button></form>`
