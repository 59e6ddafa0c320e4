import { once } from 'node:events'
import { request } from 'node:http'
import { startNodeHttp } from '../../nginx/start-test-node-http.ts'
import { startTestNode } from './start-test-node.ts'

/** For tests: media with its nginx, at a loopback address of its own. */
export async function startTestMirror(
  host: string,
  settings: Record<string, string> = {},
  liveBytes?: number,
) {
  const media = await startTestNode(settings, liveBytes)
  const listen = [...new Set(['127.0.0.1', host])]
  let http = await startNodeHttp(media.runtimeDirectory, listen)
  const { cdn, playback } = http
  return {
    ...media,
    host,
    cdn,
    playback,
    endpoint: `${host}:${cdn}`,
    get: (path: string) => get(host, cdn, path),
    /** Ends its nginx, and starts it again at the same ports. */
    async loseHttp() {
      await http.stop()
      return async () => {
        http = await startNodeHttp(media.runtimeDirectory, listen, [], { cdn, playback })
      }
    },
    async stop() {
      await http.stop()
      await media.stop()
    },
  }
}

async function get(host: string, port: number, path: string) {
  const sent = request({ host, port, path, headers: { connection: 'close' } })
  sent.end()
  const [response] = await once(sent, 'response')
  const pieces: Buffer[] = []
  for await (const piece of response) pieces.push(piece)
  return { status: Number(response.statusCode), body: Buffer.concat(pieces), at: performance.now() }
}
