import { expect, test } from 'vitest'
import { readConfig } from './config.ts'

const env = { DATABASE_URL: 'mysql://root@localhost/sixcast' }

test('names the setting that is wrong', () => {
  expect(() => readConfig({ ...env, PORT: 'eighty' })).toThrow(/PORT/)
  expect(() => readConfig({})).toThrow(/DATABASE_URL/)
  expect(() => readConfig({ ...env, BIND: 'here' })).toThrow(/BIND/)
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

test('loopback is probed only while all of the control plane is on loopback', () => {
  expect(readConfig(env).probe.loopback).toBe(true)
  expect(readConfig({ ...env, VIEWER_BIND: '192.0.2.1' }).probe.loopback).toBe(true)
  expect(readConfig({ ...env, BIND: '127.0.0.1,192.0.2.1' }).probe.loopback).toBe(false)
})
