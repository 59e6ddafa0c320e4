import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { getuid } from 'node:process'
import { sleep } from '../shared/runtime/repeat.ts'
import { limitsOf } from './limits-of.ts'
import { type ConfigValues, renderConfig } from './render-config.ts'

export const user = getuid?.() === 0 ? ['root'] : []
export const problems = `${import.meta.dirname}/problems.conf`
export const live = `${import.meta.dirname}/live.conf`
export const lookup = `${import.meta.dirname}/lookup.conf`

/** A real nginx with a rendered template, in a folder of its own, started as the launcher does. */
export async function startNginx(
  template: string,
  values: ConfigValues,
  port: number,
  text = readTemplate(template),
) {
  const folder = mkdtempSync(`${tmpdir()}/sixcast-nginx-`)
  writeFileSync(`${folder}/${template}`, renderConfig(text, values))
  const options = ['-e', 'stderr', '-p', `${folder}/`, '-c', `${folder}/${template}`]
  execFileSync('/usr/sbin/nginx', ['-t', ...options], { stdio: 'pipe' })
  const command = [...limitsOf(template), '/usr/sbin/nginx', ...options]
  const nginx = spawn('setpriv', ['--pdeathsig=TERM', '--', ...command])
  let said = ''
  nginx.stderr.on('data', (data) => {
    said += data
  })
  const closed = once(nginx, 'close')
  while (nginx.exitCode === null && !(await accepts(port))) await sleep(20)
  if (nginx.exitCode !== null) throw new Error(said)
  return {
    folder,
    said: () => said,
    async stop() {
      nginx.kill('SIGTERM')
      await closed
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const readTemplate = (name: string) => readFileSync(`${import.meta.dirname}/${name}`, 'utf8')

/** A server at a port or a socket that stands in for one of our processes. */
export async function serve(at: string | number, answer: RequestListener) {
  const server = createServer(answer)
  server.listen(typeof at === 'string' ? { path: at } : { port: at, host: '127.0.0.1' })
  await once(server, 'listening')
  return {
    port: typeof at === 'string' ? 0 : (server.address() as AddressInfo).port,
    async stop() {
      server.close()
      server.closeAllConnections()
      if (server.listening) await once(server, 'close')
    },
  }
}

/** A request whose path goes out exactly as it is written: fetch would tidy up `..`. */
export async function ask(port: number, path: string, options: { method?: string; headers?: object } = {}) {
  const { method = 'GET', headers = {} } = options
  const sent = request({ host: '127.0.0.1', port, path, method, headers: { ...headers } })
  sent.end(method === 'POST' ? '{}' : undefined)
  const [response] = await once(sent, 'response')
  let text = ''
  for await (const chunk of response) text += chunk
  return {
    status: Number(response.statusCode),
    headers: response.headers as Record<string, string | undefined>,
    text,
  }
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
  }).finally(() => socket.destroy()) as Promise<boolean>
}
