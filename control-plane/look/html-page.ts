import { html } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import { look } from './look.ts'

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>

type Page = {
  title: string
  /** Of the page, and what leads past its head in that language. */
  language?: string
  skip?: string
  description?: string
  /** What stands in the head besides. */
  meta?: Html
  styles: string[]
  /** Run after parsing, in this order. */
  scripts?: string[]
  /** What those scripts import: fetched along with them instead of one after the other. */
  modules?: string[]
  /** For pages that cannot help themselves: how soon the browser asks again. */
  refreshSeconds?: number
  body: Html
}

/** The frame around every page of both faces. */
export const htmlPage = ({
  title,
  language = 'en',
  skip = 'Skip to the content',
  description,
  meta,
  styles,
  scripts = [],
  modules = [],
  refreshSeconds,
  body,
}: Page) => html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<title>${title}</title>
${description ? html`<meta name="description" content="${description}">` : ''}
<meta name="color-scheme" content="light dark">
${meta ?? ''}
${refreshSeconds ? html`<meta http-equiv="refresh" content="${refreshSeconds}">` : ''}
<script src="${look.url('theme.ts')}"></script>
<link rel="icon" type="image/svg+xml" href="${look.url('mark.svg')}">
${[look.url('tokens.css'), look.url('elements.css'), ...styles].map((url) => html`<link rel="stylesheet" href="${url}">`)}
${scripts.map((url) => html`<script type="module" src="${url}"></script>`)}
${modules.map((url) => html`<link rel="modulepreload" href="${url}">`)}
</head>
<body>
<a class="skip" href="#content">${skip}</a>
${body}
</body>
</html>`

/** Mark and name; what stands at the head of every page. */
export const brand = (href: string, name = 'Sixcast') =>
  html`<a class="brand" href="${href}"><img src="${look.url('mark.svg')}" alt="" width="26" height="26">${name}</a>`

/** Dark or light, against what the system says. */
export const themeSwitchNamed = (name: string) =>
  html`<button class="plain theme" type="button" data-turn-theme aria-label="${name}" title="${name}"><svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true"><circle cx="10" cy="10" r="7" fill="none" stroke="currentColor" stroke-width="1.5"/><path d="M10 3a7 7 0 0 1 0 14z" fill="currentColor"/></svg></button>`

export const themeSwitch = themeSwitchNamed('Dark or light')
