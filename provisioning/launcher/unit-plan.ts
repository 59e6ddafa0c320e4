import { urlHost } from '../../control-plane/addresses/addresses.ts'
import { limitsOf } from '../../nginx/limits-of.ts'
import { databaseCommand } from '../database/private-database.ts'
import { demoPublisher } from './demo-publisher.ts'
import type { MachineAddresses } from './machine-addresses.ts'
import type { StateFolders } from './state-folders.ts'

/** One process under the launcher's care, as a unit file would describe it. */
export type Unit = {
  name: string
  command: string[]
  env: Record<string, string>
  /** Sockets that a killed predecessor left behind: nginx would not start over them. */
  staleSockets: string[]
  /** It is up when this accepts connections. */
  ready?: { path: string } | { host: string; port: number } | { url: string }
  /** What the kernel sends it when the launcher dies. An nginx that is killed would leave its workers on the ports. */
  deathSignal: 'TERM' | 'KILL'
  killAfterMs: number
}

export type FleetPlan = {
  /** Of the checkout. */
  root: string
  /** The Node that runs the launcher. */
  node: string
  nodes: number
  demo: boolean
  lan: boolean
  addresses: MachineAddresses
  folders: StateFolders
  /** Somebody else's database and broker, instead of ours. */
  databaseUrl?: string | undefined
  mqttUrl?: string | undefined
  /** SMTP_URL and MAIL_FROM, with which alerts are mailed. There may be a password in it: the control plane alone is told. */
  mail?: Record<string, string> | undefined
  /** Whose X-Forwarded-For the nodes believe. */
  trustedProxies: string[]
  /** Where nodes find the control plane; on this machine, unless said otherwise. */
  publicUrl?: string | undefined
}

export const PORTS = {
  controlPlane: 9090,
  relay: 8080,
  mqtt: 1883,
  rtmp: 1935,
  playback: 8083,
  cdn: 8084,
}

/** Every unit of a fleet on one machine. In what order they start is start-fleet.ts's matter. */
export function planUnits(plan: FleetPlan): Unit[] {
  return [
    ...(plan.databaseUrl ? [] : [databaseUnit(plan)]),
    controlPlaneUnit(plan),
    nginxUnit('relay', plan.folders.relay, 'relay.conf', { port: PORTS.relay }),
    ...nodeNumbers(plan).flatMap((n) => nodeUnits(plan, n)),
    ...(plan.demo ? [demoUnit(plan)] : []),
  ]
}

/** What the operator's commands need to reach the same fleet. */
export function controlPlaneSettings({ folders, databaseUrl, publicUrl }: FleetPlan) {
  return {
    DATABASE_URL:
      databaseUrl ??
      `mysql://root@localhost/sixcast?socketPath=${encodeURIComponent(folders.databaseSocket)}`,
    PUBLIC_URL: publicUrl ?? `http://127.0.0.1:${PORTS.controlPlane}`,
  }
}

export const nodeNumbers = ({ nodes }: { nodes: number }) => Array.from({ length: nodes }, (_, at) => at + 1)

/** Node N of a one-machine fleet has an address of its own, so that the ports are the same everywhere. */
function nodeListens({ lan, addresses }: Pick<FleetPlan, 'lan' | 'addresses'>, n: number): string[] {
  return n === 1 ? publicListens({ lan, addresses }) : [`127.0.0.${n}`]
}

function publicListens({ lan, addresses }: Pick<FleetPlan, 'lan' | 'addresses'>): string[] {
  return [...loopbackListens(addresses), ...(lan ? addresses.lan : [])]
}

function loopbackListens({ hasIpv6Loopback }: MachineAddresses): string[] {
  return ['127.0.0.1', ...(hasIpv6Loopback ? ['::1'] : [])]
}

function databaseUnit({ folders }: FleetPlan): Unit {
  return {
    name: 'database',
    command: databaseCommand({ dataFolder: folders.database, socket: folders.databaseSocket }),
    env: {},
    staleSockets: [folders.databaseSocket],
    ready: { path: folders.databaseSocket },
    deathSignal: 'TERM',
    killAfterMs: 2000,
  }
}

function controlPlaneUnit(plan: FleetPlan): Unit {
  return {
    name: 'control-plane',
    command: [plan.node, `${plan.root}/control-plane/main.ts`],
    env: {
      ...controlPlaneSettings(plan),
      ...(plan.mqttUrl ? { MQTT_URL: plan.mqttUrl } : {}),
      ...plan.mail,
      NODE_COMPILE_CACHE: plan.folders.compileCache,
      NODE_OPTIONS: SWEPT_SELDOM,
      PORT: String(PORTS.controlPlane),
      BIND: loopbackListens(plan.addresses).join(','), // the nodes are all on this machine, also with --lan
      ...viewerBind(plan),
      MQTT_PORT: String(PORTS.mqtt),
      RELAY_PORT: String(PORTS.relay),
    },
    staleSockets: [],
    ready: { url: `http://127.0.0.1:${PORTS.controlPlane}/health` },
    deathSignal: 'KILL',
    killAfterMs: 1000,
  }
}

/**
 * What nodes say is kept for a part of a second, and by then a large fleet has said much else: swept later, most of it is gone and
 * is not moved among what stays. A small fleet never fills so much.
 */
export const SWEPT_SELDOM = '--max-semi-space-size=64'

/**
 * Of what passes through a node, frames above all, little is kept. Swept when two megabytes have gathered, that costs next to
 * nothing; left lying for longer, it has Node look through all that it remembers, every few seconds, on every core.
 */
const SWEPT_OFTEN = '--max-semi-space-size=2'

const viewerBind = ({ lan, addresses }: FleetPlan) =>
  lan && addresses.lan.length > 0 ? { VIEWER_BIND: addresses.lan.join(',') } : undefined

function nodeUnits(plan: FleetPlan, n: number): Unit[] {
  const folders = plan.folders.node(n)
  const host = `127.0.0.${n}`
  const node = {
    RUNTIME_DIRECTORY: folders.run,
    NODE_COMPILE_CACHE: plan.folders.compileCache,
    NODE_OPTIONS: SWEPT_OFTEN,
  }
  const script = (name: string, state: string, env: Record<string, string>) => ({
    name: `node-${n}-${name}`,
    command: [plan.node, `${plan.root}/appliance/${name}/main.ts`],
    env: { ...node, STATE_DIRECTORY: state, ...env },
    deathSignal: 'KILL' as const,
    killAfterMs: 1500,
  })
  return [
    {
      ...nginxUnit(`node-${n}-rtmp`, folders.nginx, 'node-rtmp.conf', { host, port: PORTS.rtmp }),
      staleSockets: [folders.rtmpSocket],
    },
    nginxUnit(`node-${n}-nginx`, folders.nginx, 'node-http.conf', { host, port: PORTS.playback }),
    {
      ...script('media', folders.media, {
        LIVE_DIRECTORY: folders.live,
        RTMP_URL: `rtmp://${host}:${PORTS.rtmp}/stream`,
      }),
      staleSockets: [folders.mediaSocket],
      ready: { path: folders.mediaSocket },
    },
    {
      ...script('agent', folders.agent, {
        CLAIMED_ADDRESS: host,
        NODE_NAME: `node-${n}`,
        PLAYBACK_PORT: String(PORTS.playback),
        CDN_PORT: String(PORTS.cdn),
        RTMP_PORT: String(PORTS.rtmp),
        CLAIM_FILE: folders.claim,
        LOG_FILES: ['agent', 'media', 'nginx', 'rtmp']
          .map((unit) => `${plan.folders.logs}/node-${n}-${unit}.log`)
          .join(','),
      }),
      staleSockets: [folders.agentSocket],
      ready: { path: folders.agentSocket },
    },
  ]
}

function nginxUnit(name: string, prefix: string, config: string, at: { host?: string; port: number }): Unit {
  return {
    name,
    command: [...limitsOf(config), 'nginx', '-e', 'stderr', '-p', `${prefix}/`, '-c', `${prefix}/${config}`],
    env: {},
    staleSockets: [],
    ready: { host: at.host ?? '127.0.0.1', port: at.port },
    deathSignal: 'TERM',
    killAfterMs: 1000,
  }
}

function demoUnit({ folders }: FleetPlan): Unit {
  return {
    name: 'demo',
    command: demoPublisher({ server: `rtmp://127.0.0.1:${PORTS.rtmp}/stream`, keyFile: folders.demoKey }),
    env: {},
    staleSockets: [],
    deathSignal: 'KILL',
    killAfterMs: 500,
  }
}

/** Every port the fleet will take, for the check before the start. */
export function planEndpoints(plan: FleetPlan) {
  const at = (addresses: string[], port: number, what: string) =>
    addresses.map((address) => ({ address, port, what }))
  return [
    ...at(publicListens(plan), PORTS.controlPlane, 'control plane'),
    ...(plan.mqttUrl ? [] : at(loopbackListens(plan.addresses), PORTS.mqtt, 'MQTT')),
    ...at(publicListens(plan), PORTS.relay, 'relay'),
    ...nodeNumbers(plan).flatMap((n) => [
      ...at(nodeListens(plan, n), PORTS.rtmp, `RTMP of node ${n}`),
      ...at(nodeListens(plan, n), PORTS.playback, `playback of node ${n}`),
      ...at(nodeListens(plan, n), PORTS.cdn, `CDN endpoint of node ${n}`),
    ]),
  ]
}

/** The nginx configurations of the fleet: which template, where to, with which values. */
export function planConfigs(plan: FleetPlan, user: string[]) {
  const { folders } = plan
  const common = { user, listen: publicListens(plan).map(urlHost) }
  return [
    {
      template: 'relay.conf',
      folder: folders.relay,
      values: {
        ...common,
        workers: 1,
        relay_port: PORTS.relay,
        control_plane: `127.0.0.1:${PORTS.controlPlane}`,
        lookup: folders.lookup,
        problems: folders.problems,
      },
    },
    ...nodeNumbers(plan).flatMap((n) => {
      const node = folders.node(n)
      const listen = nodeListens(plan, n).map(urlHost)
      return [
        {
          template: 'node-rtmp.conf',
          folder: node.nginx,
          values: {
            user,
            listen,
            rtmp_port: PORTS.rtmp,
            runtime_directory: node.run,
            rtmp_socket: node.rtmpSocket,
          },
        },
        {
          template: 'node-http.conf',
          folder: node.nginx,
          values: {
            user,
            listen,
            proxies: plan.trustedProxies,
            workers: 1,
            playback_port: PORTS.playback,
            cdn_port: PORTS.cdn,
            media_socket: node.mediaSocket,
            agent_socket: node.agentSocket,
            live_directory: node.live,
            access_log: `${node.run}/viewers.log`,
            live: folders.live,
            problems: folders.problems,
          },
        },
      ]
    }),
  ]
}
