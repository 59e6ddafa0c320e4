import { once } from 'node:events'
import { createServer } from 'node:http'
import { request } from 'undici'
import { expect, onTestFinished, test, vi } from 'vitest'
import { claimedSource } from './claimed-source.ts'

test('connections leave from the claimed address, and from the next one as soon as it is another', async () => {
  const url = await tellSource()
  let claimed: string | undefined = '127.0.0.21'
  const seen = seenThrough(() => claimed, url)
  expect(await seen.ask()).toBe('127.0.0.21')
  claimed = '127.0.0.22'
  expect(await seen.ask()).toBe('127.0.0.22')
  claimed = undefined
  expect(await seen.ask()).toBe('127.0.0.1')
})

test.each([
  ['of the other family', '::1'],
  ['that this machine does not have', '2a01:4f8::dead'],
  ['of a router before it', '45.66.1.1'],
])('a claimed address %s does not silence the node', async (_, address) => {
  const url = await tellSource()
  const seen = seenThrough(() => address, url)
  expect(await seen.ask()).toBe('127.0.0.1')
})

test('where the claimed address leads nowhere the node goes out from another of its own that does, and says which', async () => {
  const url = await tellSource()
  const instead = vi.fn()
  const others = () => ['2a01:4f8::beef', '127.0.0.22']
  const source = claimedSource({ claimed: () => '2a01:4f8::dead', others, instead })
  onTestFinished(() => source.close())
  const { body } = await request(url, { dispatcher: source.dispatcher() })
  expect(await body.text()).toBe('127.0.0.22')
  expect(instead.mock.calls).toEqual([['127.0.0.22']])
})

test('after it could not be used, the claimed address is tried again; connections that come from it are kept', async () => {
  const url = await tellSource()
  for (const [address, isKept] of [
    ['2a01:4f8::dead', false],
    ['127.0.0.21', true],
  ] as const) {
    const { source, ask } = seenThrough(() => address, url)
    await ask()
    const before = source.dispatcher()
    source.retry()
    expect(source.dispatcher() === before).toBe(isKept)
  }
})

test('when addresses have changed nothing goes over a connection from before', async () => {
  const url = await tellSource()
  const instead = vi.fn()
  const source = claimedSource({ claimed: () => '127.0.0.21', others: () => ['127.0.0.22'], instead })
  onTestFinished(() => source.close())
  const ask = async () => (await request(url, { dispatcher: source.dispatcher() })).body.text()
  await ask()
  const before = source.dispatcher()
  source.addressesChanged()
  expect(source.dispatcher()).not.toBe(before)
  expect(await ask()).toBe('127.0.0.21')
  expect(instead).not.toHaveBeenCalled()
})

test('who waits for an answer in vain when addresses have changed is told so within a second or two', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  onTestFinished(() => void silent.close().closeAllConnections())
  const address = silent.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  const { source, ask } = seenThrough(() => '127.0.0.21', url)
  const answer = ask()
  source.addressesChanged()
  await expect(answer).rejects.toThrow(/destroyed/)
})

function seenThrough(claimed: () => string | undefined, url: string) {
  const source = claimedSource({ claimed })
  onTestFinished(() => source.close())
  return {
    source,
    ask: async () => (await request(url, { dispatcher: source.dispatcher() })).body.text(),
  }
}

/** Answers with the address it was asked from. */
async function tellSource(): Promise<string> {
  const server = createServer((asked, answer) => answer.end(asked.socket.remoteAddress))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
}
