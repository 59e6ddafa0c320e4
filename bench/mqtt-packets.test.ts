import { expect, test } from 'vitest'
import { connectPacket, isWelcome, publishPacket, subscribePacket } from './mqtt-packets.ts'

const will = { topic: 'w', payload: 'gone' }
const bytes = (...parts: (number | string)[]) =>
  Buffer.concat(parts.map((part) => Buffer.from(typeof part === 'string' ? part : [part])))

test('a connection is asked for with name, password and last will, as MQTT 3.1.1 spells it', () => {
  const asked = connectPacket({
    clientId: 'c',
    username: 'user',
    password: 'pw',
    will,
    keepAliveSeconds: 300,
  })
  expect(asked).toEqual(
    bytes(
      0x10,
      32,
      0,
      4,
      'MQTT',
      4,
      0xc6,
      1,
      44,
      0,
      1,
      'c',
      0,
      1,
      'w',
      0,
      4,
      'gone',
      0,
      4,
      'user',
      0,
      2,
      'pw',
    ),
  )
})

test('what is published and subscribed to carries its length in sevens of bits', () => {
  expect(publishPacket('t', 'hi')).toEqual(bytes(0x30, 5, 0, 1, 't', 'hi'))
  expect(publishPacket('t', 'hi', { retain: true })[0]).toBe(0x31)
  const long = publishPacket('t', 'x'.repeat(317))
  expect([long[1], long[2], long.length]).toEqual([0xc0, 0x02, 323])
  expect(subscribePacket('t')).toEqual(bytes(0x82, 6, 0, 1, 0, 1, 't', 0))
})

test.each([
  [[0x20, 2, 0, 0], true],
  [[0x20, 2, 0, 5], false],
  [[0x20, 2], false],
])('the answer %j is a welcome: %s', (answer, welcome) => {
  expect(isWelcome(Buffer.from(answer))).toBe(welcome)
})
