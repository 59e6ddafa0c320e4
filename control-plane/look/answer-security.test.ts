import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { answerSecurity } from './answer-security.ts'

const ask = (publicUrl: string, headers: Record<string, string>, path = '/') =>
  new Hono()
    .use(answerSecurity({ publicUrl }))
    .get('/', (c) => c.text(''))
    .get('/raw', () => new Response(''))
    .get('/bug', () => {
      throw new Error('a bug')
    })
    .onError((_, c) => c.text('', 500))
    .request(`http://fleet.example${path}`, { headers })

test.each<[string, Record<string, string>, boolean]>([
  ['https://fleet.example', { 'x-forwarded-proto': 'https' }, true],
  ['https://fleet.example', {}, false],
  ['https://fleet.example', { 'x-forwarded-proto': 'http' }, false],
  ['http://fleet.example', { 'x-forwarded-proto': 'https' }, false],
  ['http://127.0.0.1:9090', {}, false],
])(
  'of a fleet at %s, asked with %o: come by HTTPS alone from now on: %s',
  async (publicUrl, headers, holds) => {
    for (const path of ['/', '/raw', '/bug', '/nothing']) {
      const answer = await ask(publicUrl, headers, path)
      expect(answer.headers.get('strict-transport-security')).toBe(holds ? 'max-age=31536000' : null)
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    }
  },
)
