import { Hono } from 'hono'
import { expect, test, vi } from 'vitest'
import * as z from 'zod'
import { Problem } from '../contract/problem.ts'
import { accept, answerProblems, limitBody } from './answer-problems.ts'
import { createLog } from './log.ts'

const Form = z.object({
  name: z.string().max(5, 'at most five letters'),
  port: z.number().int(),
  tags: z.array(z.string()),
  open: z.boolean().optional(),
  more: z.object({ on: z.literal('on') }).optional(),
  either: z.union([z.string(), z.number()]).optional(),
})
const fits = { name: 'a', port: 1, tags: [] }

const written = vi.fn()
const app = new Hono()
  .use(limitBody(100))
  .post('/beat', accept('json', z.object({ name: z.string().max(5) })), (c) => c.json(c.req.valid('json')))
  .post('/form', accept('json', Form), (c) => c.body(null))
  .get('/gone', () => {
    throw new Problem('epoch-behind', 'The epoch lies behind.', { epoch: 9 })
  })
  .get('/bug', () => {
    throw new Error('secret detail')
  })
answerProblems(app, createLog('test', written))

const post = (body: string, path = '/beat') =>
  app.request(path, { method: 'POST', body, headers: { 'content-type': 'application/json' } })

test.each([
  ['no JSON', '{', 400, 'bad-request'],
  ['a wrong type', '{"name":7}', 400, 'bad-request'],
  ['too much', JSON.stringify({ name: 'x'.repeat(200) }), 413, 'too-large'],
])('%s is refused with a code', async (_, body, status, code) => {
  const response = await post(body)
  expect(response.status).toBe(status)
  expect(await response.json()).toMatchObject({ code })
})

test.each([
  [{}, 'name is missing; port is missing; tags is missing'],
  [{ ...fits, name: 7 }, 'name must be text'],
  [{ ...fits, name: null }, 'name must be text'],
  [{ ...fits, port: 'x' }, 'port must be a number'],
  [{ ...fits, port: 1.5 }, 'port must be a whole number'],
  [{ ...fits, tags: 'x' }, 'tags must be a list'],
  [{ ...fits, tags: [1] }, 'tags.0 must be text'],
  [{ ...fits, open: 'yes' }, 'open must be true or false'],
  [{ ...fits, open: 7, more: [] }, 'open must be true or false; more must be an object'],
  [{ ...fits, more: { on: 'off' } }, 'more.on must be "on"'],
  [{ ...fits, either: true }, 'either is of none of the known forms'],
  [{ ...fits, name: 'Berlin' }, 'name: at most five letters'],
  [[], 'The request must be an object'],
])('of %j the sentence says what does not fit', async (body, message) => {
  const response = await post(JSON.stringify(body), '/form')
  expect(await response.json()).toEqual({ code: 'bad-request', message })
})

test('JSON that does not say that it is some is not taken for missing fields', async () => {
  for (const headers of [{}, { 'content-type': 'application/x-www-form-urlencoded' }]) {
    const response = await app.request('/beat', { method: 'POST', body: '{"name":"a"}', headers })
    expect([response.status, (await response.json()).message]).toEqual([
      400,
      'The request must be JSON and say so: send it with the header content-type: application/json.',
    ])
  }
})

test('unknown fields are dropped', async () => {
  expect(await (await post('{"name":"a","more":1}')).json()).toEqual({ name: 'a' })
})

test('a problem is sent as its code, status and details', async () => {
  const response = await app.request('/gone')
  expect(response.status).toBe(409)
  expect(await response.json()).toEqual({ code: 'epoch-behind', message: 'The epoch lies behind.', epoch: 9 })
})

test('a bug is logged once and answered without detail', async () => {
  written.mockClear()
  const response = await app.request('/bug')
  expect(response.status).toBe(500)
  expect(await response.text()).toBe('{"code":"bug"}')
  expect(written).toHaveBeenCalledTimes(1)
  expect(written.mock.calls[0]?.[0]).toContain('secret detail')
})

test('a path that is not there is said not to be there', async () => {
  const response = await app.request('/nowhere')
  expect(response.status).toBe(404)
  expect(await response.json()).toEqual({
    code: 'not-found',
    message: 'There is nothing under this address.',
  })
})
