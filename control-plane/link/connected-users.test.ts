import { expect, test } from 'vitest'
import { connectedUsers } from './connected-users.ts'

test('connections are found by their user until they end, others of the same user stay', () => {
  const connected = connectedUsers<string>()
  connected.add('first', 'a')
  connected.add('second', 'a')
  connected.add('third', 'b')
  expect(connected.clientsOf('a')).toEqual(['first', 'second'])
  connected.remove('first')
  connected.remove('first')
  expect(connected.clientsOf('a')).toEqual(['second'])
  expect([connected.userOf('first'), connected.userOf('second')]).toEqual([undefined, 'a'])
  connected.remove('second')
  expect(connected.clientsOf('a')).toEqual([])
  expect(connected.clientsOf('b')).toEqual(['third'])
})

test('a connection that comes again under another name is no longer the first one’s', () => {
  const connected = connectedUsers<string>()
  connected.add('one', 'a')
  connected.add('one', 'b')
  expect([connected.clientsOf('a'), connected.clientsOf('b')]).toEqual([[], ['one']])
})
