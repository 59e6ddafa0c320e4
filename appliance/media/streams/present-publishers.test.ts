import { expect, test, vi } from 'vitest'
import type { Publisher } from '../ingest/rtmp-stat.ts'
import { type PublisherId, presentPublishers } from './present-publishers.ts'

const first: PublisherId = { app: 'stream', name: 'cam', clientId: '7' }
const second = { ...first, clientId: '8' }

test('a publisher comes and leaves once', () => {
  const { publishers, told } = start()
  publishers.came(first)
  publishers.left(first)
  publishers.left(first)
  expect(told).toEqual(['came 7', 'gone 7', 'left cam'])
})

test('a publisher that comes back through a restarted nginx-rtmp, with the same number, has left before', () => {
  const { publishers, told } = start()
  publishers.came(first)
  publishers.came(first)
  expect(told).toEqual(['came 7', 'gone 7', 'left cam', 'came 7'])
})

test('who is present and listed does not come again', async () => {
  const { publishers, told, listed } = start()
  publishers.came(first)
  listed.push(publisherOf(first))
  await publishers.reconcile()
  expect(told).toEqual(['came 7'])
})

test('a publisher that sends something else than is encoded comes anew', async () => {
  const { publishers, told, listed } = start()
  publishers.came(first)
  listed.push({ ...publisherOf(first), audio: true })
  await publishers.reconcile()
  expect(told).toEqual(['came 7', 'gone 7', 'left cam', 'came 7'])
})

test('a refused publisher that leaves takes nobody with it', () => {
  const { publishers, told } = start()
  publishers.came(first)
  publishers.left(second)
  expect(told).toEqual(['came 7'])
})

test('a publisher that replaces another ends its turn, and its late farewell is ignored', () => {
  const { publishers, told } = start()
  publishers.came(first)
  publishers.came(second)
  publishers.left(first)
  expect(told).toEqual(['came 7', 'gone 7', 'left cam', 'came 8'])
})

test('who published before our start is found, and who has just left is not found again', async () => {
  const { publishers, told, listed } = start()
  listed.push(publisherOf(first))
  await publishers.reconcile()
  publishers.left(first)
  await publishers.reconcile()
  expect(told).toEqual(['came 7', 'gone 7', 'left cam'])
})

test('who was sent away does not come again, unless he could not be sent away', async () => {
  const { publishers, told, listed, dropping } = start()
  listed.push(publisherOf(first))
  await publishers.reconcile()
  dropping(() => Promise.reject(new Error('nginx-rtmp does not answer')))
  await expect(publishers.dismiss('cam')).rejects.toThrow('does not answer')
  await publishers.reconcile()
  expect(told.at(-1)).toBe('came 7')
  dropping(async () => {})
  await publishers.dismiss('cam')
  await publishers.reconcile()
  expect(told.at(-1)).toBe('left cam')
})

test('who is not listed any more is gone, but not before nginx-rtmp had time to list it', async () => {
  vi.useFakeTimers()
  const { publishers, told } = start()
  publishers.came(first)
  await publishers.reconcile()
  expect(told).toEqual(['came 7'])
  vi.advanceTimersByTime(2001)
  await publishers.reconcile()
  expect(told).toEqual(['came 7', 'gone 7', 'left cam'])
  vi.useRealTimers()
})

test('when nginx-rtmp is gone all publishers are; when it does not answer nobody knows', async () => {
  vi.useFakeTimers()
  const { publishers, told, answer } = start()
  publishers.came(first)
  vi.advanceTimersByTime(2001)
  answer(() => Promise.reject(new Error('time-out')))
  await expect(publishers.reconcile()).rejects.toThrow('time-out')
  expect(told).toEqual(['came 7'])
  answer(() => Promise.reject(Object.assign(new Error(), { code: 'ECONNREFUSED' })))
  await publishers.reconcile()
  expect(told).toEqual(['came 7', 'gone 7', 'left cam'])
  vi.useRealTimers()
})

function start() {
  const told: string[] = []
  const listed: Publisher[] = []
  let list = async () => listed
  let drop = async () => {}
  const publishers = presentPublishers({
    rtmp: { publishers: () => list(), drop: () => drop() },
    came: ({ clientId }, gone) => {
      told.push(`came ${clientId}`)
      gone.addEventListener('abort', () => told.push(`gone ${clientId}`))
    },
    left: (name) => told.push(`left ${name}`),
    changed: ({ audio }) => audio,
    log: { info: () => {}, warn: () => {}, error: () => {} },
  })
  return {
    publishers,
    told,
    listed,
    answer: (next: typeof list) => {
      list = next
    },
    dropping: (next: typeof drop) => {
      drop = next
    },
  }
}

function publisherOf(id: PublisherId): Publisher {
  return { ...id, bytesIn: 0, video: undefined, audio: false }
}
