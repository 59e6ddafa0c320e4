import { html } from 'hono/html'
import { brand, type Html, htmlPage, themeSwitch } from '../look/html-page.ts'
import { look } from '../look/look.ts'
import { CSRF_FIELD } from '../operators/operator-login.ts'
import { mayDo, type Role } from '../operators/roles.ts'
import { consoleAssets } from './console-assets.ts'

/** Who looks at the page; `csrfToken` goes into every form on it, `id` names the login he looks with. */
export type Operator = { operator: string; role: Role; csrfToken: string; id: string }

/** Whether the page shows him the way: whether he is let in, the login says. */
export const may = ({ role }: Operator, path: string, method: 'GET' | 'POST' = 'POST') =>
  mayDo(role, method, path)

type Frame = {
  title: string
  operator: Operator
  at: keyof typeof TABS | 'me'
  content: Html
  scripts?: 'charts.ts'[]
}

/** Head and body of every page an operator sees after login. */
export const consoleFrame = ({ title, operator, at, content, scripts = [] }: Frame) =>
  bareFrame(
    title,
    html`<header class="head">
${brand('/console')}
<nav aria-label="Console">${Object.entries(TABS).map(([name, [href, words]]) => (hasTab(operator, name, href) ? tab(href, words, name === tabOf(at, operator)) : ''))}</nav>
<form class="whoami" method="post" action="/console/logout">${csrfField(operator)}<a class="quiet" href="/console/me">${operator.operator}</a><button class="plain">Log out</button></form>
${themeSwitch}
</header>
<main id="content">${content}</main>`,
    scripts,
  )

const TABS = {
  overview: ['/console', 'Overview'],
  nodes: ['/console/nodes', 'Nodes'],
  claims: ['/console/claims', 'Claims'],
  streams: ['/console/streams', 'Streams'],
  viewers: ['/console/viewers', 'Viewers'],
  alerts: ['/console/alerts', 'Alerts'],
  people: ['/console/people', 'People'],
  record: ['/console/record', 'Record'],
} as const

/** Claims are an installer's daily work; to others the list of nodes leads there, and the head of a phone holds no more. */
const hasTab = (operator: Operator, name: string, href: string) =>
  may(operator, href, 'GET') && (name !== 'claims' || operator.role === 'installer')

const tabOf = (at: Frame['at'], { role }: Operator) =>
  at === 'claims' && role !== 'installer' ? 'nodes' : at

/** For pages without an operator: login, and what went wrong before it. */
export const bareFrame = (title: string, body: Html, scripts: 'charts.ts'[] = []) =>
  htmlPage({
    title: `${title} · Sixcast console`,
    styles: (
      [
        'console.css',
        'console-head.css',
        'console-tables.css',
        'console-forms.css',
        'console-fleet.css',
        'console-charts.css',
        'console-alerts.css',
      ] as const
    ).map(consoleAssets.url),
    scripts: [
      look.url('follow-events.ts'),
      consoleAssets.url('console-page.ts'),
      ...scripts.map(consoleAssets.url),
    ],
    body,
  })

export const csrfField = ({ csrfToken }: Operator) =>
  html`<input type="hidden" name="${CSRF_FIELD}" value="${csrfToken}">`

/** A part of the page that shows the fleet as it is now, and keeps doing so. No form may stand in it: what is typed would be lost. */
export const liveRegion = (events: string, content: Html) =>
  html`<p class="notice" data-adrift role="status" hidden>The connection to the control plane is away. What stands here may be old; it continues by itself.</p>
<div class="region" data-events="${events}">${content}</div>`

/** Shown with the button only where the browser can copy. */
export const copyable = (text: string) =>
  html`<span class="copyable"><code>${text}</code><button class="copy" type="button" data-copy="${text}" aria-label="Copy ${text}" title="Copy"></button></span>`

const tab = (href: string, name: string, current: boolean) =>
  html`<a href="${href}"${current ? html` aria-current="page"` : ''}>${name}</a>`
