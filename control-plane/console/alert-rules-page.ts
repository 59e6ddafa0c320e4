import { html } from 'hono/html'
import type { RuleView } from '../alerts/alert-desk.ts'
import { LATER, RULES } from '../alerts/alert-rules.ts'
import type { Html } from '../look/html-page.ts'
import { SEVERITY_WORDS } from './alert-elements.ts'
import { consoleFrame, csrfField, may, type Operator } from './console-frame.ts'

type RulesPage = {
  rules: RuleView[]
  operator: Operator
  /** What was typed of one, and why it was not saved. */
  problem?: { name: string; words: string } | undefined
}

/** What is looked at, from where on it counts, and for how long it must last. */
export const alertRulesPage = ({ rules, operator, problem }: RulesPage) =>
  consoleFrame({
    title: 'Rules of alerts',
    operator,
    at: 'alerts',
    content: html`<p class="crumb"><a href="/console/alerts">Alerts</a></p>
<h1>${rulesSentence(rules)}</h1>
<p class="lead quiet">Somebody is told when something has lasted for so long without a break, and that it is over when it has been well for as long. A figure is well again only some way behind its threshold.</p>
<table class="dense rules">
<thead><tr><th scope="col">Rule</th><th scope="col">State</th><th scope="col">What it means</th><th scope="col">From, and for how long</th></tr></thead>
<tbody>${rules.map((rule) => row(rule, operator, problem))}</tbody></table>
<p class="after quiet">Not told yet: ${LATER.map(([what, why], at) => html`${at > 0 ? '; ' : ''}${what} (${why})`)}.</p>`,
  })

function rulesSentence(rules: RuleView[]): string {
  const off = rules.filter(({ inForce }) => !inForce.enabled).length
  const own = rules.filter(({ isOwn }) => isOwn).length
  const said =
    off === 0 ? `All ${rules.length} rules are on` : `${rules.length - off} of ${rules.length} rules are on`
  return own === 0 ? `${said}, as they come.` : `${said}, ${own} as you chose.`
}

const row = (
  rule: RuleView,
  operator: Operator,
  problem: RulesPage['problem'],
) => html`<tr><th scope="row">${RULES[rule.name].title}</th>
<td data-label="State">${rule.inForce.enabled ? SEVERITY_WORDS[RULES[rule.name].severity] : html`<span class="quiet">off</span>`}</td>
<td data-label="Means">${RULES[rule.name].words}</td>
<td data-label="From, and for how long">${problem?.name === rule.name ? html`<p class="problem" role="alert">${problem.words}</p>` : ''}${may(operator, `/console/alerts/rules/${rule.name}`) ? ruleForm(rule, operator) : inForceWords(rule)}</td></tr>
`

const inForceWords = ({ name, inForce }: RuleView) =>
  html`${inForce.threshold === undefined ? '' : html`${inForce.threshold} ${RULES[name].threshold?.unit} `}for ${inForce.forSeconds} s`

function ruleForm({ name, inForce, isOwn }: RuleView, operator: Operator): Html {
  const path = `/console/alerts/rules/${name}`
  const { title, threshold, forSeconds } = RULES[name]
  return html`<form class="together" method="post" action="${path}">${csrfField(operator)}
${threshold ? html`<label class="figure">${threshold.worse === 'above' ? 'from' : 'at most'} <input name="threshold" type="number" step="any" min="${threshold.least}" max="${threshold.most}" value="${inForce.threshold}" aria-label="Threshold of ${title}"> ${threshold.unit}</label>` : ''}
<label class="figure">for <input name="forSeconds" type="number" step="1" min="0" max="86400" value="${inForce.forSeconds}" aria-label="Duration of ${title}"> s</label>
<label class="figure"><input type="checkbox" name="enabled"${inForce.enabled ? html` checked` : ''} aria-label="${title} is on"> on</label>
<button>Save</button>
</form>${isOwn ? html`<form class="together" method="post" action="${path}/reset">${csrfField(operator)}<button class="plain">Back to ${threshold ? `${threshold.is} ${threshold.unit}, ` : ''}${forSeconds} s</button></form>` : ''}`
}
