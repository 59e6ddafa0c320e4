import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { publishAssets } from '../control-plane/look/assets.ts'

/** A page that can play HLS and DASH and reads the clock in each frame it shows. */
export async function servePlayer() {
  const assets = publishAssets({
    'hls.js': new URL(import.meta.resolve('hls.js/dist/hls.min.js')),
    'dash.js': new URL('../umd/dash.all.min.js', import.meta.resolve('dashjs')),
    'player-page.ts': new URL('player-page.ts', import.meta.url),
  })
  const page = `<!doctype html>
<title>Player</title>
<video muted autoplay playsinline width="854" height="480"></video>
<script src="${assets.url('hls.js')}"></script>
<script src="${assets.url('dash.js')}"></script>
<script type="module" src="${assets.url('player-page.ts')}"></script>`
  const server = createServer(async ({ url = '/' }, out) => {
    if (url === '/') return out.setHeader('content-type', 'text/html').end(page)
    const answer = await assets.routes.request(url)
    out.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' })
    return out.end(await answer.bytes())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}
