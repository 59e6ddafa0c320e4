import { randomBytes } from 'node:crypto'
import type { Heartbeat } from '../shared/contract/heartbeat.ts'
import { createKeyPair, type KeyPair, nodeId, signText } from '../shared/contract/identity-key.ts'
import type { NodeMetrics } from '../shared/contract/node-metrics.ts'
import { type ProbeQuery, type ProbeReply, probeText } from '../shared/contract/probe.ts'
import { signRequest } from '../shared/contract/signed-request.ts'
import type { Truth } from './fleet-judgement.ts'

export type SimulatedNode = ReturnType<typeof simulatedNode>

/** Where viewers would fetch from every one of them: the CDN port of real nodes. */
export const CDN_PORT = 8084

/** Every address that begins so is this machine, so that one process answers at all of them. */
const addressOf = (at: number) => `127.${16 + (at >> 16)}.${(at >> 8) & 255}.${at & 255}`
const newInstance = () => randomBytes(8).toString('hex')

/** A node that holds a key, beats and is probed, without anything to serve. */
export function simulatedNode(at: number) {
  const keys: KeyPair = createKeyPair()
  const id = nodeId(keys.publicKey)
  const address = addressOf(at)
  let [epoch, number, instance] = [1, 0, newInstance()]

  return {
    id,
    address,
    publicKey: keys.publicKey,
    is: 'well' as Truth,
    /** It was switched off and on. */
    restart() {
      epoch += 1
      number = 0
      instance = newInstance()
    },
    /** Signed as its agent does; without an address nobody probes it. */
    beat(host: string, { claims }: { claims: boolean }) {
      number += 1
      const body = JSON.stringify({ ...heartbeatOf(address, claims), instance })
      const parts = { method: 'POST', host, path: '/v1/heartbeat', query: '', body, epoch, number }
      return { body, headers: signRequest(parts, id, keys) }
    },
    answerProbe: (query: ProbeQuery): ProbeReply => ({
      nodeId: id,
      nonce: query.nonce,
      signature: signText(probeText(id, query), keys),
    }),
    metrics: (): NodeMetrics => metricsOf(at),
  }
}

const heartbeatOf = (address: string, claims: boolean): Heartbeat => ({
  release: '0.1.0',
  hardware: 'simulated',
  ...(claims && { claimed: address }),
  addresses: [
    { address, family: 4, interface: 'lo', prefixLength: 8, scope: 'loopback', flags: ['permanent'] },
    {
      address: 'fe80::1',
      family: 6,
      interface: 'eth0',
      prefixLength: 64,
      scope: 'link',
      flags: ['permanent'],
    },
    {
      address: '2001:db8::1',
      family: 6,
      interface: 'eth0',
      prefixLength: 64,
      scope: 'global',
      flags: [],
      preferredSeconds: 14_400,
      validSeconds: 86_400,
      origin: 'slaac',
    },
  ],
  ports: { playback: 8083, cdn: CDN_PORT, rtmp: 1935 },
  live: [],
  load: { viewers: 0, bitsPerSecond: 0 },
})

/** As much as a Raspberry Pi tells. */
const metricsOf = (at: number): NodeMetrics => ({
  measuredAt: new Date().toISOString(),
  uptimeSeconds: 86_400 + performance.now() / 1000,
  cpu: { percent: (at + performance.now() / 1000) % 100, cores: 4, load1: 0.52 },
  memory: { totalBytes: 4_137_361_408, usedBytes: 1_203_105_792 },
  storage: [
    { mount: '/', totalBytes: 31_268_536_320, usedBytes: 4_267_769_856 },
    { mount: '/boot/firmware', totalBytes: 535_805_952, usedBytes: 66_060_288 },
  ],
  network: [
    { interface: 'eth0', receivedBytesPerSecond: 250_112.4, sentBytesPerSecond: 1_730_201.7 },
    { interface: 'wlan0', receivedBytesPerSecond: 0, sentBytesPerSecond: 0 },
  ],
  temperatureCelsius: 54.5,
  processes: ['rtmp', 'nginx', 'media', 'agent'].map((name, pid) => ({
    name,
    pid: 800 + pid,
    cpuPercent: 0.7,
    memoryBytes: 90_177_536,
  })),
})
