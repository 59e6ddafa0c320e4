import { demoPublisher } from '../launcher/demo-publisher.ts'
import type { StateFolders } from '../launcher/state-folders.ts'
import {
  type FleetPlan,
  nodeNumbers,
  PORTS,
  planConfigs,
  planUnits,
  type Unit,
} from '../launcher/unit-plan.ts'
import { guestName } from './guests.ts'
import { isIpv6Only, orderedAddress, type SiteKind } from './sites.ts'
import { CLOUD, CLOUD_NAME, inPlace, nodeLinkAddress, nodeName } from './topology.ts'

/** Where the control plane is, and where nodes find it that may have no IPv6. */
export const PUBLIC_URL = `http://[${CLOUD.ipv6}]:${PORTS.controlPlane}`
export const publicUrl = (kinds: SiteKind[]) =>
  kinds.every(isIpv6Only) ? PUBLIC_URL : `http://${CLOUD_NAME}:${PORTS.controlPlane}`
export const routerFile = ({ run }: StateFolders) => `${run}/radvd.conf`
export const cameraName = (n: number) => `camera-${n}`
/** Tells an encoder which stream to publish. */
export const cameraFile = ({ run }: StateFolders, n: number) => `${run}/${cameraName(n)}.publish`

/** The launcher's units, each at its place; the routers' announcements; and an encoder at each site. */
export function labUnits(plan: FleetPlan, kinds: SiteKind[] = []): Unit[] {
  return [
    routerUnit(plan),
    ...planUnits(plan).map((unit) => atItsPlace(unit, kinds)),
    ...nodeNumbers(plan).flatMap((n) => [encoderUnit(plan, n), impostorUnit(plan, n), cloneUnit(plan, n)]),
  ]
}

/** The launcher's configurations. Nodes listen on whatever addresses they will have. */
export function labConfigs(plan: FleetPlan, user: string[]) {
  return planConfigs(plan, user).map((config) => ({
    ...config,
    values: { ...config.values, ...listening(config.template) },
  }))
}

function listening(template: string) {
  if (template === 'node-http.conf') return { listen: ['[::]', '0.0.0.0'] }
  return template === 'node-rtmp.conf' ? { listen: ['[::]'] } : {} // there that means IPv4 as well
}

function atItsPlace(unit: Unit, kinds: SiteKind[]): Unit {
  const n = /^node-(\d)-/.exec(unit.name)?.[1]
  return n ? atNode(unit, Number(n), kinds[Number(n) - 1] ?? 'own') : atCloud(unit)
}

function atCloud(unit: Unit): Unit {
  const placed = { ...unit, command: inPlace(CLOUD.name, unit.command) }
  if (unit.name !== 'control-plane') return { ...placed, ...hostReady(unit, CLOUD.ipv6) }
  const { VIEWER_BIND: _, ...env } = unit.env
  return {
    ...placed,
    env: { ...env, BIND: ['127.0.0.1', CLOUD.ipv6, CLOUD.ipv4].join(',') },
    ready: { url: `${PUBLIC_URL}/health` },
  }
}

function atNode(unit: Unit, n: number, kind: SiteKind): Unit {
  const { CLAIMED_ADDRESS, ...env } = unit.env
  const ordered = CLAIMED_ADDRESS && orderedAddress(n, kind) // else it finds that out by itself
  return {
    ...unit,
    env: { ...env, ...(ordered && { CLAIMED_ADDRESS: ordered }) },
    command: inPlace(nodeName(n), unit.command),
    ...hostReady(unit, nodeLinkAddress(n)),
  }
}

/** Sockets cross namespaces, ports do not. */
function hostReady({ ready }: Unit, host: string): Pick<Unit, 'ready'> {
  return ready && 'port' in ready ? { ready: { host, port: ready.port } } : {}
}

function routerUnit({ folders }: FleetPlan): Unit {
  const file = routerFile(folders)
  return {
    name: 'routers',
    command: ['radvd', '--nodaemon', '--config', file, '--pidfile', `${file}.pid`, '--logmethod', 'stderr'],
    env: {},
    staleSockets: [],
    deathSignal: 'KILL',
    killAfterMs: 500,
  }
}

function encoderUnit({ folders }: FleetPlan, n: number): Unit {
  const server = `rtmp://127.0.0.1:${PORTS.rtmp}/stream`
  return {
    name: `${nodeName(n)}-encoder`,
    command: inPlace(nodeName(n), demoPublisher({ server, keyFile: cameraFile(folders, n) })),
    env: {},
    staleSockets: [],
    deathSignal: 'KILL',
    killAfterMs: 500,
  }
}

/** What has a node's address now. */
function impostorUnit({ node }: FleetPlan, n: number): Unit {
  return {
    name: `${nodeName(n)}-impostor`,
    command: inPlace(guestName('impostor', n), [node, `${import.meta.dirname}/answer-as-impostor.ts`]),
    env: {},
    staleSockets: [],
    deathSignal: 'KILL',
    killAfterMs: 500,
  }
}

/** Where a copy of a node keeps what was on the card. */
export const cloneFolder = ({ state }: StateFolders, n: number) => `${state}/node-${n}/clone`

/** Another machine that starts with a copy of the card of a node: its agent is what the fleet hears of. */
function cloneUnit(plan: FleetPlan, n: number): Unit {
  const agent = planUnits(plan).find(({ name }) => name === `${nodeName(n)}-agent`)
  if (!agent) throw new Error(`there is no agent of node ${n}`)
  const { CLAIMED_ADDRESS: _, ...env } = agent.env
  const { ready: __, ...unit } = agent
  return {
    ...unit,
    name: `${nodeName(n)}-clone`,
    command: inPlace(guestName('clone', n), agent.command),
    env: {
      ...env,
      STATE_DIRECTORY: cloneFolder(plan.folders, n),
      RUNTIME_DIRECTORY: `${plan.folders.node(n).run}/clone`,
    },
    staleSockets: [],
  }
}
