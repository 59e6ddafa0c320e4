import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { expect, onTestFinished, test } from 'vitest'
import { becomesMember } from './becomes-member.ts'

/** An agent that says these things of itself, one after the other, and then the last for ever. */
async function joinWith(...healths: object[]) {
  const folder = mkdtempSync(`${tmpdir()}/sixcast-member-`)
  const agentSocket = `${folder}/agent.sock`
  const server = createServer((_, response) =>
    response.end(JSON.stringify(healths.length > 1 ? healths.shift() : healths[0])),
  ).listen(agentSocket)
  onTestFinished(() => {
    server.close()
    rmSync(folder, { recursive: true })
  })
  await once(server, 'listening')
  const lastWords = () => 'no route'
  await becomesMember({ n: 2, agentSocket, agentFolder: '/s/agent', known: '/s/known', lastWords }, 300)
  return healths
}

test('a node is a member once the control plane has accepted its heartbeat', async () => {
  const left = await joinWith(
    { fleet: 'starting' },
    { fleet: 'failing', cause: 'away' },
    { fleet: 'accepted' },
  )
  expect(left).toEqual([{ fleet: 'accepted' }])
})

test.each([
  [{ fleet: 'barred', cause: 'node-revoked' }, /revoked node 2,.* Remove \/s\/agent and start again/],
  [
    { fleet: 'barred', cause: 'unknown-node' },
    /not know node 2 any more\. Remove \/s\/known and start again/,
  ],
  [{ fleet: 'waiting-for-claim' }, /Node 2 does not enrol\. Its agent said last: no route/],
])('%j is refused with what to do', async (health, sentence) => {
  await expect(joinWith(health)).rejects.toThrow(sentence)
})
