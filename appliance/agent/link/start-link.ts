import { type NodeMetrics, topics } from '@sixcast/shared/contract/node-metrics.ts'
import { backoffMs } from '@sixcast/shared/runtime/backoff.ts'
import { describe, type Log } from '@sixcast/shared/runtime/log.ts'
import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import type { MqttClient } from 'mqtt'
import { toldOnce } from '../told-once.ts'
import { type LinkAccess, openConnection, presence } from './open-connection.ts'

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
  source = () => undefined,
  returned,
  woken,
  log,
}: {
  nodeId: string
  /** The address that connections are to come from. One that never comes up is followed by one that leaves as the system likes. */
  source?: () => string | undefined
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
    let silent: string | undefined
    while (!stopping.signal.aborted) {
      const own = source()
      const from = own === silent ? undefined : own
      const heldMs: number | undefined = access && (await hold(access, from))
      silent = heldMs === 0 ? from : undefined
      failures = heldMs === undefined ? 0 : heldMs >= STEADY_MS ? 1 : failures + 1
      await sleep(failures === 0 ? 60_000 : backoffMs(failures, BACKOFF), waking.signal)
      waking = new AbortController()
    }
  }

  /** One connection from its beginning to its end, and how long it held. */
  async function hold(to: LinkAccess, from: string | undefined): Promise<number> {
    let upAt: number | undefined
    const connection = openConnection(nodeId, to, from)
    if (!connection) {
      tell(to.url, () => log.warn('the link cannot be made', { broker: to.url }))
      return 0
    }
    client = connection
    connection.once('connect', () => {
      upAt = performance.now()
      up(connection)
    })
    const cause = await endOf(connection)
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

/** Waits for it, and says why. */
const endOf = (connection: MqttClient): Promise<string> =>
  new Promise((resolve) => {
    for (const event of ['close', 'end'] as const)
      connection.once(event, () => resolve('the broker closed it'))
    connection.on('error', (error) => resolve(describe(error)))
  })

/** An orderly end calls off the last will, so it says itself that the node is gone. */
async function takeLeave(client: MqttClient, nodeId: string): Promise<void> {
  try {
    await client.publishAsync(topics.presence.of(nodeId), presence('offline'), { qos: 1, retain: true })
    await client.endAsync()
  } catch {} // the connection broke meanwhile: the broker has the last will
}
