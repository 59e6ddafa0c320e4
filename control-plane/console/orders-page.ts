import { Duty, TALLEST } from '@sixcast/shared/contract/configuration.ts'
import { html } from 'hono/html'
import type { CommandView } from '../commands/commands.ts'
import type { ConfigurationView, VersionView } from '../configuration/configurations.ts'
import { butForWords, SETTINGS, settingText } from '../configuration/setting-words.ts'
import type { Html } from '../look/html-page.ts'
import type { NodeView } from '../nodes/node-view.ts'
import { consoleFrame, csrfField, may, type Operator } from './console-frame.ts'
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
    content: html`<p class="crumb"><a href="/console/nodes">Nodes</a> / <a href="/console/nodes/${node.id}">${node.name}</a></p>
<h1>Orders for ${node.name}</h1>
<p class="lead">${standing(configuration)}</p>
${settingsSection({ node, configuration, operator, typed, problem })}
<section class="deed" aria-labelledby="commands">
<h2 id="commands">Have it do something once</h2>
${may(operator, `/console/nodes/${node.id}/commands`) ? html`<div class="deeds">${BUTTONS.map(([words, name, unit]) => button(node, operator, { words, name, unit }))}</div>` : ''}
${commands.length ? commandTable(node, commands, now) : ''}
</section>
<section class="deed" aria-labelledby="versions">
<h2 id="versions">Versions</h2>
${configuration.history.length ? versionTable(node, configuration, operator, now) : html`<p>Nobody has asked anything of it yet.</p>`}
</section>`,
  })

function standing({ version, inForce, history }: ConfigurationView): string {
  if (version === 0) return 'Nobody has asked anything of it yet. A field that is empty asks for nothing.'
  if (inForce === version) return `It lives by version ${version}${butForWords(history[0]?.report?.steps)}.`
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

/** To be changed by who may, to be read by everybody else. */
const settingsSection = (form: Form) =>
  may(form.operator, `/console/nodes/${form.node.id}/configuration`) ? settingsForm(form) : settingsList(form)

const settingsList = ({ configuration }: Form) =>
  html`<dl class="facts">${SETTINGS.map((name) => html`<div><dt>${FIELDS[name].label}</dt><dd>${settingText(name, configuration.settings[name]) || nothing}</dd></div>`)}</dl>`

const settingsForm = ({
  node,
  configuration,
  operator,
  typed,
  problem,
}: Form) => html`<form class="stack" method="post" action="/console/nodes/${node.id}/configuration">${csrfField(operator)}
<input type="hidden" name="basedOn" value="${configuration.version}">
${problem ? html`<p class="problem" role="alert">${problem.replace(/^\w+/, (name) => LABELS.get(name) ?? name)}</p>` : ''}
${SETTINGS.map((name) => field(name, typed?.[name] ?? settingText(name, configuration.settings[name])))}
<button class="first">Save as version ${configuration.version + 1}</button>
</form>`

const field = (name: keyof typeof FIELDS, value: string) => {
  const { label, hint, choices } = FIELDS[name]
  return html`<label for="${name}">${label}${hint ? html` <span class="quiet">${hint}</span>` : ''}</label>
${choices ? choice(name, choices, value) : html`<input id="${name}" name="${name}" value="${value}" autocomplete="off" autocapitalize="none" spellcheck="false">`}
`
}

/** What was typed elsewhere and is none of these stays there to be seen. */
const choice = (name: string, choices: readonly string[], value: string) =>
  html`<select id="${name}" name="${name}">${[...new Set(['', ...choices, value])].map((each) => html`<option value="${each}"${each === value ? html` selected` : ''}>${each || 'not set'}</option>`)}</select>`

type Field = { label: string; hint?: string; choices?: readonly string[] }

const FIELDS: Record<(typeof SETTINGS)[number], Field> = {
  release: { label: 'Release', hint: 'a version, such as 1.4.2; only shown in this release' },
  tallestQuality: { label: 'Best rendition', hint: 'of each stream', choices: TALLEST },
  mostRenditions: { label: 'Renditions at most', hint: 'of each stream, 1 to 10' },
  mostStreams: { label: 'Streams at most', hint: 'at a time' },
  mostViewers: { label: 'Viewers at most', hint: 'more are sent elsewhere' },
  mostBitsPerSecond: { label: 'Bits per second at most', hint: 'to its viewers' },
  duty: { label: 'Duty', choices: Duty.options },
  maintenanceWindows: {
    label: 'Maintenance, week for week',
    hint: 'day, time, minutes and zone, such as: sun 02:00 60 Europe/Berlin; several by ;',
  },
  controlPlaneUrl: { label: 'Control plane', hint: 'if it is not where the node enrolled' },
}

/** A problem begins with the name of its setting; here the fields have others. */
const LABELS = new Map<string, string>(Object.entries(FIELDS).map(([name, { label }]) => [name, label]))

const BUTTONS = [
  ['Probe it now', 'probe'],
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
  may(operator, `/console/nodes/${node.id}/rollback`) ? againForm(node, version, operator) : nothing

const againForm = (node: NodeView, version: number, operator: Operator) =>
  html`<form method="post" action="/console/nodes/${node.id}/rollback">${csrfField(operator)}<input type="hidden" name="version" value="${version}"><button class="plain">Want this again</button></form>`
