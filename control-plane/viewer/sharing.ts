import { html } from 'hono/html'
import type { Html } from '../look/html-page.ts'
import type { StreamView } from '../streams/stream-view.ts'
import { posterUrl, type SeenFrom } from './stream-links.ts'

/** What other sites and messengers show of a stream's page, by OpenGraph and as Twitter reads it. Who is sent a link may be anywhere: all is named by our public URL. */
export function sharingMeta(stream: StreamView, { publicUrl, texts }: SeenFrom): Html {
  const { name, title, description, shown } = stream
  const own = stream.state === 'live' ? `/picture/${name}.jpg` : posterUrl(stream)
  const about = description || texts.watch.describe(title)
  return html`<link rel="canonical" href="${publicUrl}/watch/${name}">
${shown === 'unlisted' ? html`<meta name="robots" content="noindex">` : ''}
<meta property="og:type" content="video.other">
<meta property="og:site_name" content="Sixcast">
<meta property="og:url" content="${publicUrl}/watch/${name}">
<meta property="og:title" content="${title}">
<meta property="og:description" content="${about.slice(0, 300)}">
${own ? html`<meta property="og:image" content="${publicUrl}${own}">` : ''}
<meta name="twitter:card" content="${own ? 'summary_large_image' : 'summary'}">`
}

/** Below the player: a link, from this moment on if wanted, and what shows the player on another page. It can be copied by hand without script. */
export const shareSection = ({ name, title }: StreamView, { publicUrl, texts: { share } }: SeenFrom): Html =>
  html`<details class="share" id="share" data-origin="${publicUrl}" data-copied="${share.copied}">
<summary class="button">${share.share}</summary>
<div class="ways">
<label for="link">${share.link}</label>
<span class="copied"><input id="link" readonly value="${publicUrl}/watch/${name}"><button type="button" data-copies="link" hidden>${share.copy}</button></span>
<label class="moment" id="moment" hidden><input type="checkbox" id="from-now"><span>${share.fromNow}</span></label>
<label for="code">${share.code}</label>
<span class="copied"><textarea id="code" readonly rows="3">${embedCode({ name, title, publicUrl })}</textarea><button type="button" data-copies="code" hidden>${share.copy}</button></span>
</div>
</details>`

type Embedded = { name: string; title: string; publicUrl: string }

const embedCode = ({ name, title, publicUrl }: Embedded) =>
  `<iframe src="${publicUrl}/embed/${name}" title="${escaped(title)}" width="640" height="360" allow="autoplay; fullscreen" allowfullscreen></iframe>`

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
