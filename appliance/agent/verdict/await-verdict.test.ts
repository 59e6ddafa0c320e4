import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { awaitVerdict } from './await-verdict.ts'

const verdict = { nodeId: 'a'.repeat(20), name: 'box', is: 'waiting', steps: [] }
const away = { code: 'unavailable', message: 'This node is not in a fleet.' }
const patience = { waitMs: 5000, everyMs: 1 }

test.each([
  ['decided', [away, verdict, { ...verdict, is: 'passed' }], { kind: 'told', verdict: { is: 'passed' } }, 3],
  [
    'decided against it',
    [verdict, { ...verdict, is: 'failed' }],
    { kind: 'told', verdict: { is: 'failed' } },
    2,
  ],
  ['clear that there will be none', [{ code: 'not-found' }], { kind: 'untold', cause: 'not-found' }, 1],
  [
    'clear that this is no agent',
    [{ hello: 1 }],
    { kind: 'untold', cause: expect.stringContaining('another') },
    1,
  ],
])('the agent is asked until it is %s', async (_, answers, told, times) => {
  const agent = await agentSaying(answers)
  expect(await awaitVerdict(agent.socket, patience)).toMatchObject(told)
  expect(agent.asked()).toBe(times)
})

test('and for so long at most', async () => {
  const waiting = await agentSaying([verdict])
  expect(await awaitVerdict(waiting.socket, { ...patience, waitMs: 50 })).toMatchObject({
    kind: 'told',
    verdict: { is: 'waiting' },
  })
  const stranger = await agentSaying([away])
  expect(await awaitVerdict(stranger.socket, { ...patience, waitMs: 50 })).toMatchObject({
    kind: 'untold',
    cause: away.message,
  })
})

test('where it is read on a phone is told once, as soon as there is a verdict', async () => {
  const link = { url: 'https://fleet.example/verdict/x', expiresAt: '2026-01-02T00:00:00.000Z' }
  const agent = await agentSaying([away, verdict, link, verdict, { ...verdict, is: 'passed' }])
  const linked: unknown[] = []
  await awaitVerdict(agent.socket, patience, (told) => linked.push(told))
  expect([linked, agent.asked()]).toEqual([[link], 5])
})

test('a control plane that makes no links is no trouble', async () => {
  const agent = await agentSaying([verdict, { code: 'not-found' }, { ...verdict, is: 'passed' }])
  const linked: unknown[] = []
  expect(await awaitVerdict(agent.socket, patience, (told) => linked.push(told))).toMatchObject({
    kind: 'told',
  })
  expect(linked).toEqual([])
})

/** Gives one answer after the other, the last for ever. */
async function agentSaying(answers: object[]) {
  const folder = mkdtempSync(join(tmpdir(), 'sixcast-verdict-'))
  const socket = join(folder, 'agent.sock')
  let asked = 0
  const server = createServer((_, response) => {
    const answer = answers[Math.min(asked, answers.length - 1)]
    asked += 1
    response.end(JSON.stringify(answer))
  }).listen(socket)
  await once(server, 'listening')
  onTestFinished(() => {
    server.close().closeAllConnections()
    rmSync(folder, { recursive: true })
  })
  return { socket, asked: () => asked }
}
