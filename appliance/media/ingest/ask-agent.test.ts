import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { askAgent } from './ask-agent.ts'

const folder = mkdtempSync(join(tmpdir(), 'agent-'))
const socket = join(folder, 'agent.sock')
const call = { app: 'stream', name: 'cam', address: '127.0.0.1', key: 'secret' }
let answer: { status: number; body: unknown }
const agent = createServer((_, outgoing) => {
  outgoing.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body))
})
const reported: unknown[] = []
const ask = askAgent(socket, (error) => reported.push(error))

beforeAll(async () => {
  await once(agent.listen(socket), 'listening')
})
afterAll(() => {
  agent.close().closeAllConnections()
  rmSync(folder, { recursive: true })
})

test.each([
  [200, { allowed: true, name: 'cam', open: true }, { outcome: 'allowed', open: true }],
  [403, { code: 'key-refused', message: 'Not this key.' }, { outcome: 'refused', why: 'Not this key.' }],
  [404, { code: 'unknown-stream' }, { outcome: 'refused' }],
  [400, 'nonsense', { outcome: 'refused' }],
  // Somebody who guesses keys is not let in by what was known before; a control plane in trouble is no reason to refuse.
  [429, { code: 'too-many' }, { outcome: 'put-off' }],
  [500, { code: 'bug' }, { outcome: 'unavailable' }],
  [502, {}, { outcome: 'unavailable' }],
  [503, { code: 'unavailable' }, { outcome: 'unavailable' }],
  [401, { code: 'bad-signature' }, { outcome: 'unavailable' }],
  [200, { allowed: 'perhaps' }, { outcome: 'unavailable' }],
])('when the control plane answers %d (%j) the verdict is %j', async (status, body, verdict) => {
  answer = { status, body }
  expect(await ask(call)).toEqual(verdict)
})

test('an agent that is not there is no verdict, and is reported', async () => {
  const nobody = askAgent(join(folder, 'nobody.sock'), (error) => reported.push(error))
  expect(await nobody(call)).toEqual({ outcome: 'unavailable' })
  expect(reported).toHaveLength(1)
})
