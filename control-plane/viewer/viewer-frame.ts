import { html } from 'hono/html'
import { brand, type Html, htmlPage, themeSwitchNamed } from '../look/html-page.ts'
import { look } from '../look/look.ts'
import type { Texts } from './texts/viewer-texts.ts'
import { viewerAssets } from './viewer-assets.ts'

type Script = 'hls.js' | 'dash.js' | 'player.ts' | 'dash-player.ts' | 'landing.ts' | 'share.ts'

type Frame = {
  texts: Texts
  title: string
  description?: string
  /** What stands in the head besides. */
  meta?: Html
  /** No head above the content. */
  bare?: boolean
  styles?: ('watch.css' | 'controls.css' | 'embed.css')[]
  scripts?: Script[]
  /** What the page that is opened next will need: fetched while this one is looked at. */
  next?: Script[]
  refreshSeconds?: number
  content: Html
}

/** Head and body of every public page. */
export const viewerFrame = ({
  texts,
  meta,
  bare = false,
  styles = [],
  scripts = [],
  next = [],
  content,
  ...page
}: Frame) =>
  htmlPage({
    ...page,
    meta: html`${meta ?? ''}${bare ? '' : html`<link rel="manifest" href="/manifest.webmanifest"><link rel="apple-touch-icon" href="${look.url('app-icon.png')}">`}${prefetched(next)}`,
    language: texts.language,
    skip: texts.skip,
    styles: [viewerAssets.url('viewer.css'), ...styles.map(viewerAssets.url)],
    scripts: scripts.length ? [look.url('follow-events.ts'), ...scripts.map(viewerAssets.url)] : [],
    modules: scripts.flatMap(viewerAssets.imports),
    body: html`${bare ? '' : html`<header class="bar">${brand('/')}${themeSwitchNamed(texts.theme)}</header>`}
<main id="content">${content}</main>`,
  })

const prefetched = (scripts: Script[]) =>
  [...new Set(scripts.flatMap((name) => [viewerAssets.url(name), ...viewerAssets.imports(name)]))].map(
    (url) => html`<link rel="prefetch" as="script" href="${url}">
`,
  )
