import { join } from 'node:path'
import { expect, test } from 'vitest'
import { refusedStart } from '../tests/setup/refused-start.ts'
import { readConfig } from './config.ts'

const env = { DATABASE_URL: 'mysql://root@localhost/sixcast' }

test('a wrong setting is named by the process in one line without a stack', async () => {
  const main = join(import.meta.dirname, 'main.ts')
  const { code, stderr, lines } = await refusedStart(main, { ...env, HEARTBEAT_SECONDS: 'abc' })
  expect([code, stderr]).toEqual([1, ''])
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      level: 'error',
      unit: 'control-plane',
      event: 'the control plane could not start',
      cause: 'A setting is wrong: HEARTBEAT_SECONDS must be a number.',
    },
  ])
}, 30_000)

test('names the setting that is wrong', () => {
  expect(() => readConfig({ ...env, PORT: 'eighty' })).toThrow(/PORT/)
  expect(() => readConfig({})).toThrow(/DATABASE_URL/)
  expect(() => readConfig({ DATABASE_URL: 'mysql://root@localhost/' })).toThrow(/names? a database/)
  expect(() => readConfig({ ...env, BIND: 'here' })).toThrow(/BIND/)
})

test.each([
  ['a node beats every half minute, and its lease outlives two beats', {}, 30, 75],
  ['who sets the beat alone gets the lease that goes with it', { HEARTBEAT_SECONDS: '4' }, 4, 10],
  ['a longer lease is as good', { HEARTBEAT_SECONDS: '10', LEASE_SECONDS: '60' }, 10, 60],
])('%s', (_, more, heartbeatSeconds, leaseSeconds) => {
  expect(readConfig({ ...env, ...more }).rhythm).toEqual({ heartbeatSeconds, leaseSeconds })
})

test.each([
  [
    'a lease that one lost beat would end',
    { LEASE_SECONDS: '74' },
    /LEASE_SECONDS: at least 2.5 times HEARTBEAT/,
  ],
  ['a storm of beats', { HEARTBEAT_SECONDS: '0.5' }, /HEARTBEAT_SECONDS/],
  ['beats that no node would wait for so long', { HEARTBEAT_SECONDS: '301' }, /HEARTBEAT_SECONDS/],
  ['a lease for ever', { LEASE_SECONDS: '3601' }, /LEASE_SECONDS/],
])('%s is refused', (_, more, words) => {
  expect(() => readConfig({ ...env, ...more })).toThrow(words)
})

test('places outside that tell whether the prober is cut off are addresses with ports', () => {
  const read = (PROBE_CONTROLS: string) => readConfig({ ...env, PROBE_CONTROLS }).probeControls
  expect(read('[2001:db8::1]:443, 192.0.2.1:53')).toEqual([
    { address: '2001:db8::1', port: 443 },
    { address: '192.0.2.1', port: 53 },
  ])
  expect(readConfig(env).probeControls).toEqual([])
  for (const wrong of ['example.org:443', '192.0.2.1', '[2001:db8::1]:0'])
    expect(() => read(wrong)).toThrow(/PROBE_CONTROLS: a comma list/)
})

test.each([
  ['the embedded broker', {}, 'mqtt://127.0.0.1:1883'],
  [
    'the embedded broker of a public control plane',
    { PUBLIC_URL: 'http://[2a02::1]:9090/' },
    'mqtt://[2a02::1]:1883',
  ],
  [
    'a broker of their own, without our password',
    { MQTT_URL: 'mqtts://us:secret@broker:8883' },
    'mqtts://broker:8883',
  ],
  ['what they are told', { MQTT_URL: 'mqtt://inside', MQTT_PUBLIC_URL: 'mqtt://outside' }, 'mqtt://outside'],
])('nodes are sent to %s', (_, more, url) => {
  expect(readConfig({ ...env, ...more }).mqtt.publicUrl).toBe(url)
})

test('the proxies that are believed are addresses and prefixes, and none unless they are named', () => {
  expect(readConfig(env).trustedProxies).toEqual([])
  expect(readConfig({ ...env, TRUSTED_PROXIES: '::1, 10.0.0.0/8' }).trustedProxies).toEqual([
    '::1',
    '10.0.0.0/8',
  ])
  expect(() => readConfig({ ...env, TRUSTED_PROXIES: 'proxy' })).toThrow(/TRUSTED_PROXIES: a comma list/)
})

test('loopback is probed only while all of the control plane is on loopback', () => {
  expect(readConfig(env).probe.loopback).toBe(true)
  expect(readConfig({ ...env, VIEWER_BIND: '192.0.2.1' }).probe.loopback).toBe(true)
  expect(readConfig({ ...env, BIND: '127.0.0.1,192.0.2.1' }).probe.loopback).toBe(false)
})

test('viewers are sent to the ports of a CDN endpoint, or to those that are named', () => {
  expect(readConfig(env)).toMatchObject({
    cdnPorts: [80, 443, 8084],
    probe: { ports: [80, 443, 8083, 8084] },
  })
  expect(readConfig({ ...env, CDN_PORTS: '8084, 9000' }).cdnPorts).toEqual([8084, 9000])
  const named = readConfig({ ...env, PROBE_PORTS: '8083', CDN_PORTS: '8084' })
  expect(named.probe.ports, 'where viewers are sent is probed, whatever was set before').toEqual([8083, 8084])
  expect(() => readConfig({ ...env, CDN_PORTS: '8084,none' })).toThrow(/CDN_PORTS/)
})

test('alerts go by the mail server that is named, and come from somebody', () => {
  const mail = { SMTP_URL: 'smtps://us:secret@mail.example:465', MAIL_FROM: 'Sixcast <alerts@fleet.example>' }
  expect(readConfig(env).mailServer).toBeUndefined()
  expect(readConfig({ ...env, ...mail }).mailServer).toEqual({ url: mail.SMTP_URL, from: mail.MAIL_FROM })
  for (const [changes, words] of [
    [{ SMTP_URL: 'http://mail.example' }, /SMTP_URL: must begin with smtp/],
    [{ MAIL_FROM: 'nobody' }, /MAIL_FROM: a mail address/],
    [{ MAIL_FROM: undefined }, /MAIL_FROM: the address that alerts come from/],
    [{ SMTP_URL: undefined }, /MAIL_FROM: .*only with it/],
  ] as const)
    expect(() => readConfig({ ...env, ...mail, ...changes })).toThrow(words)
})
