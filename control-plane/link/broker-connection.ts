import { topics } from '@sixcast/shared/contract/node-metrics.ts'
import { backoffMs } from '@sixcast/shared/runtime/backoff.ts'
import { describe, type Log } from '@sixcast/shared/runtime/log.ts'
import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import mqtt, { type MqttClient } from 'mqtt'

type Dependencies = {
  /** With the credentials that the broker wants. */
  url: string
  hear: (topic: string, text: string) => void
  log: Log
}

const BACKOFF = { firstMs: 500, longestMs: 30_000 }
const HEARD = [topics.metrics.of('+'), topics.presence.of('+')]

/** Holds the control plane's own connection to the broker. The library's way to come back knows no back-off. */
export function keepBrokerConnection({ url, hear, log }: Dependencies) {
  const stopping = new AbortController()
  let client: MqttClient | undefined

  async function run() {
    let failures = 0
    while (!stopping.signal.aborted) {
      const held = await hold()
      failures = held ? 1 : failures + 1
      await sleep(backoffMs(failures, BACKOFF), stopping.signal)
    }
  }

  /** One connection to its end; whether it ever was one. */
  async function hold(): Promise<boolean> {
    let subscribed = false
    let cause = 'the broker closed it'
    const connection = mqtt.connect(url, {
      protocolVersion: 4,
      clean: true,
      reconnectPeriod: 0,
      connectTimeout: 5000,
      keepalive: 20,
    })
    client = connection
    connection.on('message', (topic, payload) => hear(topic, payload.toString()))
    connection.on('error', (error) => {
      cause = describe(error)
    })
    connection.once('connect', () => {
      subscribe(connection).then(
        () => {
          subscribed = true
          log.info('listening to the fleet')
        },
        (error: unknown) => {
          cause = describe(error)
          connection.end(true)
        },
      )
    })
    await new Promise<void>((resolve) => connection.once('close', resolve))
    connection.end(true)
    if (!stopping.signal.aborted) log.warn('the connection to the broker is down', { cause })
    return subscribed
  }

  const ended = run()

  return {
    /** Only while connected: what must arrive goes another way as well. */
    say(topic: string, payload: object) {
      if (client?.connected) client.publish(topic, JSON.stringify(payload), () => {})
    },
    async stop() {
      stopping.abort()
      client?.end(true)
      await ended
    },
  }
}

/** A broker can grant a subscription and still send nothing; one that refuses says so by 128. */
async function subscribe(connection: MqttClient): Promise<void> {
  const granted = await connection.subscribeAsync(HEARD, { qos: 0 })
  if (granted.some(({ qos }) => qos > 2)) throw new Error('the broker refuses the subscription')
}
