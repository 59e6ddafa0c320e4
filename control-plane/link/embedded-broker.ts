import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { topics } from '@sixcast/shared/contract/node-metrics.ts'
import { CannotStart } from '@sixcast/shared/runtime/cannot-start.ts'
import { describe, type Log } from '@sixcast/shared/runtime/log.ts'
import { repeat } from '@sixcast/shared/runtime/repeat.ts'
import { Aedes, type Client } from 'aedes'
import { cannotListen } from '../cannot-listen.ts'
import { type ConnectedUsers, connectedUsers } from './connected-users.ts'
import { type LinkRights, mayPublish, maySubscribe } from './link-rights.ts'
import { packetLimit } from './packet-limit.ts'

type Dependencies = {
  bind: string[]
  port: number
  rights: Pick<LinkRights, 'mayConnect'>
  /** The nodes that may no longer speak. */
  listRevoked: () => Promise<string[]>
  /** What nodes say. In the same process it needs no connection. */
  hear: (topic: string, text: string) => void
  log: Log
}

const SWEEP_MS = 5000
const LIMITS = { firstBytes: 4096, laterBytes: 256 * 1024 }
const HEARD = [topics.metrics.of('+'), topics.presence.of('+')]
/** One, and as many again as may not have noticed yet that their line is cut. */
const MOST_CONNECTIONS = 5

/** The broker of a fleet whose control plane is one process. */
export async function startEmbeddedBroker({ bind, port, rights, listRevoked, hear, log }: Dependencies) {
  const stopping = new AbortController()
  const connected = connectedUsers<Client>()
  const broker = await createBroker(rights, connected, log)
  for (const topic of HEARD)
    broker.subscribe(
      topic,
      (packet, done) => {
        hear(packet.topic, String(packet.payload))
        done()
      },
      () => {},
    )

  /** Passwords are asked for once, when a connection begins: who is revoked later is put out. */
  async function putOutRevoked() {
    for (const user of await listRevoked()) for (const client of connected.clientsOf(user)) client.close()
  }

  const servers = await Promise.all(bind.map((host) => listen(broker, port, host, log)))
  if (servers.every((server) => server === undefined))
    throw new CannotStart(
      `None of the addresses ${bind.join(', ')} is on this machine: the broker has nowhere to listen. Set MQTT_BIND to one that is.`,
    )
  void repeat(SWEEP_MS, putOutRevoked, stopping.signal, (error) =>
    log.warn('revoked nodes could not be looked up', { cause: describe(error) }),
  )

  return {
    say: (topic: string, payload: object) => broker.publish(messageOf(topic, payload), () => {}),
    async stop() {
      stopping.abort()
      for (const server of servers) server?.close()
      await new Promise<void>((resolve) => broker.close(() => resolve()))
    },
  }
}

async function createBroker(
  rights: Dependencies['rights'],
  connected: ConnectedUsers<Client>,
  log: Log,
): Promise<Aedes> {
  const userOf = (client: Client | null) => (client && connected.userOf(client)) ?? ''
  const broker = await Aedes.createBroker({
    connectTimeout: 5000,
    // Each user has client ids of its own, so that nobody pushes another out by taking its id. And nothing is kept for the absent.
    preConnect: (_, packet, done) => {
      packet.clientId = `${packet.username} ${packet.clientId}`
      packet.clean = true
      done(null, true)
    },
    authenticate: (client, user = '', password, done) => {
      rights.mayConnect(user, password?.toString() ?? '').then(
        (allowed) => {
          const welcome = allowed && connected.clientsOf(user).length < MOST_CONNECTIONS
          // Nobody tells of the end of a line that broke meanwhile.
          if (welcome && !client.closed) connected.add(client, user)
          done(null, welcome)
        },
        () => done(null, false), // the database is away: the node comes again
      )
    },
    authorizePublish: (client, packet, done) => {
      packet.retain = false // whoever may hear it hears it now; all that is kept would be searched at each subscription
      // Nobody here speaks with QoS 2, which is kept until it is released.
      const may = mayPublish(userOf(client), packet.topic) && packet.qos < 2
      done(may ? null : new Error(`may not publish this to ${packet.topic}`))
    },
    authorizeSubscribe: (client, subscription, done) =>
      done(null, maySubscribe(userOf(client), subscription.topic) ? subscription : null),
  })
  broker.on('clientDisconnect', (client) => connected.remove(client))
  broker.on('clientError', (client, { message }) =>
    log.info('a link was closed', { node: userOf(client), cause: message }),
  )
  broker.on('connectionError', () => {}) // strangers who never got as far as a name
  return broker
}

const messageOf = (topic: string, payload: object) =>
  ({ cmd: 'publish', topic, payload: JSON.stringify(payload), qos: 0, retain: false, dup: false }) as const

/** Absent when this machine does not have the address. */
async function listen(broker: Aedes, port: number, host: string, log: Log): Promise<Server | undefined> {
  const server = createServer((socket) => broker.handle(socket.compose(packetLimit(LIMITS))))
  try {
    server.listen({ port, host, ipv6Only: true })
    await once(server, 'listening')
    return server
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRNOTAVAIL'))
      throw cannotListen(error, { host, port, setting: 'MQTT_PORT' })
    log.warn('this machine has no such address', { address: host })
    return undefined
  }
}
