import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { postFrom, wholeAnswer } from './post-from.ts'

const server = async (answer: RequestListener) => {
  const listening = createServer(answer).listen(0, '127.0.0.1')
  await once(listening, 'listening')
  onTestFinished(() => {
    listening.close()
    listening.closeAllConnections()
  })
  const { port } = listening.address() as AddressInfo
  return (from: string) =>
    postFrom({
      from,
      to: { hostname: '127.0.0.1', port },
      path: '/here',
      headers: { 'sixcast-number': '7' },
      body: '{"a":1}',
      timeoutMs: 1000,
    })
}

test('what is posted arrives whole, from the address that was asked for', async () => {
  const post = await server(async (asked, out) => {
    const body = (await asked.toArray()).join('')
    const number = asked.headers['sixcast-number']
    out.end(`${asked.method} ${asked.url} ${asked.socket.remoteAddress} ${number} ${body}`)
  })
  expect(await post('127.16.1.2')).toEqual({ status: 200, body: 'POST /here 127.16.1.2 7 {"a":1}' })
})

test('no answer is a failure, and so is a hang-up', async () => {
  const silent = await server(() => {})
  await expect(silent('127.0.0.1')).rejects.toThrow('no answer in time')
  const rude = await server((asked) => void asked.socket.destroy())
  await expect(rude('127.0.0.1')).rejects.toThrow()
})

test.each([
  ['HTTP/1.1 200 OK\r\ncontent-le'],
  ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n1234'],
  ['HTTP/1.1 200 OK\r\n\r\n'],
])('%j is not all of an answer', (text) => {
  expect(wholeAnswer(text)).toBeUndefined()
})
