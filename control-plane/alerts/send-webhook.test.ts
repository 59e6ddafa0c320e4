import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { startTestWebhook, withTest } from '../../tests/setup/start-test-receivers.ts'
import { sendWebhook } from './send-webhook.ts'

const body = JSON.stringify({ type: 'test', title: 'Zürich' })
const send = (url: string, more: object = {}) =>
  sendWebhook({ url, secret: 'the-secret', deliveryId: 'd1', body }, more)

test('what is sent is signed over its time and its body, and named', async () => {
  const hook = await withTest(startTestWebhook())
  expect(await send(hook.url)).toEqual({ is: 'sent', words: 'It answered 200' })
  const [knock] = hook.knocks
  expect(knock).toMatchObject({
    body,
    headers: { 'sixcast-delivery': 'd1', 'content-type': 'application/json' },
  })
  const [, t = '', v1 = ''] =
    /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(knock?.headers['sixcast-signature'])) ?? []
  expect(v1).toBe(createHmac('sha256', 'the-secret').update(`${t}.${body}`).digest('hex'))
  expect(Math.abs(Date.now() / 1000 - Number(t))).toBeLessThan(10)
})

test.each<[number | 'hang up', string, RegExp]>([
  [204, 'sent', /204/],
  [302, 'refused', /302, which leads elsewhere/],
  [400, 'refused', /refused with 400/],
  [404, 'refused', /404/],
  [408, 'failed', /408/],
  [429, 'failed', /429/],
  [500, 'failed', /500/],
  [503, 'failed', /503/],
  ['hang up', 'failed', /It cannot be reached: /],
])('an answer of %s is %s', async (answer, is, words) => {
  const hook = await withTest(startTestWebhook([answer]))
  expect(await send(hook.url)).toEqual({ is, words: expect.stringMatching(words) })
  expect(hook.knocks, 'no redirect is followed').toHaveLength(1)
})

test('whoever does not answer is not waited for, and nobody is there at a closed port', async () => {
  const hook = await startTestWebhook(['say nothing'])
  expect(await send(hook.url, { timeoutMs: 100 })).toEqual({ is: 'failed', words: 'No answer within 0.1 s' })
  await hook.stop()
  const away = await send(hook.url)
  expect(away).toEqual({ is: 'failed', words: expect.stringMatching(/refused|ECONNREFUSED/i) })
  expect(away.words).not.toContain('of-theirs')
})
