import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A page with a player's library at /player.js. */
export async function servePlayerPage(library: string, page: string) {
  const script = await readFile(new URL(import.meta.resolve(library)))
  const server = createServer(({ url = '/' }, out) => {
    if (url === '/player.js') return out.setHeader('content-type', 'text/javascript').end(script)
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
