import { connect, type Socket } from 'node:net'
import type { HeartbeatReply } from '../shared/contract/heartbeat.ts'
import { topics } from '../shared/contract/node-metrics.ts'
import { sleep } from '../shared/runtime/repeat.ts'
import { connectPacket, isWelcome, publishPacket, subscribePacket } from './mqtt-packets.ts'
import type { SimulatedNode } from './simulated-node.ts'

export type LinkTally = { open: number; refused: number; lost: number; published: number }

type Access = NonNullable<HeartbeatReply['mqtt']>

/** As an agent's library says it. What is published meanwhile counts as a sign of life. */
const KEEP_ALIVE_SECONDS = 60

/** Holds the MQTT connection of one node and publishes its metrics, until the broker or the node ends it. */
export function openLink(node: SimulatedNode, access: Access, everyMs: number, tally: LinkTally) {
  const { hostname, port } = new URL(access.url)
  const socket = connect({ host: hostname, port: Number(port), localAddress: node.address, noDelay: true })
  const ended = new AbortController()
  let welcome = false
  let heard = Buffer.alloc(0)
  socket.on('error', () => {})
  socket.on('close', () => {
    if (welcome) tally.open -= 1
    if (!ended.signal.aborted) tally[welcome ? 'lost' : 'refused'] += 1
    ended.abort()
  })
  socket.on('data', (bytes) => {
    if (welcome) return
    heard = Buffer.concat([heard, bytes])
    welcome = isWelcome(heard)
    if (!welcome) return
    tally.open += 1
    socket.write(greeting(node))
    void speak(node, socket, { everyMs, tally, signal: ended.signal })
  })
  const will = { topic: topics.presence.of(node.id), payload: JSON.stringify({ state: 'offline' }) }
  const { username, password } = access
  socket.write(
    connectPacket({ clientId: 'link', username, password, will, keepAliveSeconds: KEEP_ALIVE_SECONDS }),
  )
  return {
    close() {
      ended.abort()
      socket.destroy()
    },
  }
}

const greeting = ({ id }: SimulatedNode) =>
  Buffer.concat([
    publishPacket(topics.presence.of(id), JSON.stringify({ state: 'online' }), { retain: true }),
    subscribePacket(topics.wake.of(id)),
  ])

type Speech = { everyMs: number; tally: LinkTally; signal: AbortSignal }

/** A node without power says nothing, and nobody is told that its connection is gone. */
async function speak(node: SimulatedNode, socket: Socket, { everyMs, tally, signal }: Speech) {
  await sleep(Math.random() * everyMs, signal)
  while (!signal.aborted) {
    if (node.is !== 'dead') {
      socket.write(publishPacket(topics.metrics.of(node.id), JSON.stringify(node.metrics())))
      tally.published += 1
    }
    await sleep(everyMs, signal)
  }
}
