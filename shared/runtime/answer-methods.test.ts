import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { answerMethods } from './answer-methods.ts'

const app = new Hono()
  .use(async (_, next) => next())
  .get('/beat', (c) => c.body(null))
  .post('/beat', (c) => c.body(null))
  .delete('/beat/:of', (c) => c.body(null))
answerMethods(app)

test.each([
  ['PUT', '/beat', 'GET, POST', 'This address takes GET and POST, not PUT.'],
  ['GET', '/beat/x', 'DELETE', 'This address takes DELETE, not GET.'],
])(
  'who asks by the wrong method is told by which he can ask: %s %s',
  async (method, path, allow, message) => {
    const response = await app.request(path, { method })
    expect([response.status, response.headers.get('allow')]).toEqual([405, allow])
    expect(await response.json()).toEqual({ code: 'bad-method', message })
  },
)

test('what is not there is there by no method', async () => {
  const response = await app.request('/nowhere', { method: 'PUT' })
  expect([response.status, await response.json()]).toMatchObject([404, { code: 'not-found' }])
})
