import { CannotStart } from '@sixcast/shared/runtime/cannot-start.ts'
import { expect, test, vi } from 'vitest'
import { startThread } from './start-thread.ts'

const program = (text: string) =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`import { parentPort } from 'node:worker_threads'\n${text}`)}`,
  )
const ready = 'parentPort.postMessage({ ready: true })'
const answering = "parentPort.on('message', ({ id }) => parentPort.postMessage({ done: id }))"

test('it does what it is asked, says what it hears, and ends when it is told to', async () => {
  const [died, heard] = [vi.fn(), vi.fn()]
  const news = "parentPort.postMessage({ newsOf: 'a' })"
  const thread = startThread(program([ready, answering, news].join('\n')), {}, { died, heard })
  await thread.ready
  await thread.ask('look', 'a')
  expect(heard.mock.calls).toEqual([['a']])
  await thread.stop()
  expect(died).not.toHaveBeenCalled()
})

test.each([
  ['throws', "parentPort.on('message', () => { throw new Error('boom') })", 'boom'],
  ['gives up', "parentPort.on('message', () => process.exit(3))", 'has ended with code 3'],
  ['just ends', "parentPort.on('message', () => parentPort.close())", 'has ended'],
])('one that %s is told, and nobody waits for it', async (_, text, words) => {
  const died = vi.fn()
  const thread = startThread(program(`${ready}\n${text}`), {}, { died })
  await thread.ready
  await thread.ask('look')
  expect(died.mock.calls).toEqual([[expect.objectContaining({ message: expect.stringContaining(words) })]])
})

test.each([
  [
    'a sentence',
    "throw Object.assign(new Error('The port is taken.'), { name: 'CannotStart' })",
    CannotStart,
  ],
  ['nothing, and ends', 'process.exit(3)', Error],
  ['a bug', "throw new TypeError('The port is taken.')", TypeError],
])('one that cannot begin says why: %s', async (_, text, kind) => {
  const died = vi.fn()
  const thread = startThread(program(text), {}, { died })
  await expect(thread.ready).rejects.toThrow(/The port is taken\.|has ended with code 3\./)
  await expect(thread.ready).rejects.toBeInstanceOf(kind)
  expect(died).not.toHaveBeenCalled()
})
