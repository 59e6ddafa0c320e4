import { freePort } from '../tests/setup/free-port.ts'
import { live, problems, startNginx, user } from './start-test-nginx.ts'

/** For tests: a node's nginx over `media.sock`, `agent.sock` and `live/` of a folder. */
export async function startNodeHttp(
  folder: string,
  listen = ['127.0.0.1'],
  proxies: string[] = [],
  ports?: { playback: number; cdn: number },
) {
  const { playback, cdn } = ports ?? { playback: await freePort(), cdn: await freePort() }
  const values = {
    user,
    listen,
    proxies,
    workers: 1,
    playback_port: playback,
    cdn_port: cdn,
    media_socket: `${folder}/media.sock`,
    agent_socket: `${folder}/agent.sock`,
    live_directory: `${folder}/live`,
    access_log: `${folder}/viewers.log`,
    live,
    problems,
  }
  return { ...(await startNginx('node-http.conf', values, playback)), playback, cdn }
}
