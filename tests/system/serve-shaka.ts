import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A page on which shaka plays what stands behind the question mark, and keeps its errors in `window.errors`. */
export async function serveShaka() {
  const shaka = await readFile(new URL(import.meta.resolve('shaka-player')))
  const server = createServer(({ url = '/' }, out) => {
    if (url === '/shaka.js') return out.setHeader('content-type', 'text/javascript').end(shaka)
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
<title>shaka</title>
<video muted autoplay playsinline></video>
<script src="/shaka.js"></script>
<script>
const tell = ({ severity, code, data }) => errors.push({ severity, code, data: String(data) })
var errors = []
var player = new shaka.Player()
player.addEventListener('error', ({ detail }) => tell(detail))
player.configure({ streaming: { lowLatencyMode: true } })
player.attach(document.querySelector('video')).then(() => player.load(location.search.slice(1))).catch(tell)
</script>`
