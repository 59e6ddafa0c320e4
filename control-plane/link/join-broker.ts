import type { KeyPair } from '@sixcast/shared/contract/identity-key.ts'
import { type NodeMetrics, topics } from '@sixcast/shared/contract/node-metrics.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import type { Config } from '../config.ts'
import type { SeriesName } from '../history/series.ts'
import type { NodeRepository } from '../nodes/node-repository.ts'
import { keepBrokerConnection } from './broker-connection.ts'
import { startEmbeddedBroker } from './embedded-broker.ts'
import { hearFleet } from './hear-fleet.ts'
import { linkRights } from './link-rights.ts'
import type { MetricsRepository } from './metrics-repository.ts'
import { nodePasswords } from './node-password.ts'

export type BrokerSettings = Config['mqtt']

type Dependencies = {
  nodes: NodeRepository
  metrics: Pick<MetricsRepository, 'saveLatest'>
  measured: (nodeId: string, metrics: NodeMetrics, wanted?: ReadonlySet<SeriesName>) => void
  fleetKey: KeyPair
  mqtt: BrokerSettings
  seemsGone: (nodeId: string) => void
  log: Log
}

/** Joins the fleet over MQTT: by the broker at `mqtt.url`, or by one of our own. */
export async function joinBroker({ nodes, fleetKey, mqtt, log, ...hearing }: Dependencies) {
  const rights = linkRights({ nodes, passwords: nodePasswords(fleetKey) })
  const fleet = hearFleet({ ...hearing, log })
  const broker = mqtt.url
    ? keepBrokerConnection({ url: mqtt.url, hear: fleet.hear, log })
    : await startEmbeddedBroker({
        ...mqtt,
        ...{ rights, listRevoked: nodes.listRevoked, hear: fleet.hear, log },
      })

  return {
    /** The node beats at once and is told the news in the answer. One that is not heard is told by its next beat. */
    wake: (nodeId: string) => broker.say(topics.wake.of(nodeId), {}),
    /** What a node measures, had in another way. */
    take: fleet.take,
    async stop() {
      await broker.stop()
      await fleet.stop()
    },
  }
}
