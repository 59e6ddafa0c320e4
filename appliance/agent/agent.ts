import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { nodeId } from '@sixcast/shared/contract/identity-key.ts'
import { describe, type Log } from '@sixcast/shared/runtime/log.ts'
import { repeat } from '@sixcast/shared/runtime/repeat.ts'
import { claimSocket, serveSocket } from '@sixcast/shared/runtime/serve-socket.ts'
import { Agent as Connections } from 'undici'
import release from '../package.json' with { type: 'json' }
import { addressWords } from './addresses/address-words.ts'
import { monitorAddresses } from './addresses/monitor-addresses.ts'
import { readNodeAddresses } from './addresses/node-addresses.ts'
import { watchAddresses } from './addresses/watch-addresses.ts'
import type { AgentConfig } from './agent-config.ts'
import { agentApp } from './app.ts'
import { askAuthorization } from './authorize/ask-authorization.ts'
import { authorizeRoutes } from './authorize/authorize-routes.ts'
import { healthRoutes } from './health/health-routes.ts'
import { fleetTime } from './heartbeat/fleet-time.ts'
import { openBootEpoch } from './identity/boot-epoch.ts'
import { hardwareFingerprint, readHardwareFacts } from './identity/hardware-fingerprint.ts'
import { readIdentity } from './identity/identity-file.ts'
import { openNodeKey } from './identity/node-key.ts'
import { requestNumbers } from './identity/request-numbers.ts'
import { type Membership, startMembership } from './membership.ts'
import { measureMetrics } from './metrics/measure-metrics.ts'
import { metricsRoutes } from './metrics/metrics-routes.ts'
import { keepMetrics } from './metrics/node-metrics-keeper.ts'
import { takeOrders } from './orders.ts'
import { probeRoutes } from './probe/probe-routes.ts'
import { orderedMirrors } from './streams/mirror-orders.ts'
import { streamReporter } from './streams/stream-reporter.ts'
import { streamRoutes } from './streams/stream-routes.ts'
import { toldOnce } from './told-once.ts'
import { trialRoutes } from './trial/trial-routes.ts'
import { askVerdict } from './verdict/ask-verdict.ts'
import { keepLink } from './verdict/keep-link.ts'
import { verdictRoutes } from './verdict/verdict-routes.ts'

/** The whole agent: its rooms joined, its socket open, its timers running. */
export async function startAgent(config: AgentConfig, log: Log) {
  const socketPath = join(config.runtimeDirectory, 'agent.sock')
  const node = await openNode(config, socketPath, log)
  const connections = new Connections({ maxResponseSize: 256 * 1024 })
  const stopping = new AbortController()
  const report = reportOnce(log)
  const addresses = await watchAddresses({
    read: readNodeAddresses,
    ordered: config.claimedAddress,
    changed(what) {
      words.say()
      fleet.addressesChanged(what)
    },
    report,
    signal: stopping.signal,
  })
  const words = addressWords({ ...addresses, ordered: config.claimedAddress, log })
  const monitor = monitorAddresses({ changed: addresses.lookNow, report })
  const [time, mirrors] = [fleetTime(), orderedMirrors()]
  const streams = streamReporter({
    post: (stream) => fleet.report(stream),
    inFleet: () => fleet.joined(),
    returned: () => fleet.beatIfFailing(),
    liveChanged: () => fleet.beatNow(),
    log,
  })
  const orders = takeOrders({
    ...{ config, report, signal: stopping.signal, log },
    release: node.about.release,
    fleet: () => fleet,
    mediaIsSilent: streams.isSilent,
    claimed: addresses.claimed,
    facts: { health: () => health(), measurements: () => metrics.latest(), addresses: addresses.addresses },
  })
  const fleet: Membership = startMembership({
    ...node,
    ...orders,
    ...{ config, connections, addresses, streams, time, mirrors, report, log },
  })
  const metrics = keepMetrics({
    measure: measureMetrics(config.runtimeDirectory, () => ({
      streams: streams.live().length,
      viewers: streams.load()?.viewers,
    })),
    measured: (measured) => fleet.publishMetrics(measured),
    report,
    signal: stopping.signal,
  })
  const health = healthOf({ node, fleet, addresses, words, streams, orders })
  const rooms = {
    probe: probeRoutes(node.keys, addresses.isOwn),
    trial: trialRoutes({ nodeId: nodeId(node.keys.publicKey), fleetKey: fleet.fleetKey }),
    metrics: metricsRoutes(metrics),
    health: healthRoutes(health),
    streams: streamRoutes({
      ...{ reporter: streams, fleetTime: time.now, mirrors },
      ...{ claimed: addresses.claimed, limits: orders.limits },
    }),
    verdict: verdictRoutes(askVerdict(fleet.verdict), keepLink(fleet.verdictLink)),
    authorize: authorizeRoutes(askAuthorization(fleet.authorize)),
  }
  const app = agentApp(rooms, log)
  const server = await serveSocket(getRequestListener(app.fetch), socketPath)
  void repeat(1000, async () => streams.watchSilence(), stopping.signal, report)

  return {
    async stop() {
      stopping.abort()
      await Promise.all([fleet.stop(), monitor.stop()])
      await server.close()
      await connections.destroy()
    },
  }
}

const healthOf =
  ({ node, fleet, addresses, words, streams, orders }: Joined) =>
  () => ({
    nodeId: nodeId(node.keys.publicKey),
    ...fleet.health(),
    claimed: addresses.claimed(),
    otherAddress: addresses.other(),
    addresses: words.health(),
    live: streams.live(),
    configuration: orders.configuration.health(),
  })

type Joined = {
  node: Awaited<ReturnType<typeof openNode>>
  fleet: Membership
  addresses: Awaited<ReturnType<typeof watchAddresses>>
  words: ReturnType<typeof addressWords>
  streams: ReturnType<typeof streamReporter>
  orders: ReturnType<typeof takeOrders>
}

function reportOnce(log: Log) {
  const tell = toldOnce()
  return (error: unknown) => tell(describe(error), () => log.error('a round failed', error))
}

/** Who this node is, out of its state folder. Nothing there is touched while another agent holds the socket. */
async function openNode(config: AgentConfig, socketPath: string, log: Log) {
  const { stateDirectory, runtimeDirectory, claimFile, nodeName } = config
  for (const path of [stateDirectory, runtimeDirectory]) await mkdir(path, { recursive: true, mode: 0o700 })
  await claimSocket(socketPath)
  const keys = await openNodeKey(stateDirectory, claimFile)
  return {
    keys,
    identity: await readIdentity(stateDirectory, nodeId(keys.publicKey)),
    numbers: requestNumbers(await openBootEpoch(stateDirectory, log)),
    about: {
      name: nodeName,
      instance: randomBytes(8).toString('hex'),
      hardware: hardwareFingerprint(await readHardwareFacts()),
      release: release.version,
    },
  }
}
