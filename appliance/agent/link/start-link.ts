import type { HeartbeatReply } from '@sixcast/shared/contract/heartbeat.ts'
import { type NodeMetrics, topics } from '@sixcast/shared/contract/node-metrics.ts'
import { backoffMs } from '@sixcast/shared/runtime/backoff.ts'
import { describe, type Log } from '@sixcast/shared/runtime/log.ts'
import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import mqtt, { type MqttClient } from 'mqtt'
import { toldOnce } from '../told-once.ts'

type LinkAccess = NonNullable<HeartbeatReply['mqtt']>

const BACKOFF = { firstMs: 1000, longestMs: 60_000 }
const FAREWELL_MS = 1000
/** A connection that held this long was a good one: the next failure is the first again. */
const STEADY_MS = 10_000

/**
 * Keeps one MQTT connection to the fleet's broker, with the newest password at every attempt. The library would try again every
 * second for ever, and a whole fleet in step: here each loss waits longer, by chance.
 */
export function startLink({
  nodeId,
  returned,
  woken,
  log,
}: {
  nodeId: string
  returned: () => void
  /** The control plane has news. */
  woken: () => void
  log: Log
}) {
  const stopping = new AbortController()
  const tell = toldOnce()
  let waking = new AbortController()
  let access: LinkAccess | undefined
  let client: MqttClient | undefined
  let everUp = false

  async function run() {
    let failures = 0
    while (!stopping.signal.aborted) {
      const heldMs = access && (await hold(access))
      failures = heldMs === undefined ? 0 : heldMs >= STEADY_MS ? 1 : failures + 1
      await sleep(failures === 0 ? 60_000 : backoffMs(failures, BACKOFF), waking.signal)
      waking = new AbortController()
    }
  }

  /** One connection from its beginning to its end, and how long it held. */
  async function hold(to: LinkAccess): Promise<number> {
    let cause = 'the broker closed it'
    let upAt: number | undefined
    const connection = openConnection(nodeId, to)
    if (!connection) {
      tell(to.url, () => log.warn('the link cannot be made', { broker: to.url }))
      return 0
    }
    client = connection
    connection.once('connect', () => {
      upAt = performance.now()
      up(connection)
    })
    await new Promise<void>((resolve) => {
      connection.once('close', resolve)
      connection.once('end', resolve)
      connection.on('error', (error) => {
        cause = describe(error)
        resolve()
      })
    })
    connection.end(true)
    if (!stopping.signal.aborted) tell(cause, () => log.warn('the link is down', { broker: to.url, cause }))
    return upAt === undefined ? 0 : performance.now() - upAt
  }

  function up(connection: MqttClient) {
    connection.publish(topics.presence.of(nodeId), presence('online'), { qos: 1, retain: true }, () => {})
    connection.on('message', woken)
    connection.subscribe(topics.wake.of(nodeId), { qos: 1 }, () => {}) // refused, or lost: the next beat says it too
    tell('up', () => log.info('the link is up'))
    if (everUp) returned()
    everUp = true
  }

  function connectAnew() {
    client?.end(true)
    waking.abort()
  }

  const ended = run()

  return {
    /** What the last heartbeat reply said. Another broker is gone to at once. */
    useAccess(next: LinkAccess | undefined) {
      const moved = next?.url !== access?.url
      access = next
      if (moved) connectAnew()
    },
    /** The node goes out by another way: a connection over the way before would be dead until a keep-alive finds out. */
    connectAnew,
    connected: () => client?.connected === true,
    /** Only while connected: what nobody hears now is not worth keeping here. */
    publishMetrics(metrics: NodeMetrics) {
      if (client?.connected) client.publish(topics.metrics.of(nodeId), JSON.stringify(metrics), () => {})
    },
    async stop() {
      stopping.abort()
      waking.abort()
      if (client?.connected) await Promise.race([takeLeave(client, nodeId), sleep(FAREWELL_MS)])
      client?.end(true)
      await ended
    },
  }
}

/** An orderly end calls off the last will, so it says itself that the node is gone. */
async function takeLeave(client: MqttClient, nodeId: string): Promise<void> {
  try {
    await client.publishAsync(topics.presence.of(nodeId), presence('offline'), { qos: 1, retain: true })
    await client.endAsync()
  } catch {} // the connection broke meanwhile: the broker has the last will
}

const presence = (state: 'online' | 'offline') => JSON.stringify({ state })

/** Absent for an address the library does not understand: whatever the control plane says must not end the agent. */
function openConnection(nodeId: string, to: LinkAccess): MqttClient | undefined {
  try {
    return mqtt.connect(to.url, connectOptions(nodeId, to))
  } catch {
    return undefined
  }
}

function connectOptions(nodeId: string, { username, password }: LinkAccess): mqtt.IClientOptions {
  return {
    protocolVersion: 4, // 3.1.1: the embedded broker and RabbitMQ 3 speak no 5
    clientId: nodeId,
    username,
    password,
    clean: true,
    keepalive: 20,
    connectTimeout: 8000,
    reconnectPeriod: 0,
    queueQoSZero: false,
    will: {
      topic: topics.presence.of(nodeId),
      payload: Buffer.from(presence('offline')),
      qos: 1,
      retain: true,
    },
  }
}
