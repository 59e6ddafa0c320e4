import { once } from 'node:events'
import { connect as openSocket } from 'node:net'
import mqtt from 'mqtt'
import { generate } from 'mqtt-packet'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../../tests/setup/free-port.ts'
import { silentLog } from '../../tests/setup/fresh-database.ts'
import { startEmbeddedBroker } from './embedded-broker.ts'

const NODE = 'a'.repeat(20)

async function start(mayConnect: () => Promise<boolean>) {
  const port = await freePort()
  const rights = { mayConnect }
  const listRevoked = async () => []
  const broker = await startEmbeddedBroker({
    bind: ['127.0.0.1'],
    port,
    rights,
    listRevoked,
    hear: () => {},
    log: silentLog,
  })
  onTestFinished(() => broker.stop())
  return port
}

test('a node whose line breaks while it logs in takes no place for good', async () => {
  let asked = Promise.withResolvers<void>()
  let answered = Promise.withResolvers<boolean>()
  const port = await start(() => {
    asked.resolve()
    return answered.promise
  })
  for (let i = 0; i < 10; i++) {
    const socket = openSocket(port, '127.0.0.1')
    await once(socket, 'connect')
    socket.write(login(`broken-${i}`))
    await asked.promise
    socket.resetAndDestroy()
    await serverHasSeen(port)
    answered.resolve(true)
    ;[asked, answered] = [Promise.withResolvers(), Promise.withResolvers()]
  }
  answered.resolve(true)
  const client = mqtt.connect(`mqtt://127.0.0.1:${port}`, {
    protocolVersion: 4,
    reconnectPeriod: 0,
    clientId: 'whole',
    username: NODE,
    password: 'p',
  })
  onTestFinished(() => void client.end(true))
  client.on('error', () => {})
  await new Promise<void>((resolve) => {
    client.once('connect', () => resolve())
    client.once('close', () => resolve())
  })
  expect(client.connected).toBe(true)
})

const login = (clientId: string) =>
  generate({
    cmd: 'connect',
    clientId,
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    keepalive: 20,
    username: NODE,
    password: Buffer.from('p'),
  })

/** What came before on other connections is seen by whoever then refuses a packet that is none. */
async function serverHasSeen(port: number) {
  const socket = openSocket(port, '127.0.0.1')
  socket.end(Buffer.from([0xc0, 0]))
  socket.resume()
  await once(socket, 'close')
}
