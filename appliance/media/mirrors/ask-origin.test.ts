import { once } from 'node:events'
import { createServer } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { askOrigin } from './ask-origin.ts'

test('another node is asked from the claimed address, from the next one at once, and from any where it is of the other family', async () => {
  const server = createServer((asked, answer) => answer.end(asked.socket.remoteAddress))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  let claimed: string | undefined = '127.0.0.21'
  const origin = askOrigin(`127.0.0.1:${typeof address === 'object' ? address?.port : 0}`, () => claimed)
  onTestFinished(() => origin.close())
  const source = async () => String((await origin.get('/', { mostBytes: 100 })).body)
  expect(await source()).toBe('127.0.0.21')
  claimed = '127.0.0.22'
  expect(await source()).toBe('127.0.0.22')
  claimed = '2a01:4f8::1'
  expect(await source()).toBe('127.0.0.1')
  claimed = undefined
  expect(await source()).toBe('127.0.0.1')
})
