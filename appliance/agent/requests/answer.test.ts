import { Agent } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import * as z from 'zod'
import { ask } from './answer.ts'

test.each([
  ['takes longer than one waits', 20, undefined],
  ['is given up', 60_000, AbortSignal.abort(new Error('given up'))],
])('a question that %s ends then, connected or not', async (_, timeoutMs, signal) => {
  const dispatcher = new Agent({ connect: () => {} }) // goes on connecting for ever
  onTestFinished(() => void dispatcher.destroy())
  const question = {
    url: new URL('http://127.0.0.1:1/'),
    method: 'GET',
    timeoutMs,
    signal,
    dispatcher,
  } as const
  const { kind } = await ask(question, z.unknown())
  expect(kind).toBe('away')
})

test('a question that is given up while it connects ends then', async () => {
  const giving = new AbortController()
  const dispatcher = new Agent({ connect: () => giving.abort() })
  onTestFinished(() => void dispatcher.destroy())
  const url = new URL('http://127.0.0.1:1/')
  const answer = ask(
    { url, method: 'GET', timeoutMs: 60_000, signal: giving.signal, dispatcher },
    z.unknown(),
  )
  expect((await answer).kind).toBe('away')
})
