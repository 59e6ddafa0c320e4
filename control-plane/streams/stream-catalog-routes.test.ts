import { expect, test } from 'vitest'
import { startTestControlPlane } from '../../tests/setup/start-test-control-plane.ts'

const { url, rooms } = await startTestControlPlane()
await rooms.accounts.resetPassword('admin')
const admin = { operator: 'admin', role: 'admin' } as const
const { token } = await rooms.apiTokens.makeToken(admin, { name: 'schedule', scope: 'content', days: 30 })

async function ask(method: string, path: string, body?: object) {
  const response = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  return { status: response.status, ...(await response.json()) }
}

test('a program adds a stream, says what viewers see of it, and reads how it stands', async () => {
  expect(await ask('POST', '/v1/streams', { name: 'harbour' })).toMatchObject({
    status: 200,
    name: 'harbour',
  })
  await ask('PUT', '/v1/streams/harbour/listing', { title: 'The harbour', shown: 'unlisted' })
  await ask('PUT', '/v1/streams/harbour/listing', { category: 'Town' })
  expect(await ask('GET', '/v1/streams')).toMatchObject({
    streams: [
      {
        name: 'harbour',
        title: 'The harbour',
        shown: 'unlisted',
        category: 'Town',
        state: 'never',
        open: false,
      },
    ],
  })
  const { entries } = await rooms.audit.read({ who: 'admin by token schedule' })
  expect(entries.map(({ deed }) => deed)).toEqual(['describe stream', 'describe stream', 'add stream'])
})

test.each<[string, string, object, object]>([
  ['POST', '/v1/streams', { name: '../x' }, { status: 400 }],
  ['POST', '/v1/streams', { name: 'harbour' }, { status: 409, code: 'name-taken' }],
  ['PUT', '/v1/streams/nosuch/listing', { title: 'x' }, { status: 404, code: 'unknown-stream' }],
  ['PUT', '/v1/streams/harbour/listing', { shown: 'never' }, { status: 400 }],
  ['PUT', '/v1/streams/harbour/listing', {}, { status: 400 }],
])('%s %s with %o is refused', async (method, path, body, answer) => {
  await rooms.streamCatalog.addStream({ name: 'harbour' }).catch(() => {})
  expect(await ask(method, path, body)).toMatchObject(answer)
})
