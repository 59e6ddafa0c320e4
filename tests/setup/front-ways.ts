import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import type { Page } from 'playwright-core'

export type FrontWay = Awaited<ReturnType<typeof openWay>>

/** A way to a node's port that a test can take away while the node lives on: it forwards what comes to an address of its own. */
export async function openWay(address: string, port = 8084, to = '127.0.0.1') {
  const open = new Set<Socket>()
  let silent = false
  let server = await listenThere()

  async function listenThere(): Promise<Server> {
    const listening = createServer((viewer) => {
      const node = connect(port, to)
      for (const [socket, other] of [
        [viewer, node],
        [node, viewer],
      ] as const) {
        open.add(socket)
        socket.on('data', (bytes) => silent || other.write(bytes))
        socket.on('error', () => {})
        socket.on('close', () => {
          open.delete(socket)
          other.destroy()
        })
      }
    }).listen(port, address)
    await once(listening, 'listening')
    return listening
  }

  async function refuse() {
    const closed = once(server, 'close')
    server.close()
    for (const socket of open) socket.resetAndDestroy()
    await closed
  }

  return {
    host: `${address}:${port}`,
    /** As a node whose nginx is gone. */
    refuse,
    /** As a node that has fallen silent; whoever connects is let in, and hears nothing. */
    silence() {
      silent = true
    },
    async heal() {
      silent = false
      if (!server.listening) server = await listenThere()
    },
    stop: async () => {
      if (server.listening) await refuse()
    },
  }
}

/** Has the watch page led to the node by `first`, and told of `second` as another way; the relay stays the last. The steering agrees, and spares what it is asked to. */
export async function leadBy(page: Page, [first, second]: FrontWay[], node = '127.0.0.1:8084') {
  // What a service worker fetches goes by the routes below.
  await page.addInitScript('delete Navigator.prototype.serviceWorker')
  await page.route('**/play/*', async (route) => {
    const response = await route.fetch()
    const lines = (await response.text()).split(/\n(?=#)/)
    const ofNode = lines.filter((each) => each.includes(`http://${node}/`))
    const at = ofNode.length ? lines.indexOf(ofNode.at(-1) ?? '') + 1 : 0
    const copies = second ? ofNode.map((each) => asSecond(each.replace(node, second.host))) : []
    lines.splice(at, 0, ...copies)
    const body = lines.join('\n').replaceAll(`http://${node}/`, `http://${first?.host}/`)
    await route.fulfill({ response, body })
  })
  if (second)
    await page.route('**/steer/*', async (route) => {
      const response = await route.fetch()
      const manifest = await response.json()
      const order: string[] = [...manifest['PATHWAY-PRIORITY']]
      order.splice(order[0] === 'relay' ? 0 : 1, 0, 'second') // before the relay, and behind the node unless that is spared
      await route.fulfill({ response, json: { ...manifest, 'PATHWAY-PRIORITY': order } })
    })
}

/** The same lines as a pathway of its own, with a group of audio of its own. */
const asSecond = (lines: string) =>
  lines
    .replace(/PATHWAY-ID="[^"]+"/, 'PATHWAY-ID="second"')
    .replace(/(GROUP-ID|AUDIO)="([^"]+?)-n[a-z2-7]{8}-g[0-9a-f]+"/, '$1="$2-second"')
