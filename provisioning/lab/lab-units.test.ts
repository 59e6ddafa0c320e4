import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { stateFolders } from '../launcher/state-folders.ts'
import type { FleetPlan } from '../launcher/unit-plan.ts'
import { labConfigs, labUnits, PUBLIC_URL } from './lab-units.ts'
import { CLOUD } from './topology.ts'
import { unitNames } from './verbs.ts'

const plan: FleetPlan = {
  root: resolve(import.meta.dirname, '../..'),
  node: '/usr/bin/node',
  nodes: 2,
  demo: false,
  lan: true,
  addresses: { hasIpv6Loopback: true, lan: [CLOUD.ipv6, CLOUD.ipv4] },
  folders: stateFolders('/state', '/run/sixcast'),
  publicUrl: PUBLIC_URL,
  trustedProxies: [],
}
const units = labUnits(plan)
const unit = (name: string) => units.find((each) => each.name === name)
const listens = (template: string) =>
  labConfigs(plan, []).flatMap((config) => (config.template === template ? [config.values.listen] : []))

test('every unit runs at its place; the routers are in the middle', () => {
  const placeOf = (command: string[]) => /^nsenter --net=\/run\/netns\/(\S+) -- /.exec(command.join(' '))?.[1]
  expect(units.map(({ name, command }) => [name, placeOf(command)])).toEqual([
    ['routers', undefined],
    ...['database', 'control-plane', 'relay'].map((name) => [name, 'cloud']),
    ...[1, 2].flatMap((n) =>
      ['rtmp', 'nginx', 'media', 'agent'].map((name) => [`node-${n}-${name}`, `node-${n}`]),
    ),
    ...[1, 2].flatMap((n) => [
      [`node-${n}-encoder`, `node-${n}`],
      [`node-${n}-impostor`, `impostor-${n}`],
      [`node-${n}-clone`, `clone-${n}`],
    ]),
  ])
})

test('what a verb can name is there', () => {
  const names = [unitNames('cloud'), unitNames(1), unitNames(2)].flat()
  expect(names.toSorted()).toEqual(
    units
      .map(({ name }) => name)
      .filter((name) => !/^routers$|-impostor$|-clone$/.test(name))
      .toSorted(),
  )
})

test('the control plane listens for nodes and viewers of both families, and says where it is', () => {
  const { env } = unit('control-plane') ?? {}
  expect(env).toMatchObject({
    BIND: '127.0.0.1,2a10:0:c::1,45.66.0.1',
    PUBLIC_URL: 'http://[2a10:0:c::1]:9090',
  })
  expect(env).not.toHaveProperty('VIEWER_BIND')
})

test('a node finds out by itself which address it has', () => {
  expect(unit('node-1-agent')?.env).not.toHaveProperty('CLAIMED_ADDRESS')
})

test('a copy of a node is the same agent with folders of its own', () => {
  const [agent, clone] = [unit('node-2-agent')?.env, unit('node-2-clone')?.env]
  expect(clone).toEqual({
    ...agent,
    STATE_DIRECTORY: '/state/node-2/clone',
    RUNTIME_DIRECTORY: '/run/sixcast/node-2/clone',
  })
})

test('a node listens on whatever addresses it will have, the relay on those of the cloud', () => {
  expect(listens('node-http.conf')).toEqual([
    ['[::]', '0.0.0.0'],
    ['[::]', '0.0.0.0'],
  ])
  expect(listens('node-rtmp.conf')).toEqual([['[::]'], ['[::]']])
  expect(listens('relay.conf')).toEqual([['127.0.0.1', '[::1]', '[2a10:0:c::1]', '45.66.0.1']])
})

test('whether a unit is up is asked across namespaces', () => {
  expect(unit('node-2-nginx')?.ready).toEqual({ host: 'fe80::ff:fe00:280%to-node-2', port: 8083 })
  expect(unit('node-2-media')?.ready).toEqual({ path: '/run/sixcast/node-2/media.sock' })
  expect(unit('relay')?.ready).toEqual({ host: '2a10:0:c::1', port: 8080 })
  expect(unit('control-plane')?.ready).toEqual({ url: 'http://[2a10:0:c::1]:9090/health' })
})
