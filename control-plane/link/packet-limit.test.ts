import { PassThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { generate } from 'mqtt-packet'
import { expect, test } from 'vitest'
import { packetLimit } from './packet-limit.ts'

const connect = generate({
  cmd: 'connect',
  clientId: 'a',
  protocolId: 'MQTT',
  protocolVersion: 4,
  clean: true,
  keepalive: 1,
})
const publish = (bytes: number) =>
  generate({ cmd: 'publish', topic: 't', payload: Buffer.alloc(bytes), qos: 0, dup: false, retain: false })

/** Sends chunks through and answers what came out. */
async function pass(chunks: Buffer[]) {
  const out = new PassThrough()
  const came: Buffer[] = []
  out.on('data', (data) => came.push(data))
  await pipeline(chunks, packetLimit({ firstBytes: 100, laterBytes: 1000 }), out)
  return Buffer.concat(came)
}

const bytes = (buffer: Buffer) => [...buffer].map((byte) => Buffer.from([byte]))

test('packets of an honest size pass unchanged, however they are torn', async () => {
  const all = Buffer.concat([
    connect,
    publish(0),
    publish(900),
    Buffer.from([0xc0, 0]),
    publish(127),
    publish(128),
  ])
  expect(await pass([all])).toEqual(all)
  expect(await pass(bytes(all))).toEqual(all)
})

test.each([
  ['a first packet that is large', [publish(200)]],
  ['a later packet that is too large', [connect, publish(1001)]],
  ['a length without end', [Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0xff])]],
  ['an announcement of 200 MB, before any of it came', [Buffer.from([0x10, 0x80, 0xc2, 0xd7, 0x5f])]],
])('%s ends the connection', async (_, chunks) => {
  await expect(pass(chunks)).rejects.toThrow(/a packet of more than/)
})
