import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A page on which hls.js plays what stands behind the question mark. It keeps its errors, and where each piece came from. */
export async function serveHls() {
  const hls = await readFile(new URL(import.meta.resolve('hls.js/dist/hls.min.js')))
  const server = createServer(({ url = '/' }, out) => {
    if (url === '/hls.js') return out.setHeader('content-type', 'text/javascript').end(hls)
    return out.setHeader('content-type', 'text/html').end(page)
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

const page = `<!doctype html>
<title>hls.js</title>
<video muted autoplay playsinline></video>
<script src="/hls.js"></script>
<script>
var errors = []
var pieces = []
var hls = new Hls({ liveSyncDuration: 3 })
hls.on(Hls.Events.ERROR, (_, { details, fatal }) => errors.push({ details, fatal }))
hls.on(Hls.Events.FRAG_LOADED, (_, { frag, part }) =>
  pieces.push({ type: frag.type, host: new URL((part ?? frag).url).host }))
hls.loadSource(location.search.slice(1))
hls.attachMedia(document.querySelector('video'))
</script>`
