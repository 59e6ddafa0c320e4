import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../../tests/setup/free-port.ts'
import { askControls } from './ask-controls.ts'

/** That is everybody at once, and no one to connect to. */
const NOWHERE = { address: '255.255.255.255', port: 443 }

test('one that takes the connection or refuses it has been reached, and one is enough', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  const taking = { address: '127.0.0.1', port: typeof address === 'object' ? (address?.port ?? 0) : 0 }
  const refusing = { address: '127.0.0.1', port: await freePort() }
  expect(await askControls([taking])(4)).toBe(true)
  expect(await askControls([refusing])(4)).toBe(true)
  expect(await askControls([NOWHERE, refusing])(4)).toBe(true)
  expect(await askControls([NOWHERE])(4)).toBe(false)
})

test('where nobody of the family is named nothing is known', () => {
  expect(askControls([NOWHERE])(6)).toBeUndefined()
})

test('a whole fleet that falls asks once', async () => {
  const clock = { now: 0 }
  const ask = askControls([NOWHERE], () => clock.now)
  const first = ask(4)
  clock.now = 4999
  expect(ask(4)).toBe(first)
  clock.now = 5000
  expect(ask(4)).not.toBe(first)
  expect(await ask(4)).toBe(false)
})
