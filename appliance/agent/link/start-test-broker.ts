import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import mqtt from 'mqtt'

const PROGRAM = `
  import { createServer } from 'node:net'
  import { Aedes } from 'aedes'
  const broker = await Aedes.createBroker({
    authenticate: (client, user, password, done) => {
      console.log([client.conn.remoteAddress, password].join(' '))
      done(null, true)
    },
  })
  const server = createServer((socket) => broker.handle(socket))
  server.listen(Number(process.argv[1]), '127.0.0.1', () => console.log(server.address().port))`

/** A real broker, in a process of its own so that it can be killed. */
export async function startBroker(port = 0) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM, String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [sources, passwords]: [string[], string[]] = [[], []]
  const lines = createInterface({ input: child.stdout })
  const [first] = await once(lines, 'line')
  lines.on('line', (line) => {
    const [source = '', password = ''] = line.split(' ')
    sources.push(source)
    passwords.push(password)
  })
  const url = `mqtt://127.0.0.1:${first}`
  return {
    port: Number(first),
    /** Where connections came from, and what they were made with. */
    sources,
    passwords,
    access: () => ({ url, username: 'n1', password: 'first' }),
    kill: () => child.kill('SIGKILL'),
    async say(topic: string, payload: object) {
      const client = await mqtt.connectAsync(url, { protocolVersion: 4, reconnectPeriod: 0 })
      await client.publishAsync(topic, JSON.stringify(payload))
      await client.endAsync()
    },
    /** All messages of a topic from now on. */
    async hear(topic: string): Promise<unknown[]> {
      const client = await mqtt.connectAsync(url, { protocolVersion: 4, reconnectPeriod: 0 })
      client.on('error', () => {})
      const heard: unknown[] = []
      client.on('message', (_, payload) => heard.push(JSON.parse(payload.toString())))
      await client.subscribeAsync(topic)
      lines.once('close', () => client.end(true))
      return heard
    },
  }
}
