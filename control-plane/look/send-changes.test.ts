import { Hono } from 'hono'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { sendChanges } from './send-changes.ts'
import type { Reading, SharedReading } from './shared-reading.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A page that listens to what the test says. */
async function openPage(
  longestMs?: number,
  render: (value: string) => string = (value) => `<p>${value}`,
  method = 'GET',
) {
  const reported: unknown[] = []
  const listeners = new Set<(reading: Reading<string>) => void>()
  const of: SharedReading<string> = {
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  const app = new Hono().get('/', (c) =>
    sendChanges(c, {
      of,
      render,
      report: (error) => reported.push(error),
      ...(longestMs && { longestMs }),
    }),
  )
  const response = await app.request('/', { method })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  void (async () => {
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) text += part.value
    text += '(end)'
  })()
  return {
    response,
    listeners,
    reported,
    async say(reading: Reading<string>) {
      for (const listener of listeners) listener(reading)
      await vi.advanceTimersByTimeAsync(10)
    },
    text: () => text.replaceAll('retry: 2000\n', ''),
    leave: async () => reader?.cancel(),
  }
}

const value = (text: string): Reading<string> => ({ ok: true, value: text })

test('only what has changed is sent', async () => {
  const page = await openPage()
  await page.say(value('one'))
  await page.say(value('one'))
  await page.say(value('two'))
  expect(page.text()).toBe('event: change\ndata: <p>one\n\nevent: change\ndata: <p>two\n\n')
  expect(page.response.headers.get('content-type')).toContain('text/event-stream')
  expect(page.response.headers.get('cache-control')).toBe('no-cache')
})

test('a page is told that it may be old, and is given the present again afterwards', async () => {
  const page = await openPage()
  await page.say(value('one'))
  await page.say({ ok: false })
  await page.say({ ok: false })
  await page.say(value('one'))
  expect(page.text()).toBe(
    'event: change\ndata: <p>one\n\nevent: away\ndata: \n\nevent: change\ndata: <p>one\n\n',
  )
})

test('a connection on which nothing changes is written to now and then, so that a dead one is noticed', async () => {
  const page = await openPage()
  for (let second = 0; second < 17; second += 1) {
    await page.say(value('one'))
    await vi.advanceTimersByTimeAsync(990)
  }
  expect(page.text()).toBe('event: change\ndata: <p>one\n\n: still here\n\n')
})

test('when nothing was read for a while, what the page shows is not passed off as present', async () => {
  const page = await openPage()
  await page.say(value('one'))
  await vi.advanceTimersByTimeAsync(15_000)
  expect(page.text()).toContain('event: away')
})

test('nobody listens for a page that has gone', async () => {
  const page = await openPage()
  await page.say(value('one'))
  expect(page.listeners.size).toBe(1)
  await page.leave()
  await vi.advanceTimersByTimeAsync(100)
  expect(page.listeners.size).toBe(0)
})

test('events end after the time that was set, so that the next are authorised anew', async () => {
  const page = await openPage(60_000)
  for (let second = 0; second < 70; second += 1) {
    await page.say(value('one'))
    await vi.advanceTimersByTimeAsync(990)
  }
  expect(page.text()).toMatch(/\(end\)$/)
  expect(page.listeners.size).toBe(0)
})

test('a page that cannot be made is reported; its events end, and nobody listens for it any more', async () => {
  const bug = new TypeError('a bug')
  const page = await openPage(undefined, () => {
    throw bug
  })
  await page.say(value('one'))
  expect(page.text()).toBe('(end)')
  expect(page.listeners.size).toBe(0)
  expect(page.reported).toEqual([bug])
})

test('who asks for the head alone gets no events, and is not waited for', async () => {
  const { response, listeners } = await openPage(undefined, undefined, 'HEAD')
  expect(response.status).toBe(200)
  expect(listeners.size).toBe(0)
})
