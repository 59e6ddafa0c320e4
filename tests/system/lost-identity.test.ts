import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { expectStatus } from './eventually.ts'
import { launch, startFleet } from './start-test-fleet.ts'

test('a node whose key is gone is enrolled anew, one whose key is spoilt or revoked says how', async () => {
  const first = await startFleet(['--no-demo'])
  const { state } = first
  const agentFolder = join(state, 'node-1/agent')
  const key = join(agentFolder, 'node.key')
  expect(await first.stop()).toBe(0)

  writeFileSync(key, 'nonsense')
  expect(await refusal(state)).toMatch(
    /node\.key is not a key.* remove it and put a new claim \(npm run claim/,
  )
  rmSync(key)
  const second = await startFleet([], { state })
  expect(second.output()).toMatch(/node 1 enrolled/)
  await expectStatus('http://127.0.0.1:9090/streams/demo', 200)

  const { nodes } = await second.operate('node', 'list')
  expect(nodes).toHaveLength(2)
  const present = nodes.find(({ alive }: { alive?: { is: boolean } }) => alive?.is)
  await second.operate('node', 'revoke', present.id)
  expect(await second.stop()).toBe(0)
  expect(await refusal(state)).toContain(
    `An operator has revoked node 1, and its key for good. Remove ${agentFolder} and start again`,
  )

  rmSync(agentFolder, { recursive: true })
  const third = await startFleet([], { state })
  await expectStatus('http://127.0.0.1:9090/streams/demo', 200)
  await third.remove()
}, 300_000)

/** What a start says that does not come to be ready. */
async function refusal(state: string): Promise<string> {
  const refused = launch(['--state', state])
  expect(await refused.exited()).toBe(1)
  expect(refused.output()).not.toMatch(/Ready|stream live|^\s+at /m)
  return refused.output()
}
