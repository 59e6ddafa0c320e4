import { connect } from 'node:net'
import type { HeartbeatReply } from '@sixcast/shared/contract/heartbeat.ts'
import { topics } from '@sixcast/shared/contract/node-metrics.ts'
import mqtt, { MqttClient } from 'mqtt'

export type LinkAccess = NonNullable<HeartbeatReply['mqtt']>

/**
 * Leaves from `source`, when there is one: after a renumbering the kernel may go on choosing an address that leads nowhere. Absent
 * for an address the library does not understand: whatever the control plane says must not end the agent.
 */
export function openConnection(
  nodeId: string,
  to: LinkAccess,
  source: string | undefined,
): MqttClient | undefined {
  const options = {
    ...connectOptions(nodeId, to),
    ...(source !== undefined && { localAddress: source }), // the library hands it on for TLS alone
  }
  try {
    const { protocol, hostname, port } = new URL(to.url)
    if (protocol !== 'mqtt:' || source === undefined) return mqtt.connect(to.url, options)
    const host = hostname.replace(/^\[(.*)\]$/, '$1')
    return new MqttClient(() => connect({ host, port: Number(port || 1883), localAddress: source }), options)
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

export const presence = (state: 'online' | 'offline') => JSON.stringify({ state })
