import { createHash } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { look } from '../look/look.ts'
import type { Texts } from './texts/viewer-texts.ts'
import { viewerAssets } from './viewer-assets.ts'

/** What makes an app of the public pages: how it is installed, and its service worker, which must stand at the root of what it serves. */
export const appRoutes = (textsFor: (c: Context) => Texts) =>
  new Hono()
    .get('/manifest.webmanifest', (c) => {
      const { language, landing } = textsFor(c)
      c.header('content-type', 'application/manifest+json')
      c.header('vary', 'accept-language')
      return c.body(JSON.stringify(manifest(language, landing.description)))
    })
    .get('/worker.js', (c) => {
      c.header('content-type', 'text/javascript; charset=utf-8')
      c.header('cache-control', 'no-cache')
      c.header('x-content-type-options', 'nosniff')
      return c.body(WORKER)
    })

/** It is another whenever anything that pages load is another: then browsers fetch it, and it forgets what the last one kept. */
const version = createHash('sha256')
  .update([...viewerAssets.urls(), ...look.urls()].join())
  .digest('hex')
  .slice(0, 12)
const WORKER = `self.version = '${version}'\nimportScripts('${viewerAssets.url('viewer-worker.ts')}')\n`

const manifest = (lang: string, description: string) => ({
  ...{ name: 'Sixcast', short_name: 'Sixcast', lang, description },
  ...{ id: '/', start_url: '/', scope: '/', display: 'standalone' },
  ...{ background_color: '#0b0e14', theme_color: '#0b0e14' },
  icons: [
    { src: look.url('mark.svg'), sizes: 'any', type: 'image/svg+xml' },
    { src: look.url('app-icon.png'), sizes: '512x512', type: 'image/png', purpose: 'any maskable' },
  ],
})
