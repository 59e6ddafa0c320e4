import type { Verdict, VerdictStep } from '@sixcast/shared/contract/verdict.ts'
import { stepName, verdictSentence } from '@sixcast/shared/contract/verdict-words.ts'
import { html } from 'hono/html'
import { elapsed } from '../look/elapsed.ts'
import { brand, type Html, htmlPage, themeSwitch } from '../look/html-page.ts'
import { verdictAssets } from './verdict-assets.ts'

/** Asked anew by the browser itself, so that it works on any phone; no longer once nothing is still being found out. */
const AGAIN_SECONDS = 3

/** For an installer who stands before the node: read on a phone, with one hand. */
export const openVerdictPage = (verdict: Verdict, now: Date): Html =>
  frame({
    title: `Verdict on ${verdict.name}`,
    again: verdict.is === 'waiting',
    content: html`<h1>${verdictSentence(verdict)}</h1>
<p class="quiet" role="status">${verdict.is === 'waiting' ? 'This page continues by itself until every step is decided.' : 'Every step is decided. Load the page again to see it as it is now.'}</p>
<ol class="verdict">
${verdict.steps.map((step) => item(step, now))}</ol>`,
  })

export const noLinkPage = (sentence: string): Html =>
  frame({
    title: 'No verdict',
    again: false,
    content: html`<h1>${sentence}</h1>
<p>The node makes a new one in its terminal: <code>node appliance/agent/cli.ts verdict</code>. So does the console, on the page of the node’s verdict.</p>`,
  })

const frame = ({ title, again, content }: { title: string; again: boolean; content: Html }) =>
  htmlPage({
    title: `${title} · Sixcast`,
    styles: [verdictAssets.url('verdict.css')],
    ...(again && { refreshSeconds: AGAIN_SECONDS }),
    body: html`<header class="bar">${brand('/')}${themeSwitch}</header>
<main id="content">${content}</main>`,
  })

const item = (step: VerdictStep, now: Date) => html`<li${step.is === 'skipped' ? html` class="past"` : ''}>
<p class="what"><span>${sentenceCase(stepName(step))}</span><span class="state ${KINDS[step.is]}">${step.is}${step.since ? html` <span class="quiet">${elapsed(new Date(step.since), now)}</span>` : ''}</span></p>
${said(step)}${step.remedy ? html`<p class="remedy">${step.remedy}</p>` : ''}</li>
`

const said = ({ found, cause }: VerdictStep) => {
  const sentence = found ?? cause
  return sentence === undefined ? '' : html`<p>${sentence}</p>`
}

const KINDS = { passed: 'well', failed: 'bad', waiting: 'warn', skipped: 'off' } as const

const sentenceCase = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1)
