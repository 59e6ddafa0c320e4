import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { renderConfig } from '../../nginx/render-config.ts'
import { stateFolders } from './state-folders.ts'
import { controlPlaneSettings, type FleetPlan, planConfigs, planEndpoints, planUnits } from './unit-plan.ts'

const root = resolve(import.meta.dirname, '../..')
const plan: FleetPlan = {
  root,
  node: '/usr/bin/node',
  nodes: 1,
  demo: true,
  lan: false,
  addresses: { hasIpv6Loopback: true, lan: ['192.0.2.7', '2001:db8::7'] },
  folders: stateFolders('/state', '/run/sixcast'),
  trustedProxies: [],
}

const names = (changes: Partial<FleetPlan>) => planUnits({ ...plan, ...changes }).map(({ name }) => name)
const unit = (name: string, changes: Partial<FleetPlan> = {}) =>
  planUnits({ ...plan, ...changes }).find((each) => each.name === name)

test('a fleet is a database, a control plane, a relay, four units per node, and the demo', () => {
  expect(names({ nodes: 2 })).toEqual([
    'database',
    'control-plane',
    'relay',
    ...['node-1-rtmp', 'node-1-nginx', 'node-1-media', 'node-1-agent'],
    ...['node-2-rtmp', 'node-2-nginx', 'node-2-media', 'node-2-agent'],
    'demo',
  ])
  expect(names({ demo: false })).not.toContain('demo')
})

test("somebody else's database and broker take the place of ours", () => {
  const outside = { databaseUrl: 'mysql://db/sixcast', mqttUrl: 'mqtt://broker' }
  expect(names(outside)).not.toContain('database')
  expect(unit('control-plane', outside)?.env).toMatchObject({
    DATABASE_URL: 'mysql://db/sixcast',
    MQTT_URL: 'mqtt://broker',
  })
  expect(controlPlaneSettings({ ...plan, ...outside }).DATABASE_URL).toBe('mysql://db/sixcast')
  expect(planEndpoints({ ...plan, ...outside }).some(({ what }) => what === 'MQTT')).toBe(false)
})

test('how mail is sent is told to the control plane, and to nobody else', () => {
  const mail = { SMTP_URL: 'smtp://us:secret@mail.example', MAIL_FROM: 'alerts@fleet.example' }
  expect(unit('control-plane', { mail })?.env).toMatchObject(mail)
  const others = planUnits({ ...plan, mail }).filter(({ name }) => name !== 'control-plane')
  expect(JSON.stringify(others)).not.toContain('secret')
})

test('nodes are told where the control plane is, when that is not this machine', () => {
  expect(controlPlaneSettings(plan).PUBLIC_URL).toBe('http://127.0.0.1:9090')
  const publicUrl = 'http://[2a10::1]:9090'
  expect(controlPlaneSettings({ ...plan, publicUrl }).PUBLIC_URL).toBe(publicUrl)
  expect(unit('control-plane', { publicUrl })?.env.PUBLIC_URL).toBe(publicUrl)
})

test('each node has its own address, folders and sockets, and the same ports', () => {
  expect(unit('node-2-media', { nodes: 2 })?.env).toMatchObject({
    STATE_DIRECTORY: '/state/node-2/media',
    RUNTIME_DIRECTORY: '/run/sixcast/node-2',
    RTMP_URL: 'rtmp://127.0.0.2:1935/stream',
  })
  const endpoints = planEndpoints({ ...plan, nodes: 2 }).filter(({ what }) => what.includes('node 2'))
  expect(endpoints.map(({ address, port }) => `${address}:${port}`)).toEqual([
    '127.0.0.2:1935',
    '127.0.0.2:8083',
    '127.0.0.2:8084',
  ])
})

test("each node's nginx writes its access log where that node's media reads it, and no more than fits", () => {
  const written = planConfigs({ ...plan, nodes: 2, lan: true }, []).flatMap(({ values }) =>
    'access_log' in values ? values.access_log : [],
  )
  const read = [1, 2].map(
    (n) => `${unit(`node-${n}-media`, { nodes: 2, lan: true })?.env.RUNTIME_DIRECTORY}/viewers.log`,
  )
  expect(written).toEqual(read)
  expect(unit('node-1-nginx')?.command.join(' ')).toMatch(
    /^env --ignore-signal=XFSZ prlimit --fsize=\d+ -- nginx/,
  )
})

test('each nginx is started within the limits of its configuration', () => {
  expect(unit('node-1-rtmp')?.command.join(' ')).toMatch(/^prlimit --stack=\d+: -- nginx/)
  expect(unit('relay')?.command[0]).toBe('nginx')
})

test('without --lan nothing but loopback is opened', () => {
  expect(planEndpoints(plan).every(({ address }) => /^127\.|^::1$/.test(address))).toBe(true)
  expect(unit('control-plane')?.env.BIND).toBe('127.0.0.1,::1')
  expect(unit('control-plane')?.env).not.toHaveProperty('VIEWER_BIND')
})

test('with --lan the network gets in to the first node, the relay and the viewers’ pages, and to nothing else', () => {
  const open = planEndpoints({ ...plan, nodes: 2, lan: true }).filter(
    ({ address }) => address === '192.0.2.7',
  )
  expect(open.map(({ port }) => port)).toEqual([9090, 8080, 1935, 8083, 8084])
  expect(unit('control-plane', { lan: true })?.env).toMatchObject({
    BIND: '127.0.0.1,::1',
    VIEWER_BIND: '192.0.2.7,2001:db8::7',
  })
})

test('--lan on a machine without a network is no mistake', () => {
  const addresses = { hasIpv6Loopback: true, lan: [] }
  expect(unit('control-plane', { lan: true, addresses })?.env).not.toHaveProperty('VIEWER_BIND')
})

test('a machine without IPv6 is not asked for it', () => {
  const addresses = { hasIpv6Loopback: false, lan: [] }
  expect(planEndpoints({ ...plan, addresses }).every(({ address }) => !address.includes(':'))).toBe(true)
})

test('an nginx is ended politely even by the death of the launcher, or its workers would stay', () => {
  for (const { command, deathSignal } of planUnits(plan))
    if (command.includes('nginx')) expect(deathSignal).toBe('TERM')
})

test('wherever the checkout lies, no nginx has to read its path', () => {
  for (const { values } of planConfigs({ ...plan, root: "/home/j/it's {mine}; (1)" }, []))
    expect(JSON.stringify(values)).not.toContain('mine')
})

test('a socket in a folder with a space or & is still found by its URL', () => {
  const folders = stateFolders('/state', '/home/R & D/run')
  const url = new URL(controlPlaneSettings({ ...plan, folders }).DATABASE_URL)
  expect(url.searchParams.get('socketPath')).toBe('/home/R & D/run/database.sock')
})

test('the proxies that are believed are told to every node', () => {
  const lists = planConfigs({ ...plan, nodes: 2, trustedProxies: ['10.0.0.0/8'] }, []).flatMap(
    ({ values }) => ('proxies' in values ? [values.proxies] : []),
  )
  expect(lists).toEqual([['10.0.0.0/8'], ['10.0.0.0/8']])
})

test('every configuration can be rendered and listens where the plan says', () => {
  const rendered = planConfigs({ ...plan, lan: true }, ['root']).map(({ template, values }) =>
    renderConfig(readFileSync(`${root}/nginx/${template}`, 'utf8'), values),
  )
  expect(rendered).toHaveLength(3)
  expect(rendered[2]).toContain('listen [2001:db8::7]:8083;')
  expect(rendered[2]).toContain('user root;')
})
